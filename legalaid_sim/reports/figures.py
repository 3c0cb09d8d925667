"""Figures of measures over all worlds: a panel a measure, a line a contract, mean and interval in words at each."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from legalaid_sim.experiments.shared.contrasts import Contrast
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.experiments.shared.verdicts import CANNOT_TELL, NO_MATTER
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import IntervalRow
from legalaid_sim.reports.figure import Figure, FigureTable, Panel, below
from legalaid_sim.reports.finding import label_of, leading, upper
from legalaid_sim.reports.grid import Cell, grid
from legalaid_sim.reports.headline import sentence
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.numbers import (
    between,
    number,
    pooling,
    range_shown,
    shown,
    signed,
    spread,
    spread_shown,
)
from legalaid_sim.units import counted

Build = Callable[[Material], Figure | None]
MOST_WORDS, CROWD, BROAD = 20, 4, 1000.0
WORDS = {CANNOT_TELL: "cannot tell", NO_MATTER: "does not matter", "never seen to differ": "never differs"}
SHORT = {**WORDS, NO_MATTER: "too small", "undefined": ""}
DRAWN = "The upright line is the first contract's mean; lines are 95 % intervals of the difference on the same worlds."
GRID = (
    "In each cell: the difference on the same worlds and, under it, its 95 % interval; too small: to matter."
)
LEGEND = (
    "Green and “better”, orange and “worse”; grey cannot be told or does not matter. What was asked and the further "
    "measures are two families, each adjusted by Holm's method."
)


def differences(material: Material) -> Figure | None:
    """Draw the paired differences from the first contract in every headline measure, each in its own unit."""
    if not material.others:
        return None
    found = material.contrasts
    names = list(dict.fromkeys(each.measure for each in found))
    first = material.called[material.baseline]
    return Figure(
        "differences",
        f"Every headline measure against {first}",
        _count(found, material),
        _gaps(material, names),
        FigureTable(
            "Paired differences with 95 % intervals",
            ["measure", "contract", first, "contract's", "difference", "95 % interval", "verdict"],
            [_difference_row(each, material) for each in found],
        ),
        [
            (
                "contract", "measure", "unit", material.baseline, "contract's", "difference", "low", "high",
                "p, adjusted", "verdict",
            ),
            *(
                (e.contract, e.measure, e.unit, e.baseline.mean, e.ours.mean, *e.paired.difference[:3], e.p_value,
                 e.verdict)
                for e in found
            ),
        ],
        names,
        " ".join([_responding(material), DRAWN if len(material.others) < CROWD else GRID, LEGEND, *_pooling(found)]),
    )  # fmt: skip


def _gaps(material: Material, names: Sequence[str]) -> list[Panel]:
    """Draw a panel a measure; under many contracts one grid, which a telephone sees as panels below one another."""
    panels = [panel for name in names if (panel := _against(material, name)) is not None]
    if len(material.others) < CROWD or not panels:
        return panels
    rows = [row for name in names if (row := _grid_row(material, name)) is not None]
    wide = grid([material.called[name] for name in material.others], rows, BROAD)
    spoken = ". ".join(panel.label for panel in panels)
    first = material.called[material.baseline]
    return [Panel(f"Differences from {first}", wide, f"Differences from {first}. {spoken}", below(panels))]


def _grid_row(material: Material, name: str) -> tuple[str, str, list[Cell]] | None:
    held = {each.contract: each for each in material.contrasts if each.measure == name}
    if not any(each.paired.difference.mean is not None for each in held.values()):
        return None
    base = next(iter(held.values())).baseline
    return (
        label_of(name),
        f"from {_level(base, name).partition(', pooled')[0]}",
        [_cell(held[other]) for other in material.others],
    )


def _cell(contrast: Contrast) -> Cell:
    gap, unit = contrast.paired.difference, contrast.unit
    said = SHORT.get(contrast.verdict, contrast.verdict)
    value = shown(gap.mean, unit, gap.half_width, sign=True)
    # What a row is counted in stands at its head; but less than a day is said in hours.
    value = value if value.endswith(" hours") else value.partition(" ")[0]
    return Cell(f"{value} {said}".strip(), range_shown(gap, unit, sign=True), contrast.verdict)


def _pooling(found: Sequence[Contrast]) -> list[str]:
    rule = pooling(each.paired.difference for each in found)
    return [f"{rule[:1].upper()}{rule[1:]}."] if rule else []


def _responding(material: Material) -> str:
    if material.scenario.respond == "none":
        return "In this scenario nobody responds to pay, so every difference is arithmetic."
    return "Providers respond to pay; what of a difference is arithmetic alone is told below."


def _against(material: Material, name: str) -> Panel | None:
    held = [e for e in material.contrasts if e.measure == name and e.paired.difference.mean is not None]
    if not held or held[0].baseline.mean is None:
        return None
    base = held[0].baseline
    rows = [IntervalRow(material.called[material.baseline], base.mean or 0.0, None, None, _level(base, name))]
    rows += [_gap_row(each, material) for each in held]
    label = f"{label_of(name)}: {'; '.join(f'{row.label} {row.words}' for row in rows)}"
    return Panel(upper(label_of(name)), charts.levels(rows, mark=base.mean), label)


def _level(found: Estimate, name: str) -> str:
    return spread_shown(found, REGISTRY[name].unit)


def _gap_row(contrast: Contrast, material: Material) -> IntervalRow:
    gap, base = contrast.paired.difference, contrast.baseline.mean or 0.0
    verdict = "" if contrast.verdict == "undefined" else f", {WORDS.get(contrast.verdict, contrast.verdict)}"
    words = f"{spread_shown(gap, contrast.unit, sign=True)}{verdict}"
    low, high = (None if end is None else base + end for end in (gap.low, gap.high))
    name = material.called[contrast.contract]
    return IntervalRow(name, base + (gap.mean or 0.0), low, high, words, contrast.verdict)


def _count(found: Sequence[Contrast], material: Material) -> str:
    tested = [each for each in found if each.p_value is not None]
    if not tested:
        return "One world was lived: differences have no intervals, and nothing is said of them."
    words = Counter(each.verdict for each in tested)
    quiet = words[CANNOT_TELL] + words["never seen to differ"]
    parts = [f"{words['better']} are better", f"{words['worse']} worse"]
    parts += [f"{words['more'] + words['less']} neither"] if words["more"] + words["less"] else []
    parts += [f"{words[NO_MATTER]} do not matter"] if words[NO_MATTER] else []
    parts += [f"{quiet} cannot be told"] if quiet else []
    return f"Of {counted(len(tested), 'difference')} {', '.join(parts[:-1])} and {parts[-1]}."


def _difference_row(contrast: Contrast, material: Material) -> list[str]:
    gap, unit = contrast.paired.difference, contrast.unit
    return [
        f"{label_of(contrast.measure)} ({unit})", material.called[contrast.contract],
        *(number(each.mean, unit, each.half_width) for each in (contrast.baseline, contrast.ours)),
        signed(gap.mean, unit, gap.half_width), between(gap, unit, sign=True) + ", pooled" * contrast.pooled,
        contrast.verdict,
    ]  # fmt: skip


def side_by_side(
    material: Material,
    key: str,
    title: str,
    names: Sequence[str],
    leading_measure: str,
    note: str,
) -> Figure | None:
    """Draw measures side by side, a panel each, all contracts in each; a sentence on the leading one."""
    held = [name for name in names if any(material.means[r][name].mean is not None for r in material.ordered)]
    if not held:
        return None
    panels = level_panels(material, held)
    data = means_data(material, held)
    return Figure(
        key, title, said(material, leading_measure), panels, means_table(material, held), data, held, note
    )


def level_panels(material: Material, names: Sequence[str]) -> list[Panel]:
    """Draw a panel for each measure that has values, on scales of their own."""
    found = []
    for name in names:
        rows = list(_levels(material, name))
        label = f"{label_of(name)}: {'; '.join(f'{row.label} {row.words}' for row in rows)}"
        if any(row.mean for row in rows):
            drawing = charts.levels(rows, show=charts.axis_of(REGISTRY[name].unit))
            found.append(Panel(upper(label_of(name)), drawing, label))
    return found


def _levels(material: Material, name: str) -> Iterator[IntervalRow]:
    told = {each.contract: each.verdict for each in material.contrasts if each.measure == name}
    for regime in material.ordered:
        found = material.means[regime][name]
        if found.mean is not None:
            verdict = told.get(regime, "")
            word = f", {verdict}" if verdict in ("better", "worse") else ""
            yield IntervalRow(
                material.called[regime], found.mean, found.low, found.high, f"{_level(found, name)}{word}",
                verdict if word else "",
            )  # fmt: skip


def said(material: Material, name: str) -> str:
    """Say in at most twenty words how contracts differ in one measure, or its level under one."""
    held = [each for each in material.contrasts if each.measure == name]
    known = [each for each in held if each.paired.difference.mean is not None]
    label = label_of(name)
    if not known:
        first = material.baseline
        return f"{upper(label)} under {material.called[first]}: {_level(material.means[first][name], name)}."
    most = leading(known)
    if most.differs:
        return f"{sentence(material, most, MOST_WORDS - 1)}."
    if most.paired.difference.n < 2:
        return f"One world cannot show whether contracts differ in “{label}”."
    if most.verdict == NO_MATTER:
        return f"No contract makes a difference that matters to “{label}” ({_level(most.baseline, name)})."
    return f"It cannot be told whether contracts differ in “{label}” ({_level(most.baseline, name)})."


def means_table(material: Material, names: Sequence[str]) -> FigureTable:
    """Set means with half their intervals side by side."""
    rows = [
        [
            f"{label_of(name)} ({REGISTRY[name].unit})",
            *(spread(material.means[r][name], REGISTRY[name].unit) for r in material.ordered),
        ]
        for name in names
    ]
    rule = pooling(material.means[r][name] for name in names for r in material.ordered)
    caption = "Means ± half the 95 % interval" + (f"; {rule}" if rule else "")
    return FigureTable(caption, ["measure", *material.called.values()], rows)


def means_data(material: Material, names: Sequence[str]) -> list[Sequence[object]]:
    """Give means with intervals as rows to download."""
    head = ["measure", "unit", "contract", "mean", "low", "high", "worlds"]
    return [
        head,
        *([n, REGISTRY[n].unit, r, *material.means[r][n][:4]] for n in names for r in material.ordered),
    ]


ACCESS = (
    "access.turned_away", "access.left_before_seen", "access.lost_at_referral", "access.helped_before_crisis",
    "outcomes.resolved_share", "outcomes.resolved_early_share",
)  # fmt: skip


def access(material: Material) -> Figure | None:
    """Draw what becomes of people at the door."""
    return side_by_side(
        material, "access", "Who gets help", ACCESS, "access.turned_away",
        note="Each panel has a scale of its own, from 0.",
    )  # fmt: skip


def mechanics(material: Material) -> Figure | None:
    """Set the arithmetic of the contracts beside what providers make of it."""
    held = [e for e in material.contrasts if e.mechanical is not None and e.mechanical.mean is not None]
    if not held:
        return None
    pair = ("arithmetic alone", "with people responding")
    rows = [
        [
            f"{label_of(e.measure)} ({e.unit})",
            material.called[e.contract],
            *(signed(g.mean, e.unit, g.half_width) for g in (e.mechanical, e.paired.difference)),
        ]
        for e in held
        if e.mechanical
    ]
    names = list(dict.fromkeys(each.measure for each in held))
    return Figure(
        "mechanics",
        "Arithmetic beside behaviour",
        _moved(held),
        [_twice(material, name, [each for each in held if each.measure == name]) for name in names],
        FigureTable("Differences from the first contract", ["measure", "contract", *pair], rows),
        [
            (
                "contract", "measure", "unit", "arithmetic", "arithmetic_low", "arithmetic_high", "behaviour",
                "behaviour_low", "behaviour_high",
            ),
            *(
                (e.contract, e.measure, e.unit, *e.mechanical[:3], *e.paired.difference[:3])
                for e in held
                if e.mechanical
            ),
        ],
        names,
        "Hollow: difference from the first contract with nobody responding to pay from then on, which is arithmetic "
        "alone; filled: with providers responding as the scenario says. What parts the two is psychology, and rests on "
        "assumptions.",
    )  # fmt: skip


def _twice(material: Material, name: str, held: Sequence[Contrast]) -> Panel:
    unit = REGISTRY[name].unit
    rows = [
        IntervalRow(
            material.called[each.contract] if hollow else "", found.mean, found.low, found.high,
            spread_shown(found, unit, sign=True), hollow=hollow,
        )
        for each in held
        for found, hollow in ((each.mechanical, True), (each.paired.difference, False))
        if found is not None and found.mean is not None
    ]  # fmt: skip
    return Panel(upper(label_of(name)), charts.levels(rows, mark=0.0))


def _moved(held: Sequence[Contrast]) -> str:
    apart = [each for each in held if each.mechanical and _lie_apart(each.mechanical, each.paired.difference)]
    if not apart:
        return "In no headline measure do the two lie apart: what is seen can be arithmetic alone."
    return f"In {len(apart)} of {len(held)} differences the intervals lie apart: there behaviour moves the result."


def _lie_apart(one: Estimate, other: Estimate) -> bool:
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low > other.high or other.low > one.high
