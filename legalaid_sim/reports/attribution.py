"""What the terminal shows of an attribution: each measure's change, shared out over the clauses."""

from typing import TYPE_CHECKING

from legalaid_sim.reports.comparison import set_out, signed
from legalaid_sim.reports.console import number

if TYPE_CHECKING:
    from legalaid_sim.experiments.attribution import Attributed, Attribution, Share

LEGEND = (
    "share: what a clause adds on average over all orders of making the changes, with 95 % interval;\n"
    "alone: what it does as the only change"
)


def render_attribution(found: "Attributed") -> str:
    """Show an attribution, the largest shares first."""
    way = "exactly" if found.exact else "over drawn orders"
    head = (
        f"from {found.before} to {found.after}: {len(found.clauses)} clauses, {found.worlds} worlds, "
        f"{found.runs:,} runs, shared out {way}"
    )
    return "\n\n".join([head, *(_measure(shared) for shared in found.measures), LEGEND])


def _measure(shared: "Attribution") -> str:
    from legalaid_sim.measures import REGISTRY

    unit = REGISTRY[shared.measure].unit
    levels = f"{number(shared.before.mean, unit)} to {number(shared.after.mean, unit)} {unit}"
    if shared.total.mean is None:
        return f"{shared.measure}: undefined in some world under some clauses"
    ranked = sorted(shared.shares, key=lambda share: (-abs(share.share.mean or 0.0), share.clause))
    idle = [share for share in ranked if _does_nothing(share)]
    rows = [["  clause", "", "share", "±", "alone"]]
    rows += [
        [
            f"  {share.clause}",
            "",
            signed(share.share.mean, unit),
            number(share.share.half_width, unit),
            signed(share.alone.mean, unit),
        ]
        for share in ranked
        if share not in idle
    ]
    rows.append(
        ["  together", "", signed(shared.total.mean, unit), number(shared.total.half_width, unit), ""]
    )
    rest = f"\n  {len(idle)} other clauses do nothing to it" if idle else ""
    return f"{shared.measure}: {levels}\n{set_out(rows)}{rest}"


def _does_nothing(share: "Share") -> bool:
    return share.share[:3] == (0, 0, 0) and share.alone[:3] == (0, 0, 0)
