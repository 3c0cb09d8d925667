"""CT: names in worked examples that lead nowhere, and examples that lie outside the contract."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from legalaid_sim.contracts.kinds.controls.kpi import KpiMeasure
from legalaid_sim.contracts.kinds.payments.standing_charge import Sessions
from legalaid_sim.contracts.language.exampletable import EXPECTED_SUMS, PASSED_OVER, PLAIN, RENAMED
from legalaid_sim.contracts.language.lint.page import walk
from legalaid_sim.contracts.language.playing import PROVIDER_FACTS
from legalaid_sim.contracts.schema.contract import TAKES, Example, Given
from legalaid_sim.contracts.tools.page import Page
from legalaid_sim.contracts.vocabulary.columns import KNOWN
from legalaid_sim.contracts.vocabulary.facts import TIME_HEADINGS
from legalaid_sim.diagnostics import did_you_mean
from legalaid_sim.diagnostics.shape import words_of
from legalaid_sim.errors import Problem
from legalaid_sim.units import add_months
from legalaid_sim.yamlfile import Path

GIVES_FACTS = {"matter_closed": ("ref", "outcome"), "call_answered": ("ref", "answered_after", "result")}
# Which lists of blocks the ids of an expectation stand in; tax that was paid out is a line of its own.
ROOMS_OF = {
    "lines": ("payments", "taxes", "controls", "adjustments"),
    "cash": ("cash",),
    "position_percent": ("cash",),
    "burden_minutes": ("duties", "permissions", "controls", "payments"),
}
NOT_AN_ID = frozenset({"disbursement_vat"})
# Facts that the simulator itself states of a matter or provider, and that no condition need ask about.
STATED = ("early", "difficulty_band", "months_since_last_matter", "advisers", "bid", "expected_claims")
MEASURES = words_of(KpiMeasure)
COLUMNS = (
    *PLAIN, *RENAMED, *KNOWN, *EXPECTED_SUMS, "opened", "closed", "vat_registered", "disbursement_vat", "earned",
    "scheme", "escape", "refused",
)  # fmt: skip
ENDINGS = ("_costs", "_minutes", "_hours")
FAMILIES = ("flag.", "line.", "lines.", "margin.", "provider.", "n_", "in_", "expected_", *PASSED_OVER)


def check(page: Page) -> Iterator[Problem]:
    """Find names that mean nothing to the contract, and matters and months outside its term or its lists."""
    words = _words(page)
    for at, example in enumerate(page.contract.examples):
        path: Path = ("examples", at)
        yield from _given(page, path, example, words)
        for number, written in enumerate(page.data["examples"][at].get("when", ())):
            for event, details in written.items():
                if isinstance(details, dict):
                    yield from _event(page, (*path, "when", number, event), event, details, words)
        yield from _then(page, path, example)
        yield from _columns(page, path, example, words)
        yield from _outside(page, path, example)


def _words(page: Page) -> frozenset[str]:
    """Gather every word that the contract itself uses, in keys and texts, by which a fact can be asked about."""
    found = list(STATED)
    for room, written in page.data.items():
        if room != "examples":
            for path, value in walk(written, (room,)):
                found += [str(key) for key in path] + ([value] if isinstance(value, str) else [])
    return frozenset(found) | {part for word in found for part in re.split(r"[.\s]", word)}


def _unknown(page: Page, path: Path, name: str, known: Sequence[str], what: str) -> Iterator[Problem]:
    if name not in known:
        message = f"{what} '{name}'.{did_you_mean(name, known)}"
        listed = ", ".join(list(known)[:12])
        yield page.problem("CT406", message, path, at_key=True, help=f"there is: {listed}" if known else "")


def _fact(
    page: Page, path: Path, name: str, words: frozenset[str], known: Sequence[str]
) -> Iterator[Problem]:
    if name not in words and name not in known:
        close = did_you_mean(name, [*known, *sorted(words)])
        message = f"nothing in this contract asks about '{name}'.{close}"
        yield page.problem(
            "CT406", message, path, at_key=True, help="explain facts lists what can be asked about"
        )


def _given(page: Page, path: Path, example: Example, words: frozenset[str]) -> Iterator[Problem]:
    cash = [block.id for block in page.contract.cash]
    for key in ("given", "given_each"):
        given: Given | None = getattr(example, key)
        if given is None:
            continue
        for name in given.provider:
            yield from _fact(page, (*path, key, "provider", name), name, words, PROVIDER_FACTS)
        for at, matter in enumerate(given.matters):
            for name in matter.facts:
                yield from _fact(page, (*path, key, "matters", at, "facts", name), name, words, ())
        for name in given.cash:
            yield from _unknown(page, (*path, key, "cash", name), name, cash, "no cash rule has the id")
        for name in given.months:
            yield from _unknown(
                page, (*path, key, "months", name), name, ("claims", "payments"), "months are not given as"
            )


def _event(
    page: Page, path: Path, event: str, details: dict[str, Any], words: frozenset[str]
) -> Iterator[Problem]:
    if event == "work_done":
        yield from _work(page, path, details)
    for name in details if event in TAKES else ():
        yield from _unknown(page, (*path, name), name, TAKES[event], f"{event} takes no")
    for name in details if event in GIVES_FACTS else ():
        yield from _fact(page, (*path, name), name, words, GIVES_FACTS[event])
    if event == "month_ended":
        for heading in details.get("minutes", ()):
            known, what = TIME_HEADINGS, "no time is spent under"
            yield from _unknown(page, (*path, "minutes", heading), heading, known, what)
        desks = _desks(page)
        for name in details.get("seen", ()) if desks else ():
            yield from _unknown(page, (*path, "seen", name), name, desks, "no payment is for the desk")
        for name in details.get("measures", ()):
            yield from _unknown(page, (*path, "measures", name), name, MEASURES, "no target can be about")
    yield from _named(page, path, event, details)


def _desks(page: Page) -> list[str]:
    """Name the desks that payments are for; none where one is for all of them."""
    written = (getattr(block, "sessions", None) for block in page.contract.payments)
    sessions = [one for one in written if isinstance(one, Sessions)]
    return [str(one.desk) for one in sessions] if all(one.desk for one in sessions) else []


def _named(page: Page, path: Path, event: str, details: dict[str, Any]) -> Iterator[Problem]:
    """Find stages and clauses that no block has."""
    stages = [stage.stage for block in page.contract.payments for stage in getattr(block, "stages", ())]
    clauses = [block.id for block in page.contract.duties]
    for key, known, what in (
        ("stage", stages, "no payment has the stage"),
        ("clause", clauses, "no duty has the id"),
    ):
        if key in details and event in TAKES and str(details[key]) not in known:
            message = f"{what} '{details[key]}'.{did_you_mean(str(details[key]), known)}"
            yield page.problem("CT406", message, (*path, key))


def _work(page: Page, path: Path, details: dict[str, Any]) -> Iterator[Problem]:
    for name in details:
        heading, _, kind = name.rpartition("_")
        if name in ("minutes", "hours"):
            message = f"{name} without a heading count as profit"
            yield page.problem("CX506", message, (*path, name), at_key=True, help=f"write profit_{name}")
        elif kind in ("minutes", "hours"):
            yield from _unknown(page, (*path, name), heading, TIME_HEADINGS, "no time is spent under")


def _then(page: Page, path: Path, example: Example) -> Iterator[Problem]:
    for key, rooms in ROOMS_OF.items():
        ids = [placed.id for placed in page.blocks(*rooms)]
        for name in getattr(example.then, key, None) or ():
            if name not in NOT_AN_ID:
                where = " or ".join(rooms[:2])
                yield from _unknown(
                    page, (*path, "then", key, name), name, ids, f"no block under {where} has the id"
                )
    refs = [matter.ref for matter in (example.given or Given()).matters]
    refs += [str(event.matter_opened.get("ref", "A")) for event in example.when if event.matter_opened]
    for key in ("earned", "permission"):
        found = getattr(example.then, key, None)
        for name in found if isinstance(found, dict) else ():
            yield from _unknown(page, (*path, "then", key, name), name, refs, "this example has no matter")


def _columns(page: Page, path: Path, example: Example, words: frozenset[str]) -> Iterator[Problem]:
    table = example.table
    for at, name in enumerate((table.columns or ()) if table is not None else ()):
        if (
            name not in COLUMNS
            and name not in words
            and not name.endswith(ENDINGS)
            and not name.startswith(FAMILIES)
        ):
            message = f"nothing in this contract asks about '{name}'.{did_you_mean(name, COLUMNS)}"
            place = (*path, "table", "columns", at)
            yield page.problem("CT406", message, place, help="explain examples.table lists the columns")


def _outside(page: Page, path: Path, example: Example) -> Iterator[Problem]:
    """Find matters of a region or category that the contract does not have, or opened outside its term."""
    given = example.given or Given()
    contract, expected = page.contract, example.then
    refused = expected is not None and (expected.refused or expected.permission or _nothing(expected.earned))
    region = given.provider.get("region")
    if contract.regions and region is not None and region not in contract.regions:
        place = (*path, "given", "provider", "region")
        yield page.problem("CT407", _no_such("region", str(region), contract.regions), place)
    for at, matter in enumerate(given.matters):
        place = (*path, "given", "matters", at)
        for key, known in (("region", contract.regions), ("category", contract.categories)):
            found = getattr(matter, key)
            if known and found and found not in known and not (refused and key == "category"):
                yield page.problem("CT407", _no_such(key, found, known), (*place, key))
        if matter.opened is not None:
            yield from _in_term(page, (*place, "opened"), matter.opened, "this matter is opened")
    for at, event in enumerate(example.when):
        if event.month_ended is not None or event.matter_opened is not None:
            what = "this month ends" if event.month_ended is not None else "this matter is opened"
            yield from _in_term(page, (*path, "when", at, "on"), event.on, what)


def _nothing(earned: Any) -> bool:
    return earned == 0 or (isinstance(earned, dict) and 0 in earned.values())


def _no_such(key: str, name: str, known: Sequence[str]) -> str:
    here = {"region": "regions", "category": "categories"}[key]
    return f"this contract has no {key} '{name}'.{did_you_mean(name, known)} Its {here}: {', '.join(known)}"


def _in_term(page: Page, path: Path, day: date, what: str) -> Iterator[Problem]:
    starts = page.contract.term.starts
    ends = add_months(starts, page.contract.term.months) - timedelta(days=1)
    if not starts <= day <= ends:
        when = f"{what} before the contract starts" if day < starts else f"{what} after the contract ends"
        yield page.problem("CT407", f"{when}: its term is {starts} to {ends}", path)


__all__ = ["check"]
