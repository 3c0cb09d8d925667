"""Which figures a report has, in the order in which they are read."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from legalaid_sim.experiments.contrasts import Contrast
from legalaid_sim.experiments.statistics import Estimate
from legalaid_sim.experiments.verdicts import CANNOT_TELL, DIFFERS, NO_MATTER
from legalaid_sim.measures import HEADLINES, REGISTRY
from legalaid_sim.measures.statistics import quantile
from legalaid_sim.reports import charts
from legalaid_sim.reports.figure import Figure, Panel, Table
from legalaid_sim.reports.finding import (
    difference_of,
    label_of,
    level_of,
    listed,
    plain,
)
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.numbers import between, number, pooling, signed, spread
from legalaid_sim.units import counted

Build = Callable[[Material], Figure | None]
LABEL = 30
MOST_OF_THEM = 0.8
LEGEND = (
    "▲ better, ▼ worse, ● more or less of what is neither, short bar: no difference that matters, or it cannot be "
    "told. Lines are 95 % intervals; an arrow marks one that runs on. What was asked and the further measures are two "
    "families, each adjusted by Holm's method."
)
LEAST_REACH, MOST_REACH = 20.0, 120.0


def short(name: str) -> str:
    """Name a contract as charts have room for."""
    return plain(name, LABEL)


def known(material: Material) -> dict[str, str]:
    """Give each contract a short name of its own, for series that must not fall together."""
    given: dict[str, str] = {}
    for name in material.ordered:
        shown = short(name)
        given[name] = shown if shown not in given.values() else f"{plain(name, LABEL - 4)} ({len(given) + 1})"
    return given


def differences(material: Material) -> Figure | None:
    """Draw the paired differences from the first contract in every headline measure, in per cent."""
    if not material.others:
        return None
    found = material.contrasts
    drawn = [each for each in found if _relative(each) is not None]
    limit = _reach(drawn)
    panels = [
        Panel(
            plain(name),
            charts.draw(charts.forest(rows, limit), f"Paired differences of {plain(name)}", f"d{place}"),
        )
        for place, name in enumerate(material.others)
        if (rows := [row for each in drawn if each.contract == name and (row := _relative(each))])
    ]
    head = [
        "contract",
        "measure",
        "unit",
        material.baseline,
        "contract's",
        "difference",
        "low",
        "high",
        "p, adjusted",
        "verdict",
    ]
    return Figure(
        "differences",
        f"Differences from {plain(material.baseline)}, on the same worlds",
        _count(found, material),
        panels,
        Table(
            "Paired differences with 95 % intervals",
            [
                "measure",
                "contract",
                plain(material.baseline),
                "contract's",
                "difference",
                "95 % interval",
                "verdict",
            ],
            [_difference_row(each) for each in found],
        ),
        [
            head,
            *(
                [
                    e.contract,
                    e.measure,
                    e.unit,
                    e.baseline.mean,
                    e.ours.mean,
                    *e.paired.difference[:3],
                    e.p_value,
                    e.verdict,
                ]
                for e in found
            ),
        ],
        [each.name for each in HEADLINES],
        " ".join([_responding(material), LEGEND, *_pooling(found)]),
    )


def _pooling(found: Sequence[Contrast]) -> list[str]:
    rule = pooling(each.paired.difference for each in found)
    return [f"{rule[:1].upper()}{rule[1:]}."] if rule else []


def _responding(material: Material) -> str:
    if material.scenario.respond == "none":
        return "In this scenario nobody responds to pay, so every difference is arithmetic."
    return "Providers respond to pay; what of a difference is arithmetic alone is told further down."


def _relative(contrast: Contrast) -> dict[str, Any] | None:
    gap, base = contrast.paired.difference, contrast.baseline.mean
    if gap.mean is None or not base:
        return None
    low, high = (gap.low, gap.high) if gap.low is not None and gap.high is not None else (gap.mean, gap.mean)
    ends = sorted(100 * value / abs(base) for value in (low, high))
    return {
        "label": label_of(contrast.measure),
        "mean": 100 * gap.mean / abs(base),
        "low": ends[0],
        "high": ends[1],
        "verdict": contrast.verdict,
    }


def _reach(drawn: Sequence[Contrast]) -> float:
    rows = [row for each in drawn if (row := _relative(each))]
    far = max([abs(row["mean"]) for row in rows if row["verdict"] in DIFFERS], default=0.0)
    most = quantile([abs(row["mean"]) for row in rows], MOST_OF_THEM) or 0.0
    return min(MOST_REACH, max(LEAST_REACH, 1.25 * far, 1.25 * most))


def _count(found: Sequence[Contrast], material: Material) -> str:
    tested = [each for each in found if each.p_value is not None]
    if not tested:
        return (
            f"One world was lived: the differences from {plain(material.baseline)} have no intervals, and "
            "nothing is said of them."
        )
    parts = [
        f"{plain(name)} {_tally([each for each in tested if each.contract == name])}"
        for name in material.others
    ]
    of = f"Of {counted(len(tested), 'difference')} from {plain(material.baseline)}"
    return f"{of}: {'; '.join(parts)}."


def _tally(held: Sequence[Contrast]) -> str:
    words = Counter(each.verdict for each in held)
    shown = {"better": words["better"], "worse": words["worse"], "neither": words["more"] + words["less"]}
    shown |= {NO_MATTER: words[NO_MATTER], "not to be told": words[CANNOT_TELL]}
    shown |= {"never seen to differ": words["never seen to differ"]}
    return ", ".join(
        f"{count} {word}" for word, count in shown.items() if count or word in ("better", "worse")
    )


def _difference_row(contrast: Contrast) -> list[str]:
    gap, unit = contrast.paired.difference, contrast.unit
    return [
        f"{label_of(contrast.measure)} ({unit})", plain(contrast.contract),
        *(number(each.mean, unit, each.half_width) for each in (contrast.baseline, contrast.ours)),
        signed(gap.mean, unit, gap.half_width), between(gap, unit, sign=True) + ", pooled" * contrast.pooled,
        contrast.verdict,
    ]  # fmt: skip


def compared_dots(
    material: Material, key: str, title: str, names: Sequence[str], axis: str, leading: str, note: str = ""
) -> Figure | None:
    """Draw measures of one unit side by side for all contracts, with a sentence on the leading one."""
    held = [
        name
        for name in names
        if any(material.means[regime][name].mean is not None for regime in material.ordered)
    ]
    if not held:
        return None
    called = known(material)
    rows = [
        {"label": label_of(name), "series": called[regime], **_bounds(found)}
        for name in held
        for regime in material.ordered
        if (found := material.means[regime][name]).mean is not None
    ]
    chart = charts.dots(rows, list(called.values()), axis, shares=REGISTRY[held[0]].unit == "share")
    return Figure(
        key,
        title,
        said(material, leading),
        [Panel("", charts.draw(chart, title, key))],
        means_table(material, held),
        means_data(material, held),
        held,
        note,
    )


def _bounds(found: Estimate) -> dict[str, float | None]:
    return {
        "mean": found.mean,
        "low": found.mean if found.low is None else found.low,
        "high": found.mean if found.high is None else found.high,
    }


def said(material: Material, name: str) -> str:
    """Give the sentence of finding on one measure: how contracts differ in it, or its level under one."""
    measure = REGISTRY[name]
    held = [each for each in material.contrasts if each.measure == name]
    if held:
        return difference_of(held, measure, material.baseline)
    return " ".join(level_of(regime, measure, material.means[regime][name]) for regime in material.ordered)


def means_table(material: Material, names: Sequence[str]) -> Table:
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
    return Table(caption, ["measure", *map(plain, material.ordered)], rows)


def means_data(material: Material, names: Sequence[str]) -> list[Sequence[object]]:
    """Give means with intervals as rows to download."""
    head = ["measure", "unit", "contract", "mean", "low", "high", "worlds"]
    return [
        head,
        *([n, REGISTRY[n].unit, r, *material.means[r][n][:4]] for n in names for r in material.ordered),
    ]


def activities(material: Material) -> Figure | None:
    """Draw where adviser time goes."""
    names = [
        name
        for name in REGISTRY
        if name.startswith("time.") and name.endswith("_share") and _is_activity(name)
    ]
    first = material.means[material.baseline]
    shown = [n for n in names if any((material.means[r][n].mean or 0) > 0 for r in material.ordered)]
    shown.sort(key=lambda name: -(first[name].mean or 0))
    return compared_dots(
        material, "activities", "Where adviser time goes", shown, "share of advisers' time at work",
        "time.contact_share",
        "By the advisers' own diaries, over the months that count.",
    )  # fmt: skip


def _is_activity(name: str) -> bool:
    from legalaid_sim.events import ACTIVITIES

    return name.removeprefix("time.").removesuffix("_share") in ACTIVITIES


def access(material: Material) -> Figure | None:
    """Draw what becomes of people at the door."""
    names = [
        "access.turned_away", "access.left_before_seen", "access.lost_at_referral",
        "access.helped_before_crisis", "outcomes.resolved_share", "outcomes.resolved_early_share",
    ]  # fmt: skip
    return compared_dots(material, "access", "Who gets help", names, "share", "access.turned_away")


def mechanics(material: Material) -> Figure | None:
    """Set the arithmetic of the contracts beside what providers make of it."""
    held = [
        each
        for each in material.contrasts
        if each.mechanical is not None and each.mechanical.mean is not None
    ]
    if not held:
        return None
    rows = [
        [
            f"{label_of(e.measure)} ({e.unit})",
            plain(e.contract),
            *(signed(g.mean, e.unit, g.half_width) for g in (e.mechanical, e.paired.difference)),
        ]
        for e in held
        if e.mechanical
    ]
    pair = ("arithmetic alone", "with people responding")
    panels = []
    for place, name in enumerate(material.others):
        drawn = [row for each in held if each.contract == name for row in _both(each, pair)]
        if drawn:
            title = "difference, per cent of the first contract's value"
            chart = charts.dots(drawn, pair, title, shares=False, limit=_reach(held))
            panels.append(
                Panel(
                    plain(name),
                    charts.draw(chart, f"Arithmetic and behaviour under {plain(name)}", f"m{place}"),
                )
            )
    return Figure(
        "mechanics",
        "Arithmetic beside behaviour",
        _moved(held),
        panels,
        Table("Differences from the first contract", ["measure", "contract", *pair], rows),
        [
            [
                "contract",
                "measure",
                "unit",
                "arithmetic",
                "arithmetic_low",
                "arithmetic_high",
                "behaviour",
                "behaviour_low",
                "behaviour_high",
            ],
            *(
                [e.contract, e.measure, e.unit, *e.mechanical[:3], *e.paired.difference[:3]]
                for e in held
                if e.mechanical
            ),
        ],
        list(dict.fromkeys(each.measure for each in held)),
        "The same worlds were lived twice: once with nobody responding to pay, which leaves the arithmetic "
        "of the contracts, and once with providers responding as the scenario says. What parts the two is "
        "psychology, and rests on assumptions.",
    )


def _both(contrast: Contrast, pair: tuple[str, str]) -> Iterator[Mapping[str, Any]]:
    base = contrast.baseline.mean
    for series, found in zip(pair, (contrast.mechanical, contrast.paired.difference)):
        if base and found is not None and found.mean is not None:
            scale = 100 / abs(base)
            bounds = _bounds(found)
            yield {
                "label": label_of(contrast.measure),
                "series": series,
                **{k: (v or 0.0) * scale for k, v in bounds.items()},
            }


def _moved(held: Sequence[Contrast]) -> str:
    apart = [each for each in held if each.mechanical and _lie_apart(each.mechanical, each.paired.difference)]
    if not apart:
        return (
            "In no headline measure do the intervals of the two lie apart: what is seen can be arithmetic "
            "alone."
        )
    names = listed(list(dict.fromkeys(label_of(each.measure) for each in apart)))
    return (
        f"In {len(apart)} of {len(held)} differences the intervals of the two lie apart ({names}): there "
        "behaviour moves the result."
    )


def _lie_apart(one: Estimate, other: Estimate) -> bool:
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low > other.high or other.low > one.high
