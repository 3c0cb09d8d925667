"""What the terminal shows of a sensitivity analysis: does the ranking hold, and what moves the result."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from legalaid_sim.experiments.effects import Effect
from legalaid_sim.reports.comparison import set_out
from legalaid_sim.reports.console import shown_path
from legalaid_sim.reports.numbers import number, signed
from legalaid_sim.units import counted

if TYPE_CHECKING:
    from legalaid_sim.experiments.sensitivity import Sensitivity

SHOWN = 10
LEGEND = (
    "change: of the measure as a parameter goes through its whole range, with its 95 % interval;\n"
    "noise: the standard error that the worlds leave to one step; * stands clear of it"
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
    ranking = found.rankings[contract, measure]
    share = ranking.share.mean
    if share is None:
        return f"{measure}: undefined at every point"
    said = f"{measure}: {contract} has more than {found.contracts[0]} in {share:.0%} of {_where(found)}"
    if ranking.share.low is not None and found.design.method != "oat":
        said += f" ({max(0, ranking.share.low):.0%} to {min(1, ranking.share.high or 1):.0%})"
    turning = sorted(ranking.flips.items(), key=lambda item: (-item[1], item[0]))[:3]
    names = ", ".join(f"{found.parameters[factor]} ({part:.0%} of its steps)" for factor, part in turning)
    return f"{said}; turned by {names}" if names else f"{said}; no single parameter turns it"


def _where(found: "Sensitivity") -> str:
    return "the points tried" if found.design.method == "oat" else "the space"


def _tables(found: "Sensitivity") -> Iterator[str]:
    for measure in found.measures:
        for contract in found.contracts[1:]:
            title = f"{measure}: what moves the difference of {contract} from {found.contracts[0]}"
            yield _table(found, title, measure, found.differences[contract, measure])
        title = f"{measure} under {found.contracts[0]}"
        yield _table(found, title, measure, found.effects[found.contracts[0], measure])


def _table(found: "Sensitivity", title: str, measure: str, effects: Sequence[Effect]) -> str:
    from legalaid_sim.measures import REGISTRY

    unit = REGISTRY[measure].unit
    ranked = sorted(enumerate(effects), key=lambda item: (-(item[1].size.mean or 0.0), item[0]))
    moving = [(at, effect) for at, effect in ranked if effect.size.mean]
    if not moving:
        return f"{title}: no parameter"
    shares = any(effect.total for effect in effects)
    head = ["", "", "change", "±", "noise", *(["of variance"] if shares else [])]
    rows = [head, *(_row(found.parameters[at], effect, unit, shares) for at, effect in moving[:SHOWN])]
    still = len(effects) - len(moving)
    return f"{title}\n{set_out(rows)}\n{counted(still, 'other parameter')} without any effect here"


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
