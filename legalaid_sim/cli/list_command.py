"""``legalaid-sim list``: the contracts of the library, the scenarios at hand, the measures."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from legalaid_sim.cli import options
from legalaid_sim.units import add_up

ListedRow = Mapping[str, str]
LEAST = 20


@click.command("list")
@click.argument("what", required=False, type=click.Choice(["contracts", "scenarios", "measures"]))
@options.as_json()
def command(what: str | None, as_json: bool) -> None:
    """\b
    Examples:
      legalaid-sim list contracts
      legalaid-sim list measures --json

    List the contracts of the library, the scenarios under ./scenarios and here, or every measure with its
    meaning; without a word, how many there are of each.
    """
    if what is None:
        for name, rows_of in LISTS.items():
            click.echo(f"{len(rows_of()):>4} {name:<10} legalaid-sim list {name}")
        return
    rows = LISTS[what]()
    if as_json:
        listed = {"schema_version": 1, what: [dict(row) for row in rows]}
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        click.echo(_table(rows) if rows else f"there are no {what} here")


def contracts() -> list[ListedRow]:
    """Give the contracts of the library: name, title, first line of the summary."""
    from legalaid_sim.contracts.language.load import library_names, resolve

    return [_contract_row(name, resolve(name).data) for name in library_names()]


def scenarios() -> list[ListedRow]:
    """Give the scenario files of ./scenarios and of this folder: file, title, question."""
    from legalaid_sim.errors import UnreadableFile
    from legalaid_sim.yamlfile import load_document

    rows: list[ListedRow] = []
    for path in sorted((*Path().glob("*.yaml"), *Path("scenarios").glob("**/*.yaml"))):
        try:
            data = load_document(path).data
        except UnreadableFile:
            continue
        if isinstance(data, dict) and data.get("kind") == "scenario":
            about = data.get("about")
            rows.append({"file": str(path), **_texts(about, "title", "question")})
    return rows


def measures() -> list[ListedRow]:
    """Give every measure: name, unit, which direction is better, meaning, formula, source."""
    from legalaid_sim.measures import REGISTRY

    return [
        {
            "name": m.name,
            "unit": m.unit,
            "better": m.better,
            "meaning": m.meaning,
            "formula": m.formula,
            "population": m.population,
            "source": m.source,
        }
        for m in REGISTRY.values()
    ]


LISTS: Mapping[str, Callable[[], list[ListedRow]]] = {
    "contracts": contracts,
    "scenarios": scenarios,
    "measures": measures,
}


def _contract_row(name: str, data: object) -> ListedRow:
    return {"name": name, **_texts(data, "title", "summary")}


def _texts(data: object, *keys: str) -> ListedRow:
    held = data if isinstance(data, dict) else {}
    return {key: " ".join(str(held.get(key) or "").split()) for key in keys}


def _table(rows: Sequence[ListedRow]) -> str:
    # The last column that is shown takes what the width leaves; further ones are for --json.
    from legalaid_sim.reports.columns import terminal_width

    widths = {key: max(len(row[key]) for row in rows) for key in list(rows[0])[:4]}
    *keys, last = _fitting(widths, terminal_width())
    room = max(LEAST, terminal_width() - add_up(widths[key] + 2 for key in keys))
    lines = ([*(f"{row[key]:<{widths[key]}}" for key in keys), _clipped(row[last], room)] for row in rows)
    return "\n".join("  ".join(line).rstrip() for line in lines)


def _fitting(widths: Mapping[str, int], width: int) -> list[str]:
    keys = list(widths)
    while len(keys) > 2 and add_up(widths[key] + 2 for key in keys[:-1]) + LEAST > width:
        keys.pop()
    return keys


def _clipped(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"
