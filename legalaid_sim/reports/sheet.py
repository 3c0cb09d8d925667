"""A consultation sheet: one page about a contract, to print and hand round, without script or network.

Its words, its worked examples, and, held against another contract, what changes, because of what, and for whom.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim import __version__
from legalaid_sim.authoring.checking import check_contract, counts_in_words
from legalaid_sim.authoring.comparing import Compared, compare, groups_in_text, side_of, years_in_text
from legalaid_sim.authoring.lived import lived_in_text
from legalaid_sim.authoring.unreached import unreached_in_text
from legalaid_sim.contracts.language.comparing import ExampleOutcome
from legalaid_sim.contracts.language.english import ROOMS, block_in_english
from legalaid_sim.contracts.language.examples import run_examples
from legalaid_sim.contracts.language.load import find_contract, load_terms
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.schema.contract import Example
from legalaid_sim.contracts.tools.wording import listed, words
from legalaid_sim.reports.finding import plain
from legalaid_sim.reports.pages import TEMPLATES, TEXT_LIMIT, TITLE_LIMIT, environment
from legalaid_sim.scenario import load_scenario
from legalaid_sim.units import counted
from legalaid_sim.yamlfile import load_document

MOST_GROUPS, MOST_ROWS = 40, 12


class BlockWords(NamedTuple):
    """A block in words; ``was`` is what it said in the other contract, empty where it says the same."""

    name: str
    title: str
    status: str
    said: str
    was: str = ""
    news: str = ""


class Worked(NamedTuple):
    """A worked example in words: what is given, what happens, what comes out, and whether it does."""

    name: str
    given: str
    happens: Sequence[str]
    outcomes: Sequence[str]
    passed: bool


class Change(NamedTuple):
    """One change of the text: where, what, from when, and because of what."""

    path: str
    what: str
    because: str


def sheet(name: str, against: str | None = None, scenario: Path | None = None) -> str:
    """Give the page about a contract as HTML.

    Raises:
        ContractError: a contract cannot be read or compiled.
        InputError: the scenario cannot be lived.
    """
    terms = load_terms(name)
    other = load_terms(against) if against else None
    found = compare(side_of(against), side_of(name)) if against else None
    contract = terms.contract
    checked, _ = check_contract(load_document(find_contract(name)), find_contract(name))
    changes = list(_changes(found, name)) if found else []
    page = {
        "title": plain(contract.title or contract.contract, TITLE_LIMIT),
        "summary": plain(contract.summary or "", TEXT_LIMIT).strip(),
        "about": list(_about(contract)),
        "against": plain(other.contract.title or other.contract.contract, TITLE_LIMIT) if other else "",
        "rooms": list(_rooms(contract, other.contract if other else None)),
        "gone": list(_gone(contract, other.contract)) if other else [],
        "examples": list(_examples(terms)),
        "changes": changes,
        "reasoned": any(change.because for change in changes),
        "groups": list(groups_in_text(found, MOST_GROUPS, MOST_ROWS)) if found else [],
        "years": list(years_in_text(found)) if found else [],
        "lived": _lived(against, name, scenario),
        "unreached": _unreached(contract, scenario),
        "counts": counts_in_words(checked),
        "version": __version__,
        "css": (TEMPLATES / "report.css").read_text(encoding="utf-8"),
    }
    return environment().get_template("sheet.html").render(page)


def _about(contract: Contract) -> Iterator[str]:
    length = counted(contract.term.months, "month")
    yield f"From {contract.term.starts} for {length}. Amounts are in {contract.currency}."
    for label, names in (("Categories", contract.categories), ("Regions", contract.regions)):
        if names:
            yield f"{label}: {listed(map(words, names))}."


def _rooms(contract: Contract, other: Contract | None) -> Iterator[tuple[str, Sequence[BlockWords]]]:
    for room, heading in ROOMS.items():
        before = {block.id: block for block in getattr(other, room)} if other else {}
        clauses = [_clause(block, contract, other, before.get(block.id)) for block in getattr(contract, room)]
        if clauses:
            yield heading, clauses


def _clause(block: Any, contract: Contract, other: Contract | None, before: Any) -> BlockWords:
    said = plain(block_in_english(block, contract), TEXT_LIMIT)
    was = plain(block_in_english(before, other), TEXT_LIMIT) if other and before is not None else ""
    news = "" if other is None or was == said else "changed" if was else "new"
    title = plain(block.title or words(block.kind), TITLE_LIMIT)
    status = block.source.status if block.source else "no source"
    return BlockWords(plain(block.id), title, status, said, was if news else "", news)


def _gone(contract: Contract, other: Contract) -> Iterator[BlockWords]:
    for room in ROOMS:
        kept = {block.id for block in getattr(contract, room)}
        yield from (
            _clause(block, other, None, None) for block in getattr(other, room) if block.id not in kept
        )


def _examples(terms: CompiledTerms) -> Iterator[Worked]:
    """Tell every example in the order of the file; rows of a table are counted, and those that fail named."""
    by_name: dict[str, list[ExampleOutcome]] = {}
    for outcome in run_examples(terms.contract, terms.folder, terms):
        by_name.setdefault(outcome.example, []).append(outcome)
    for example in terms.contract.examples:
        found = by_name.get(example.name, [])
        yield Worked(
            plain(example.name, TITLE_LIMIT), _given(example), list(_happens(example)), list(_outcomes(found)),
            all(one.passed for one in found),
        )  # fmt: skip


def _given(example: Example) -> str:
    given = example.given or example.given_each
    if given is None:
        return ""
    parts = [_pairs(given.provider, "the provider")] if given.provider else []
    for matter in given.matters:
        told = matter.model_dump(exclude_defaults=True, exclude={"ref"})
        parts.append(_pairs(told, f"matter {matter.ref}"))
    return plain("; ".join(parts), TEXT_LIMIT)


def _happens(example: Example) -> Iterator[str]:
    for event in example.when:
        for name in type(event).model_fields:
            details = getattr(event, name)
            if name != "on" and details is not None:
                told = details if isinstance(details, dict | str) else details.model_dump(exclude_unset=True)
                yield plain(f"{event.on}: {words(name)} {_pairs(told, '')}", TEXT_LIMIT).strip()
    if example.table is not None:
        rows = f"in {example.table.file}" if example.table.file else f"{len(example.table.rows)}"
        yield plain(f"cases: {rows}", TEXT_LIMIT)


def _pairs(told: Mapping[str, Any] | str, what: str) -> str:
    """Say keys with their values: "region london, opened 2026-04-07"."""
    if isinstance(told, str):
        return told
    inside = ", ".join(
        words(name) if value is True else f"{words(name)} {_value(value)}" for name, value in told.items()
    )
    return f"{what} ({inside})" if what else inside


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _pairs(value, "")
    if isinstance(value, list | tuple):
        return listed(map(_value, value))
    return "no" if value is False else str(value)


def _outcomes(found: Sequence[ExampleOutcome]) -> Iterator[str]:
    in_table = Counter(one.passed for one in found if one.row)
    if in_table:
        yield f"{in_table[True]} of {in_table.total()} figures of its cases come out"
    for one in found:
        if not one.row or not one.passed:
            row = f" (row {one.row})" if one.row else ""
            verdict = "" if one.passed else f", and comes to {one.got}"
            yield plain(
                f"{words(one.what).replace('.', ' of ', 1)}{row}: {one.expected}{verdict}", TEXT_LIMIT
            )


def _changes(found: Compared, name: str) -> Iterator[Change]:
    reasons = _reasons(name)
    for line in found.lines:
        what = (
            " to ".join(filter(None, (line.before, line.after)))
            if line.sign == "~"
            else line.after or line.before
        )
        verb = {"+": "new: ", "-": "gone: "}.get(line.sign, "")
        since = f", from {line.dates}" if line.dates else ""
        because = next((why for path, why in reasons if _is_about(path, line.path)), "")
        yield Change(plain(line.path), plain(f"{verb}{what}{since}", TEXT_LIMIT), plain(because, TEXT_LIMIT))


def _reasons(name: str) -> list[tuple[str, str]]:
    """Give what a contract that changes another says of each of its changes."""
    data = load_document(find_contract(name)).data
    changes = data.get("changes") if isinstance(data, dict) else None
    return [
        (
            str(next((change[verb] for verb in ("set", "add", "remove", "rename") if verb in change), "")),
            because,
        )
        for change in changes or ()
        if isinstance(change, dict) and isinstance(because := change.get("because"), str)
    ]


def _is_about(changed: str, line: str) -> bool:
    return bool(changed) and (line == changed or line.startswith((f"{changed}.", f"{changed}[")))


def _lived(before: str | None, after: str, scenario: Path | None) -> list[str]:
    """Give who gains and loses among the matters that a scenario closes under the other contract."""
    if before is None or scenario is None:
        return []
    return [
        plain(line.strip(), TEXT_LIMIT)
        for line in lived_in_text(before, after, scenario, None).split("\n")
        if line
    ]


def _unreached(contract: Contract, scenario: Path | None) -> list[str]:
    if scenario is None:
        return []
    text = unreached_in_text(contract, load_scenario(scenario))
    return [
        plain(line.strip(), TEXT_LIMIT) for line in text.replace("\n      ", " ").split("\n") if line.strip()
    ]
