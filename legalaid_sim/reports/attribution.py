"""What the terminal shows of an attribution: each measure's change, shared out over the clauses."""

from typing import TYPE_CHECKING

from legalaid_sim.experiments.attribution.attributing import TAKEN_UP
from legalaid_sim.reports import columns
from legalaid_sim.reports.columns import terminal_width
from legalaid_sim.reports.numbers import number, signed, spread
from legalaid_sim.units import counted

if TYPE_CHECKING:
    from legalaid_sim.experiments.attribution.attributing import Attributed, Attribution, ClauseShare

LEGEND = (
    "share: what a clause adds on average over all orders of making the changes, with 95 % interval;\n"
    "alone: what it does as the only change"
)


def render_attribution(found: "Attributed") -> str:
    """Show an attribution, the largest shares first."""
    way = "exactly" if found.exact else "over drawn orders"
    head = (
        f"from {found.before} to {found.after}: {counted(len(found.clauses), 'clause')}, "
        f"{counted(found.worlds, 'world')}, {counted(found.runs, 'run')}, shared out {way}"
    )
    return "\n\n".join([head, *(_measure(shared) for shared in found.measures), LEGEND])


def _measure(shared: "Attribution") -> str:
    from legalaid_sim.measures import REGISTRY

    unit = REGISTRY[shared.measure].unit
    levels = " to ".join(number(each.mean, unit, each.half_width) for each in (shared.before, shared.after))
    if shared.total.mean is None:
        return f"{shared.measure}: undefined in some world under some clauses"
    ranked = sorted(shared.shares, key=lambda share: (-abs(share.share.mean or 0.0), share.clause))
    idle = [share for share in ranked if _does_nothing(share)]
    rows = [["  clause", "share", "alone"]]
    rows += [
        [
            f"  {share.clause}",
            spread(share.share, unit, sign=True),
            signed(share.alone.mean, unit, share.alone.half_width),
        ]
        for share in ranked
        if share not in idle
    ]
    rows.append(["  together", spread(shared.total, unit, sign=True), ""])
    idle = [share for share in idle if share.clause != TAKEN_UP]
    rest = f"\n  {counted(len(idle), 'other clause')} without any effect on it" if idle else ""
    return f"{shared.measure}: {levels} ({unit})\n{columns.set_out(rows, terminal_width())}{rest}"


def _does_nothing(share: "ClauseShare") -> bool:
    return share.share[:3] == (0, 0, 0) and share.alone[:3] == (0, 0, 0)
