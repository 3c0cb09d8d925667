"""Write docs/reference: the pages made from the code and from what is published, measures, command line and more.

``python docs/generate.py`` writes them and prints the names of those that were not fresh; with ``--check`` it writes
nothing and ends with 1 where one is not. It is run as a program of its own: what a command says of its own help
depends on how it was first asked in a process.
"""

import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import click

DOCS = Path(__file__).parent
PLACE = DOCS / "reference"
sys.path[:0] = [str(DOCS.parent), str(DOCS)]

WIDTH = 100
LONGEST = 40
THEMES = {
    "continuity": "Continuity: does a client meet a person they know?",
    "admin": "Admin: what the contract asks for and what it costs in time",
    "time": "Time: where the hours of advisers go",
    "access": "Access and waiting",
    "goals": "Goals agreed with clients",
    "outcomes": "Outcomes",
    "money": "Money: payer, agency, cash",
    "diversity": "Differences between groups and organisations",
}
BETTER = {"higher": "more is better", "lower": "less is better", "neither": "neither is better"}
MADE = "<!-- Made by docs/generate.py; change the code, not this page. -->\n"

ABOUT_MEASURES = """\
All {count} things that a log can say. The page of each theme gives formula, population and source of its measures;
`legalaid-sim explain` does so for one, by its name or by words of its own. A measure of nothing is undefined (an empty
cell, `null`), never 0. **Headline** measures stand in the table that `run` prints. `legalaid-sim list measures --json`
gives the same as data.
"""
ABOUT_ASSUMPTIONS = """\
The {count} numbers that the model takes where a scenario says nothing else. Any of them is set in a
scenario under `assumptions:` by its name; `legalaid-sim sensitivity` moves them through their ranges.
*Confidence* says how much stands behind a number: `assumed` means that no source was found. *Rating* is
that of the Aqua Book (HM Treasury 2015): red is the weakest.
"""
ABOUT_VOCABULARY = """\
Every event, fact, heading and measure that a contract may speak of. *In an example:* how a worked example
states it. *In a run:* what a scenario must have for it; where no run brings it about, it is told only.
`legalaid-sim check SCENARIO` names what of its contracts nothing there reaches, and
`legalaid-sim explain CONTRACT --in SCENARIO` does so for any contract.
"""

ABOUT_API = """\
`import legalaid_sim as la`. A scenario is named by its file, a contract by its name in the library, its file or its
text. Rows are lists of mappings that `pandas.DataFrame` and `polars.DataFrame` take as they are. Everything raises a
`LegalAidSimError` that says what to do; nothing prints. [A first study](../first-study.ipynb) is a notebook to
begin with.
"""


def measures_page() -> str:
    """Give the index of all measures: by theme, each with what it is called and its unit."""
    from legalaid_sim.measures import REGISTRY

    parts = [MADE, f"# Measures\n\n{ABOUT_MEASURES.format(count=len(REGISTRY))}"]
    pages = "\n".join(f"measures/{theme}" for theme in themes())
    parts.append(f"```{{toctree}}\n:hidden:\n:maxdepth: 1\n\n{pages}\n```\n")
    for theme in themes():
        parts += [
            f"## [{_heading(theme)}](measures/{theme}.md)\n",
            "| measure | what it is | unit |",
            "| --- | --- | --- |",
        ]
        parts += [
            f"| `{each.name}` | {_plain(each.label)} | {_plain(each.unit)} |"
            for each in REGISTRY.values()
            if each.theme == theme
        ]
        parts.append("")
    return "\n".join(parts)


def themes() -> list[str]:
    """Name the themes of the measures, in their order."""
    from legalaid_sim.measures import REGISTRY

    return list(dict.fromkeys(measure.theme for measure in REGISTRY.values()))


def theme_page(theme: str) -> str:
    """Give the page of the measures of one theme."""
    from legalaid_sim.measures import REGISTRY

    parts = [MADE, f"# {_heading(theme)}\n"]
    return "\n".join([*parts, *(_measure(each) for each in REGISTRY.values() if each.theme == theme)])


def _heading(theme: str) -> str:
    return THEMES.get(theme, theme.capitalize())


def _measure(measure: object) -> str:
    told = {
        name: str(getattr(measure, name)) for name in ("name", "unit", "meaning", "formula", "population")
    }
    told |= {name: str(getattr(measure, name)) for name in ("source", "undefined", "better")}
    headline = ", **headline**" if getattr(measure, "headline", False) else ""
    return (
        f"`{told['name']}` ({_plain(told['unit'])}; {BETTER[told['better']]}{headline})\n"
        f": {_plain(told['meaning'])}.\\\n"
        f"  *Formula:* {_plain(told['formula'])}.\\\n"
        f"  *Of:* {_plain(told['population'])}. *Undefined when:* {_plain(told['undefined'])}. "
        f"*Source:* {_plain(told['source'])}.\n"
    )


def _plain(text: str) -> str:
    """Give a text in which Markdown sees no marks."""
    return re.sub(r"([\\`*_<>\[\]|$#~{}])", r"\\\1", " ".join(text.split())).rstrip(".")


def vocabulary_page() -> str:
    """Give the page of all that can happen, by sort."""
    from legalaid_sim.authoring.explaining import SORTS
    from legalaid_sim.contracts.vocabulary.words import WORDS

    parts = [MADE, f"# What can happen\n\n{ABOUT_VOCABULARY}"]
    for sort, heading in SORTS.items():
        parts.append(f"## {heading}\n")
        parts += [_word(word) for word in WORDS if word.sort == sort]
    return "\n".join(parts)


def _word(word: object) -> str:
    told = {
        name: _plain(str(getattr(word, name))) for name in ("name", "meaning", "example", "needs", "raised")
    }
    run = (told["needs"] or "always") if told["raised"] == "True" else f"told only: {told['needs']}"
    return (
        f"`{getattr(word, 'name')}`\n"  # noqa: B009 - told as any object
        f": {told['meaning']}.\\\n  *In an example:* {told['example'] or 'cannot be stated'}. *In a run:* {run}.\n"
    )


def command_line_page() -> str:
    """Give the page of the command line: what ``--help`` prints, command by command."""
    from legalaid_sim.cli import group

    names = group.context_settings["help_option_names"]
    top = click.Context(
        group,
        info_name="legalaid-sim",
        max_content_width=WIDTH,
        terminal_width=WIDTH,
        help_option_names=names,
    )
    parts = [MADE, "# Command line\n", "What `--help` prints.\n", _help("legalaid-sim", group, top)]
    for name in group.list_commands(top):
        command = group.get_command(top, name)
        assert command is not None
        context = click.Context(command, top, name, max_content_width=WIDTH, terminal_width=WIDTH)
        parts.append(_help(f"legalaid-sim {name}", command, context))
    return "\n".join(parts)


def _help(title: str, command: click.Command, context: click.Context) -> str:
    shown = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    return f"## {title}\n\n```text\n{shown}\n```\n"


def assumptions_page() -> str:
    """Give the page of the assumptions register."""
    from legalaid_sim.evidence import register

    parameters = register()
    parts = [MADE, f"# Assumptions\n\n{ABOUT_ASSUMPTIONS.format(count=len(parameters))}"]
    themes: dict[str, list[str]] = {}
    for name, parameter in parameters.items():
        themes.setdefault(name.partition(".")[0], []).append(_parameter(name, parameter))
    for theme, entries in themes.items():
        parts += [f"## {theme}\n", *entries]
    return "\n".join(parts)


def _parameter(name: str, parameter: object) -> str:
    held = {field: getattr(parameter, field) for field in type(parameter).model_fields}  # type: ignore[attr-defined]
    low, high = held["range"]
    return (
        f"`{name}` = {_value(held['value'])} {_plain(held['unit'])} ({low:g} to {high:g}); "
        f"{held['confidence']}, {held['rating']}\n"
        f": {_plain(held['title'])}. *Drives:* {_plain(held['drives'])}. *Source:* {_plain(held['source'])}.\n"
    )


def _value(value: object) -> str:
    given = value.model_dump(exclude_none=True)  # type: ignore[attr-defined]
    ((shape, held),) = given.items()
    if shape == "fixed":
        return f"{held:g}"
    words = ", ".join(f"{key} {number:g}" for key, number in _numbers(held))
    return f"{shape.replace('_', ' ')} ({words})"


def _numbers(held: object, before: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(held, Mapping):
        for key, inner in held.items():
            yield from _numbers(inner, str(key).replace("_", " "))
    elif isinstance(held, (list, tuple)):
        for inner in held:
            yield from _numbers(inner, before)
    elif isinstance(held, (int, float)):
        yield before, held


def glossary_page() -> str:
    """Give the page of the words of reports and guides."""
    from legalaid_sim.glossary import GLOSSARY

    rows = [f"| {term.word} | {_plain(term.meaning)} | {_plain(term.field)} |" for term in GLOSSARY]
    return "\n".join(
        [MADE, "# The words\n", "| word | what it means | in the field |", "| --- | --- | --- |", *rows, ""]
    )


def api_page() -> str:
    """Give the page of the names that ``import legalaid_sim`` offers, from their docstrings."""
    import legalaid_sim

    named = [(name, getattr(legalaid_sim, name)) for name in dir(legalaid_sim) if not name.startswith("_")]
    errors = [(name, held) for name, held in named if isinstance(held, type) and issubclass(held, Exception)]
    parts = [MADE, f"# From Python\n\n{ABOUT_API}"]
    parts += ["## Functions\n", *(_function(name, held) for name, held in named if inspect.isfunction(held))]
    parts += ["## Results\n", *(_result(held) for held in _results())]
    parts += ["## Errors\n", *(f"`{name}`\n: {_first(held)}\n" for name, held in errors)]
    return "\n".join(parts)


def _function(name: str, held: Callable[..., object]) -> str:
    bare = [
        each.replace(annotation=inspect.Parameter.empty, default=_short(each.default))
        for each in inspect.signature(held).parameters.values()
    ]
    said = str(inspect.Signature(bare)).replace("'", '"').replace("=Ellipsis", "=...")
    shown = textwrap.fill(f"la.{name}{said}", WIDTH, subsequent_indent="    ", break_long_words=False)
    text = re.sub(
        r"(?m)^    ", "- ", _code(inspect.cleandoc(held.__doc__ or "")).replace("Raises:\n", "Raises:\n\n")
    )
    return f"```text\n{shown}\n```\n\n{text}\n"


def _short(default: object) -> object:
    """Leave out a default that no reader would take in, such as a whole register."""
    return default if default is inspect.Parameter.empty or len(repr(default)) <= LONGEST else Ellipsis


def _results() -> tuple[type, ...]:
    from legalaid_sim.authoring.checking import Checked
    from legalaid_sim.events import Log
    from legalaid_sim.experiments.attribution.attributing import Attributed
    from legalaid_sim.experiments.compare.comparison import ComparisonResult
    from legalaid_sim.experiments.frontier.study import Traced
    from legalaid_sim.experiments.run.running import Finished
    from legalaid_sim.experiments.search.searching import Found
    from legalaid_sim.experiments.sensitivity.inquiry import Sensitivity
    from legalaid_sim.experiments.sweep.sweeping import Swept
    from legalaid_sim.results import Run

    return (Finished, ComparisonResult, Swept, Sensitivity, Found, Attributed, Traced, Checked, Run, Log)


def _result(held: type) -> str:
    rows = [
        f"- `{name}{'()' if inspect.isfunction(each) else ''}`: {_first(each)}"
        for name in ("measures", "differences", "rows", "prices", "log", "of", "replications")
        if (each := inspect.getattr_static(held, name, None)) is not None and getattr(each, "__doc__", None)
        and not isinstance(each, type(Mapping)) and type(each).__name__ != "_tuplegetter"
    ]  # fmt: skip
    return f"### {held.__name__}\n\n{_first(held)}\n\n" + "".join(f"{row}\n" for row in rows)


def _first(held: object) -> str:
    return _code((inspect.getdoc(held) or "").split("\n\n")[0].replace("\n", " "))


def _code(text: str) -> str:
    return text.replace("``", "`")


def pages() -> Mapping[str, Callable[[], str]]:
    """Give how each page is made, by its name under docs/reference/."""
    from gallery import gallery_page
    from licences import licences_page

    return {
        "api.md": api_page,
        "measures.md": measures_page,
        **{f"measures/{theme}.md": partial(theme_page, theme) for theme in themes()},
        "vocabulary.md": vocabulary_page,
        "glossary.md": glossary_page,
        "command-line.md": command_line_page,
        "assumptions.md": assumptions_page,
        "gallery.md": partial(gallery_page, MADE),
        "licences.md": partial(licences_page, MADE),
    }


def stale() -> list[str]:
    """Name the pages that are not what the code would write now, and those that it would not write at all."""
    made = pages()
    left = (f"measures/{path.name}" for path in sorted((PLACE / "measures").glob("*.md")))
    old = [name for name, page in made.items() if _written(PLACE / name) != page()]
    return [*old, *(name for name in left if name not in made)]


def _written(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _write(path: Path, page: Callable[[], str] | None) -> None:
    if page is None:
        path.unlink()
        return
    path.parent.mkdir(exist_ok=True)
    path.write_text(page(), encoding="utf-8")


def main(words: list[str]) -> int:
    """Write every page, or with ``--check`` only tell whether one differs."""
    old, made = stale(), pages()
    for name in old:
        print(name)
        if "--check" not in words:
            _write(PLACE / name, made.get(name))
    return 1 if old and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
