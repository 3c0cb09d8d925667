"""What the terminal shows of a sensitivity analysis: does the ranking hold, and what moves the result."""

from collections.abc import Iterator, Sequence
from math import ceil, log2
from typing import TYPE_CHECKING

from legalaid_sim.experiments.sensitivity.effects import Effect
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.reports.comparison import rounded, set_out
from legalaid_sim.reports.console import shown_path
from legalaid_sim.reports.numbers import number, signed
from legalaid_sim.units import counted

if TYPE_CHECKING:
    from legalaid_sim.experiments.sensitivity.inquiry import Sensitivity
    from legalaid_sim.experiments.sensitivity.turning import Ranking

SHOWN = 10
CLOSE = 0.1
LEGEND = (
    "change: of the measure as a parameter goes through its whole range, with its 95 % interval taken alone;\n"
    "noise: the standard error that the worlds leave to one step; * does something: at most 5 in 100 analyses\n"
    "put one at a parameter that does nothing (Holm, over all parameters, measures and contracts)"
)


def render_sensitivity(found: "Sensitivity") -> str:
    """Show the ranking first, then what moves each measure most."""
    head = (
        f"{counted(len(found.parameters), 'parameter')}, {counted(len(found.design.points), 'point')} by "
        f"{found.design.method}, {counted(found.swept.runs, 'run')}"
    )
    parts = [
        head,
        _rankings(found),
        *_tables(found),
        LEGEND,
        _failed(found),
        f"saved in {shown_path(found.folder)}",
    ]
    return "\n\n".join(part for part in parts if part)


def _rankings(found: "Sensitivity") -> str:
    return "\n".join(_sentence(found, contract, measure) for contract, measure in found.rankings)


def _sentence(found: "Sensitivity", contract: str, measure: str) -> str:
    ranking, baseline = found.rankings[contract, measure], found.contracts[0]
    if ranking.more.mean is None:
        return f"{measure}: undefined at every point"
    where = "the points tried" if found.design.method == "oat" else "the space"
    if ranking.untold.mean == 1:
        said = f"{measure}: nowhere can the worlds tell {contract} from {baseline}"
    else:
        parts = [
            f"more than {baseline} in {_part(ranking.more)} of {where}",
            f"less in {_part(ranking.less)}",
            *(
                [f"no difference that matters in {_part(ranking.no_matter)}"]
                if ranking.no_matter.mean
                else []
            ),
        ]
        said = f"{measure}: {contract} has {', '.join(parts)}"
        said += f"; in {ranking.untold.mean:.0%} the worlds cannot tell" if ranking.untold.mean else ""
    if ranking.needed is not None:
        said += f"; about {rounded(ranking.needed)} worlds would (-r {ranking.needed})"
    return f"{said}; {_turning(found, ranking)}"


def _turning(found: "Sensitivity", ranking: "Ranking") -> str:
    turning = sorted(ranking.flips.items(), key=lambda item: (-item[1], item[0]))[:3]
    names = ", ".join(f"{found.parameters[at]} ({part:.0%} of its told steps)" for at, part in turning)
    return f"turned by {names}" if names else "no single parameter is seen to turn it"


def _part(share: Estimate) -> str:
    if share.mean is None or share.low is None or share.high is None:
        return number(share.mean, "share") if share.mean is None else f"{share.mean:.0%}"
    return f"{share.mean:.0%} ({share.low:.0%} to {share.high:.0%})"


def _tables(found: "Sensitivity") -> Iterator[str]:
    for measure in found.measures:
        for contract in found.contracts[1:]:
            title = f"{measure}: what moves the difference of {contract} from {found.contracts[0]}"
            yield _table(found, title, (contract, measure), found.differences[contract, measure])
        title = f"{measure} under {found.contracts[0]}"
        first = found.contracts[0], measure
        yield _table(found, title, first, found.effects[first])


def _table(found: "Sensitivity", title: str, key: tuple[str, str], effects: Sequence[Effect]) -> str:
    from legalaid_sim.measures import REGISTRY

    unit = REGISTRY[key[1]].unit
    ranked = sorted(enumerate(effects), key=lambda item: (-(item[1].size.mean or 0.0), item[0]))
    moving = [(at, effect) for at, effect in ranked if effect.size.mean]
    if not moving:
        return f"{title}: no parameter"
    shares = any(effect.total for effect in effects)
    head = ["", "", "change", "±", "noise", *(["of variance"] if shares else [])]
    rows = [head, *(_row(found.parameters[at], effect, unit, shares) for at, effect in moving[:SHOWN])]
    still = len(effects) - len(moving)
    lines = [
        title,
        set_out(rows),
        f"{counted(still, 'other parameter')} without any effect here",
        _spare(found, effects),
        _of_variance(found, key, effects, unit),
    ]
    return "\n".join(line for line in lines if line)


def _spare(found: "Sensitivity", effects: Sequence[Effect]) -> str:
    """Say what would settle the largest effect that does not stand clear, if it is as large as it looks."""
    hidden = [(effect, at) for at, effect in enumerate(effects) if effect.needed is not None]
    if not hidden:
        return ""
    largest, at = max(hidden, key=lambda item: (item[0].size.mean or 0.0, -item[1]))
    option, what = ("-r", "worlds") if found.design.walks == 1 else ("-n", "walks")
    if found.design.method == "sobol":
        what = "base points"
    return (
        f"for {found.parameters[at]} to stand clear: about {rounded(largest.needed or 0)} {what} ({option})"
    )


def _of_variance(found: "Sensitivity", key: tuple[str, str], effects: Sequence[Effect], unit: str) -> str:
    """Say what the shares are shares of, and how many base points would tell them to a tenth."""
    if key not in found.deviations:
        return ""
    reach = [effect.total[1] for effect in effects if effect.total]
    if not reach:
        return "what varies over the space does not stand clear of chance: no shares"
    said = f"shares of a standard deviation of {number(found.deviations[key], unit)} over the space"
    if max(reach) <= CLOSE:
        return said
    enough = 1 << ceil(log2(found.design.walks * (max(reach) / CLOSE) ** 2))
    return f"{said}, told to ± {max(reach):.0%}; about {enough:,} base points would to ± {CLOSE:.0%} (-n {enough})"


def _row(name: str, effect: Effect, unit: str, shares: bool) -> list[str]:
    total = [f"{effect.total[0]:.0%} ± {effect.total[1]:.0%}" if effect.total else "–"] if shares else []
    return [
        name,
        "*" if effect.clear else "",
        signed(effect.mean.mean, unit),
        number(effect.mean.half_width, unit),
        number(effect.noise, unit),
        *total,
    ]


def _failed(found: "Sensitivity") -> str:
    count = found.swept.failed
    return f"{counted(count, 'run')} did not end well, left out" if count else ""
