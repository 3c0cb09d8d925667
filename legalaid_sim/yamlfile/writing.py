"""Write plain data as YAML, and other texts into a file that stays as it stands otherwise."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from legalaid_sim.yamlfile.marks import Path
from legalaid_sim.yamlfile.reading import LOADER, WORDS

PLAIN = re.compile(r"[A-Za-z]([A-Za-z0-9 ()./_-]*[A-Za-z0-9).])?")


def dump(data: object, width: int = 100) -> str:
    """Write plain data (mappings, lists, text, numbers, dates) as YAML, keys in their order.

    Reading the text back with ``parse`` gives equal data, save that dates come back as text.
    """
    text: str = yaml.dump(
        data, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=width, default_flow_style=None
    )
    return text


def substituted(text: str, texts: Mapping[Path, str]) -> str:
    """Give a file's text with other texts as its values at these paths, and everything else as it stands.

    A path that is not there changes nothing. The text must be YAML, as what ``parse`` found no fault with is.

    >>> substituted("a: {b: one}  # kept", {("a", "b"): "two, three"})
    'a: {b: "two, three"}  # kept'
    """
    spans = sorted(_spans(yaml.compose(text, Loader=LOADER), ()), reverse=True)
    for start, end, path in spans:
        if path in texts:
            line_end = "\n" if text[start:end].endswith("\n") else ""
            text = f"{text[:start]}{quoted(texts[path])}{line_end}{text[end:]}"
    return text


def quoted(text: str) -> str:
    """Write a text as a value that is read back as that text wherever it stands.

    >>> quoted("my contract"), quoted("12"), quoted("a: b")
    ('my contract', '"12"', '"a: b"')
    """
    return text if PLAIN.fullmatch(text) and text not in WORDS else json.dumps(text, ensure_ascii=False)


def _spans(node: Any, path: Path) -> Iterator[tuple[int, int, Path]]:
    if isinstance(node, yaml.ScalarNode):
        yield node.start_mark.index, node.end_mark.index, path
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _spans(value, (*path, key.value))
    elif node is not None:
        for n, value in enumerate(node.value):
            yield from _spans(value, (*path, n))


class _Writer(yaml.SafeDumper):
    """Writes decimals as plain numbers and keeps dates unquoted."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def represent(self, data: object) -> None:
        """Write the outermost map or list as a block, and only what fits a line inside it in brackets."""
        node = self.represent_data(data)
        if isinstance(node, yaml.CollectionNode):
            node.flow_style = False
        self.serialize(node)


_Writer.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if not tag.endswith(":timestamp")]
    for first, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def _write_decimal(writer: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:float", format(number, "f"))


def _write_date(writer: yaml.SafeDumper, day: date) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", day.isoformat())


def _write_text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style='"' if "\n" in text else None)


def _write_mapping(writer: yaml.SafeDumper, data: Mapping[str, object]) -> yaml.MappingNode:
    return writer.represent_mapping("tag:yaml.org,2002:map", list(data.items()))


_Writer.add_representer(Decimal, _write_decimal)
_Writer.add_representer(date, _write_date)
_Writer.add_representer(dict, _write_mapping)
_Writer.add_representer(str, _write_text)
