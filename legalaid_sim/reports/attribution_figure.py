"""The figure of an attribution: which clauses lead from one contract's level to the other's."""

from collections.abc import Iterator, Sequence
from math import fsum

from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import tall
from legalaid_sim.reports.charts import IntervalRow
from legalaid_sim.reports.dots import Data, called, change_cells, heard, summand, three
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import interval, label_of, plain
from legalaid_sim.reports.numbers import signed, spread_shown
from legalaid_sim.reports.titles import clause_in_short
from legalaid_sim.units import counted

MOST_SHOWN, MOST_PANELS, MOST_TITLE = 8, 8, 300


def attribution(data: Data) -> Iterator[Figure]:
    """Draw which clauses cause the difference between two contracts, a panel for each measure."""
    held = {name: each for name, each in data["measures"].items() if each["total"]["mean"] is not None}
    ranked = {name: _shares(each) for name, each in held.items()}
    panels = [_falling(data, name, shares) for name, shares in list(ranked.items())[:MOST_PANELS] if shares]
    yield Figure(
        "attribution",
        "Which clauses cause the difference",
        " ".join(_cause(data, name, held[name], shares) for name, shares in ranked.items() if shares)
        or "No clause changes any of the measures.",
        panels,
        FigureTable(
            f"From {called(data, data['from'])} to {called(data, data['to'])}: the change shared out over clauses",
            ["clause", "measure", "share of the change", "95 % interval", "alone"],
            [
                [_titled(data, clause), label_of(name), *_share_cells(share, REGISTRY[name].unit)]
                for name, shares in ranked.items()
                for clause, share in shares
            ],
        ),
        [
            ("measure", "clause", "share", "low", "high", "alone", "alone_low", "alone_high"),
            *(
                (name, clause, *three(share["share"]), *three(share["alone"]))
                for name, shares in ranked.items()
                for clause, share in shares
            ),
        ],
        list(held),
        f"Shapley values over {counted(data['worlds'], 'world')}, "
        f"{'exact' if data['exact'] else 'over drawn orders'}: what a "
        "clause adds on average over all orders of making the changes. Each bar begins "
        "where the one above ends, the first at the dotted line; all sum to the whole, in outline.",
    )


def _falling(data: Data, name: str, shares: Sequence[tuple[str, Data]]) -> Panel:
    """Draw how the shares of clauses lead from one contract's level to the other's; the smallest together."""
    unit, measure = REGISTRY[name].unit, data["measures"][name]
    rows = [summand(clause_in_short(clause), share["share"], unit) for clause, share in shares[:MOST_SHOWN]]
    rest = fsum(share["share"]["mean"] for _, share in shares[MOST_SHOWN:])
    if len(shares) > MOST_SHOWN:
        together = {"mean": rest, "low": None, "high": None}
        rows.append(summand(f"{len(shares) - MOST_SHOWN} more", together, unit))
    start, end = (Estimate(**measure[side]) for side in ("from", "to"))
    begins = IntervalRow(called(data, data["from"]), start.mean or 0.0, None, None, spread_shown(start, unit))
    whole = summand(f"{called(data, data['to'])}: {spread_shown(end, unit)}", measure["total"], unit)
    return Panel(
        label_of(name), tall.waterfall(begins, rows, whole), heard(label_of(name), [begins, *rows, whole])
    )


def _shares(measure: Data) -> list[tuple[str, Data]]:
    shares = [(clause, share) for clause, share in measure["shares"].items() if share["share"]["mean"]]
    return sorted(shares, key=lambda item: (-abs(item[1]["share"]["mean"]), item[0]))


def _titled(data: Data, clause: str) -> str:
    """Say what a clause puts in place of what, in the titles of the contracts where the study kept them."""
    return plain(data.get("clause_titles", {}).get(clause) or clause_in_short(clause), MOST_TITLE)


def _share_cells(share: Data, unit: str) -> list[str]:
    alone = Estimate(**share["alone"])
    return [*change_cells(share["share"], unit), signed(alone.mean, unit, alone.half_width)]


def _cause(data: Data, name: str, measure: Data, shares: Sequence[tuple[str, Data]]) -> str:
    unit, (clause, share) = REGISTRY[name].unit, shares[0]
    total, part = Estimate(**measure["total"]), Estimate(**share["share"])
    known = part.low is not None and part.high is not None and (part.low > 0 or part.high < 0)
    said = "accounts for" if known else "seems to account for, not clearly,"
    return (
        f"'{label_of(name)}' changes by {signed(total.mean, unit, total.half_width)} "
        f"({interval(total, unit, sign=True)}), of "
        f"which the clause '{clause_in_short(clause)}' {said} "
        f"{signed(part.mean, unit, part.half_width)} "
        f"({interval(part, unit, sign=True)})."
    )
