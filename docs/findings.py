"""The page of findings, from what docs/tables.py has kept: nothing is lived here."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from legalaid_sim.experiments.shared.ignorance import draw_of
from legalaid_sim.experiments.shared.statistics import Estimate, estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports.numbers import digits, places, scale_of
from legalaid_sim.units import counted

MADE = "<!-- Made by docs/tables.py; run it again, change no line here. -->\n"
ABOUT = """\
# Findings, with what is not known

`python docs/tables.py` lives what stands here, says first how long that takes, and writes this page. {engine}

In every cell: a difference, ± half its 95 % interval; **bold** where that leaves out nought. Shares are in
points, trust is from 0 to 1. The agencies are made up; their contracts were written in the library from their sources.
"""
HEADLINES = """\
## What each contract changes

Each scenario in {worlds} with {draws} of what is only assumed or guessed. The interval is of the mean over all that
it may be: other draws would move it as well as other people would. In brackets where nine in ten of these draws lie,
chance taken out. With what is assumed at its usual values see [the published runs](reference/gallery.md). *Owed* is
what the payer comes to owe, times the baseline's; the second row of a contract has its amounts times a factor, so that
as much is owed.
"""
CHANGES = """\
## One change at a time

The relational pilot less the unified contract in the agency of Canning Town, the first twelve months after the switch
from paid hours, {worlds}; *effort* where the minutes given follow pay. **Bold** turns the sign of the first row,
beyond chance.
"""
DAYS = """\
## Two days of switch

The contracts of Canning Town less paid hours, over 24 months, parted on one day or half a year later; {worlds}. A sign
turns where the two differ in it and one of them is beyond chance.
"""
SHOWN = {
    "continuity.coc": "same adviser", "continuity.trust_at_closing": "trust at closing",
    "admin.share": "admin", "outcomes.resolved_share": "resolved", "access.turned_away": "turned away",
    "access.days_to_first_contact": "median days until seen",
}  # fmt: skip
COLUMNS = (
    ("continuity.coc", "none"), ("continuity.coc", "effort"), ("continuity.trust_at_closing", "none"),
    ("continuity.trust_at_closing", "effort"), ("admin.share", "none"), ("outcomes.resolved_share", "none"),
    ("outcomes.resolved_share", "effort"), ("access.turned_away", "none"),
    ("money.earned_per_matter", "none"), ("money.earned_per_matter", "effort"),
)  # fmt: skip
SHORT = {**SHOWN, "money.earned_per_matter": "pounds owed a matter"}
FIRST = "as it is"
DASH = "–"
Kept = Mapping[str, Any]


class Turn(NamedTuple):
    """A sign that differs between the two days, and what it does not turn without."""

    contract: str
    measure: str
    without: tuple[str, ...]


def page(kept: Kept) -> str:
    """Give the page from all that is kept."""
    engines = sorted({each["engine"] for each in kept.values()})
    said = (
        f"Engine {engines[0]}."
        if len(engines) == 1
        else f"Its pieces are of several engines: {', '.join(engines)}."
    )
    parts = [MADE, ABOUT.format(engine=said if kept else "Nothing has been lived yet.")]
    for part, head, lines in (
        ("headlines", HEADLINES, _headlines),
        ("changes", CHANGES, _changes),
        ("days", DAYS, _days),
    ):
        held = _part(kept, part)
        if held:
            worlds = sorted({each["worlds"] for each in held.values()})
            told, draws = (
                " or ".join(counted(number, what) for number in numbers)
                for numbers, what in ((worlds, "world"), (map(draw_of, worlds), "draw"))
            )
            parts += [head.format(worlds=told, draws=draws), *lines(held)]
    return "\n".join(parts).rstrip() + "\n"


def turns_of(kept: Kept) -> list[Turn]:
    """Give the signs that turn between the two days, each with all without which it turns no more."""
    held = {name: each["found"] for name, each in _part(kept, "days").items()}
    whole = sorted(name for name in held if " without " not in name)
    if len(whole) < 2:
        return []
    one, other = whole
    named = [name.partition(" without ")[2] for name in held if name.startswith(f"{one} without ")]
    tried = [each for each in named if f"{other} without {each}" in held]
    return [
        Turn(
            contract,
            measure,
            tuple(
                each
                for each in tried
                if not _turns(
                    held[f"{one} without {each}"][contract][measure],
                    held[f"{other} without {each}"][contract][measure],
                )
            ),
        )
        for contract in held[one]
        for measure in SHOWN
        if _turns(held[one][contract][measure], held[other][contract][measure])
    ]


def _part(kept: Kept, part: str) -> dict[str, Any]:
    return {name.partition(": ")[2]: each for name, each in kept.items() if name.startswith(f"{part}: ")}


def _turns(one: Sequence[float | None], other: Sequence[float | None]) -> bool:
    """Whether two differences lie on two sides of nought, one of them beyond chance."""
    left, right = estimate(one), estimate(other)
    return (left.mean or 0) * (right.mean or 0) < 0 and (_beyond(left) or _beyond(right))


def _beyond(found: Estimate) -> bool:
    return found.low is not None and found.high is not None and (found.low > 0 or found.high < 0)


def _shown(value: float | None, half: float | None, unit: str, sign: bool = True) -> str:
    if value is None:
        return DASH
    scale = scale_of(unit)
    return digits(value * scale, places(value * scale, unit, (half or 0) * scale), sign)


def _cell(found: Estimate, unit: str, bold: bool) -> str:
    half = found.half_width
    text = _shown(found.mean, half, unit)
    if half is not None:
        text += f" ± {_shown(half, half, unit, sign=False)}"
    return f"**{text}**" if bold else text


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [_row(head), _row(["---"] + ["---:"] * (len(head) - 1)), *map(_row, rows)]
    return "\n".join(lines) + "\n"


# ---- every scenario -------------------------------------------------------------------------------------------------


def _headlines(held: Mapping[str, Any]) -> Iterator[str]:
    for name, each in held.items():
        found = each["found"]
        responds = {"none": "nobody responds to pay", "effort": "effort follows pay"}
        how = responds.get(found["respond"], "providers respond in all ways")
        yield f"### {name}\n\nAgainst {found['baseline']}; {how}.\n"
        rows = [
            row
            for contract, told in found["contracts"].items()
            for row in _of_contract(contract, told, found)
        ]
        yield _table(["contract", "owed", *SHOWN.values()], rows)
        yield from _turned_by(found)


def _of_contract(contract: str, told: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[list[str]]:
    base = [value for value in found["of baseline"]["money.earned"] if value is not None]
    earned = {each["measure"]: each["mean"] for each in told["as it is"]}["money.earned"]
    times = 1 + (earned or 0) * len(base) / sum(base) if base and sum(base) else None
    yield [contract, "–" if times is None else f"× {times:.2f}", *_cells(told["as it is"])]
    if told["at equal money"] is None:
        yield ["at equal money", told["why"], *[DASH] * len(SHOWN)]
    elif told["factor"] != 1.0:
        yield [f"amounts × {told['factor']:.2f}", f"× {told['times']:.2f}", *_cells(told["at equal money"])]


def _cells(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    by = {each["measure"]: each for each in rows}
    for measure in SHOWN:
        each, unit = by[measure], REGISTRY[measure].unit
        half, mean = each["half"], each["mean"]
        if mean is None or half is None:
            yield _shown(mean, None, unit)
            continue
        cell = _cell(Estimate(mean, mean - half, mean + half, each["worlds"]), unit, abs(mean) > half)
        low, high = (_shown(each[end], half, unit) for end in ("low", "high"))
        yield f"{cell} ({f'{low} to {high}' if low != high else 'chance alone'})"


def _turned_by(found: Mapping[str, Any]) -> Iterator[str]:
    lines = [
        f"- {SHOWN[each['measure']]}, {contract}: `{'`, `'.join(turn['name'] for turn in each['turns'])}`"
        for contract, told in found["contracts"].items()
        for each in told["as it is"]
        if each["turns"] and each["measure"] in SHOWN
    ]
    if lines:
        yield "Goes along with, beyond chance:\n\n" + "\n".join(lines) + "\n"


# ---- one change at a time -------------------------------------------------------------------------------------------


def _changes(held: Mapping[str, Any]) -> Iterator[str]:
    order = [FIRST, *(name for name in held if name != FIRST)] if FIRST in held else list(held)
    first = held[order[0]]["found"]
    rows = [[name, *(_changed(held[name]["found"], first, *column) for column in COLUMNS)] for name in order]
    head = [f"{SHORT[measure]}, {respond}" for measure, respond in COLUMNS]
    yield _table(["", *head], rows)


def _changed(found: Mapping[str, Any], first: Mapping[str, Any], measure: str, respond: str) -> str:
    if respond not in found:
        return DASH
    here, usual = estimate(found[respond][measure]), estimate(first[respond][measure])
    turned = _beyond(here) and (here.mean or 0) * (usual.mean or 0) < 0
    return _cell(here, REGISTRY[measure].unit, turned)


# ---- two days -------------------------------------------------------------------------------------------------------


def _days(held: Mapping[str, Any]) -> Iterator[str]:
    whole = sorted(name for name in held if " without " not in name)
    turns = {
        (turn.contract, turn.measure): turn for turn in turns_of({f"days: {k}": v for k, v in held.items()})
    }
    rows = []
    for contract in held[whole[0]]["found"]:
        for measure, label in SHOWN.items():
            cells = []
            for day in whole:
                found = estimate(held[day]["found"][contract][measure])
                cells.append(_cell(found, REGISTRY[measure].unit, _beyond(found)))
            turn = turns.get((contract, measure))
            rows.append([f"{contract}: {label}", *cells, "" if turn is None else _why(turn, held)])
    yield _table(["", *whole, "turns"], rows)


def _why(turn: Turn, held: Mapping[str, Any]) -> str:
    tried = any(" without " in name for name in held)
    if turn.without:
        return f"turns; not without {', nor without '.join(turn.without)}"
    return "turns, whatever of what was tried is left out" if tried else "turns"
