"""The first screen: what was found in at most fifteen words, its ranges, what it costs, what would turn it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from legalaid_sim.experiments.shared.contrasts import Contrast
from legalaid_sim.experiments.shared.doubt import Doubt
from legalaid_sim.experiments.shared.lasting import Price
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.experiments.shared.verdicts import CANNOT_TELL, NO_MATTER
from legalaid_sim.measures import REGISTRY
from legalaid_sim.measures.words import moved
from legalaid_sim.reports.answer import pounds
from legalaid_sim.reports.comparison import rounded
from legalaid_sim.reports.draw import on_page
from legalaid_sim.reports.figure import Panel
from legalaid_sim.reports.finding import label_of, leading, upper
from legalaid_sim.reports.ignorance import BY_CHANCE, over_what
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.numbers import range_shown, shown, spread_shown
from legalaid_sim.reports.slope import height_for, slope
from legalaid_sim.reports.titles import unknown_in_words
from legalaid_sim.reports.typed_in import typed_in
from legalaid_sim.results import open_run
from legalaid_sim.units import counted

MOST_WORDS, MOST_SAID, MOST_DRAWN = 15, 3, 4
RULE = (
    "The title names the first measure asked in which a contract differs by what matters, and the contract that "
    "differs most in it; “if our guesses hold” is added where what nobody knows leaves either sign. Lines go from the "
    "first contract's mean to the others' on the same worlds, from 0; grey ones cannot be told or do not matter, "
    "strokes are 95 % intervals of the difference. Where there are many contracts each has a row about a line at the "
    "first contract's mean."
)


class Cost(NamedTuple):
    """What a contract costs and whether the agency could have lasted: one row."""

    contract: str
    owed: str
    times: str
    lasts: str


class First(NamedTuple):
    """Everything that the first screen says."""

    title: str
    ranges: list[str]
    slopes: list[Panel]
    months: str
    costs: list[Cost]
    turns: list[str]
    doubts: list[str]


def first_screen(material: Material) -> First:
    """Give what the first screen says."""
    return First(
        title(material),
        list(ranges(material)),
        list(slopes(material)),
        counted(material.scenario.period.months, "month"),
        [_cost(material, price) for price in material.prices],
        list(turns(material)),
        list(not_to_believe(material)),
    )


def last_line(folder: Path) -> str:
    """Give the finding of a results folder as the last line of a terminal."""
    with open_run(folder) as run:
        return f"answer: {title(Material(run))}"


def title(material: Material) -> str:
    """Give the finding in words."""
    if not material.others:
        name, first = material.asked[0], material.baseline
        value = shown(
            material.means[first][name].mean, REGISTRY[name].unit, material.means[first][name].half_width
        )
        return f"{upper(label_of(name))} under {material.called[first]}: {value}"
    if material.worlds < 2:
        return "One world cannot show whether the contracts differ"
    told = _telling(material)
    if told is not None:
        return sentence(
            material, told, MOST_WORDS, ", if our guesses hold" if _either(material, told) else ""
        )
    asked = [each for each in material.contrasts if each.measure in material.asked]
    if asked and all(each.verdict == NO_MATTER for each in asked):
        return "No contract makes a difference that matters to what was asked"
    return f"{counted(material.worlds, 'world')} cannot tell whether the contracts differ in what was asked"


def sentence(material: Material, told: Contrast, most: int, behind: str = "") -> str:
    """Say what moves under a contract, with both means where there is room for them."""
    words = f"{moved(REGISTRY[told.measure], (told.paired.difference.mean or 0) > 0)} under "
    words += material.called[told.contract]
    ours, theirs = (shown(each.mean, told.unit, each.half_width) for each in (told.ours, told.baseline))
    longer = f"{words}: {ours} against {theirs}{behind}"
    return longer if len(longer.split()) <= most else words + behind


def _telling(material: Material) -> Contrast | None:
    """Give the contrast that the title speaks of; None where none is told."""
    for name in material.asked:
        clear = [each for each in material.contrasts if each.measure == name and each.differs]
        if clear:
            return leading(clear)
    return None


def _first_asked(material: Material) -> Contrast | None:
    """Give the largest difference in the first measure asked, told or not."""
    for name in material.asked:
        held = [e for e in material.contrasts if e.measure == name and e.paired.difference.mean is not None]
        if held:
            return leading(held)
    return None


def _either(material: Material, told: Contrast) -> bool:
    doubt = material.doubts.get((told.contract, told.measure))
    return doubt is not None and (doubt.low or 0.0) < 0 < (doubt.high or 0.0)


def ranges(material: Material) -> Iterator[str]:
    """Give, for each measure asked, the leading difference with both its ranges."""
    for name in material.asked[:MOST_SAID]:
        known = [e for e in material.contrasts if e.measure == name and e.paired.difference.mean is not None]
        if not known:
            yield from _level(material, name)
            continue
        most = leading(known)
        gap = most.paired.difference
        whose = f", {material.called[most.contract]} against {material.called[material.baseline]}"
        doubt = material.doubts.get((most.contract, name))
        makes = "chance leaves" if doubt is None else "over all guesses its mean lies in"
        by = f"; {makes} {range_shown(gap, most.unit, sign=True)}" if gap.low is not None else ""
        yield (
            f"{upper(label_of(name))}{whose}: {shown(gap.mean, most.unit, gap.half_width, sign=True)}{by}"
            f"{_over(doubt)}."
        )
    if material.others and not material.doubts:
        yield "These ranges are of chance alone; what nobody knows stood at its guess."


def _level(material: Material, name: str) -> Iterator[str]:
    for regime in material.ordered:
        yield f"{upper(label_of(name))}: {spread_shown(material.means[regime][name], REGISTRY[name].unit)}."


def _over(doubt: Doubt | None) -> str:
    if doubt is None:
        return ""
    over = over_what(doubt)
    if over == BY_CHANCE:
        return "; what nobody knows adds nothing that is seen beyond chance"
    return f"; from guess to guess it goes from {over}"


def slopes(material: Material) -> Iterator[Panel]:
    """Draw a slope for each measure asked."""
    names = [
        n for n in material.asked if any(e.measure == n and e.paired.difference.n for e in material.contrasts)
    ]
    names = names[:MOST_DRAWN]
    for name in names:
        held = [each for each in material.contrasts if each.measure == name]
        # Two rows of pictures have no room for what is drawn twice under many contracts.
        crowded = len(names) > 2 and len(held) > MOST_DRAWN
        equal = {} if crowded else _equal(material, name)
        drawing = slope(held, material.called, material.baseline, equal, height_for(len(names), 2))
        words = "; ".join(f"{material.called[e.contract]} {_told(e)}" for e in held)
        base = shown(held[0].baseline.mean, held[0].unit, held[0].baseline.half_width)
        label = f"{upper(label_of(name))}: {material.called[material.baseline]} {base}; {words}"
        yield Panel(upper(label_of(name)), drawing, label, said=upper(REGISTRY[name].phrase))


def _told(contrast: Contrast) -> str:
    return f"{shown(contrast.ours.mean, contrast.unit, contrast.ours.half_width)}, {contrast.verdict}"


def _equal(material: Material, name: str) -> dict[str, tuple[Estimate, float]]:
    """Give, by contract, the difference at equal money and what its amounts were multiplied by."""
    return {
        contract: (Estimate(each["mean"], each["low"], each["high"], each["n"]), held["factor"])
        for contract, held in material.equal.items()
        for each in held["differences"]
        if each["measure"] == name
    }


def _cost(material: Material, price: Price) -> Cost:
    """Give one row of what it costs."""
    times = None if price.contract == material.baseline else price.times
    lasts = "never" if not price.worlds_below else f"{price.worlds_below} of {counted(price.worlds, 'world')}"
    lasts = lasts if price.worlds else "not known"
    return Cost(material.called[price.contract], pounds(price.spend.mean), against(times), lasts)


def against(times: float | None) -> str:
    """Say what something costs against something else as people do: less or more by so much, or so many times it.

    >>> against(0.89), against(1.004), against(1.5), against(2.336), against(None)
    ('11% less', 'the same', '50% more', '2.3 times', '–')
    """
    if times is None:
        return "–"
    if times >= 2:
        return f"{times:.1f} times"
    apart = f"{100 * abs(times - 1):.0f}%"
    return "the same" if apart == "0%" else f"{apart} {'less' if times < 1 else 'more'}"


def turns(material: Material) -> Iterator[str]:
    """Say what would turn the finding: a clause that sets it, unknowns that it goes along with, and equal money."""
    told = _telling(material) or _first_asked(material)
    found = []
    if told is not None and (doubt := material.doubts.get((told.contract, told.measure))):
        names = [unknown_in_words(turn.name, 60) for turn in doubt.turns[:2]]
        found.append(
            f"It goes with: {'; '.join(names)}." if names else "No single unknown is seen to turn it."
        )
        found.append(f"It keeps its sign in {doubt.ahead} of {counted(doubt.worlds, 'world')}.")
    if told is not None and (equal := _equal(material, told.measure).get(told.contract)):
        found.append(
            f"At equal money (amounts × {equal[1]:.2f}): {spread_shown(equal[0], told.unit, sign=True)}."
        )
    elif told is not None and _apart(material, told.contract):
        found.append("Money differs; it was not asked at equal money.")
    if not found and material.others:
        found.append("No guess was moved here; a comparison can move them all.")
    if (
        told is not None
        and len(found) < MOST_SAID
        and (words := typed_in(material, told.contract, told.measure))
    ):
        found.insert(0, words)
    yield from found[:MOST_SAID]


def _apart(material: Material, contract: str) -> bool:
    times = next((price.times for price in material.prices if price.contract == contract), None)
    return times is not None and abs(times - 1) > 0.05


def not_to_believe(material: Material) -> Iterator[str]:
    """Say what of this is not to be believed."""
    house = material.manifest["scenario"]["resolved"]["organisation"]
    short = [price for price in material.prices if price.worlds_below]
    if short and not house["may_shrink"]:
        yield "An agency out of money lives on here; a real one could not pay."
    untold = [e for e in material.contrasts if e.measure in material.asked and e.verdict == CANNOT_TELL]
    if untold:
        yield f"{counted(material.worlds, 'world')} cannot tell {'; '.join(_untold(material, untold))}."
    yield _unsourced(material)
    if material.scenario.respond == "none" and material.others:
        yield "Nobody here works differently for what is paid: differences are the contracts' arithmetic."
    if count := len(material.manifest.get("warnings", ())):
        yield f"{counted(count, 'warning')} about the scenario or its contracts, in the report."


def _untold(material: Material, untold: Sequence[Contrast]) -> Iterator[str]:
    for name in list(dict.fromkeys(each.measure for each in untold))[:2]:
        held = [material.called[each.contract] for each in untold if each.measure == name]
        whose = held[0] if len(held) == 1 else counted(len(held), "contract")
        more = [
            e.needed - e.paired.difference.n for e in untold if e.measure == name and e.needed is not None
        ]
        settled = f" ({rounded(max(more))} more would tell)" if more else ""
        yield f"“{label_of(name)}” under {whose}{settled}"


def _unsourced(material: Material) -> str:
    from legalaid_sim.evidence import register

    known = register()
    guessed = [name for name in known if known[name].confidence == "assumed"]
    return f"{len(guessed)} of {len(known)} assumptions are guesses; people and agency are made up."


def abreast(panels: Sequence[Panel]) -> str:
    """Give the slopes as markup."""
    return "".join(on_page(panel.drawing, panel.label) for panel in panels)
