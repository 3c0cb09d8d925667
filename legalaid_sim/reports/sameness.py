"""The figure of continuity: how clients are spread between never and always the same adviser, by their need of one."""

from collections import Counter
from collections.abc import Mapping, Sequence

from legalaid_sim.experiments.compare.pairing import ClientLife
from legalaid_sim.measures.statistics import quantile
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import Stack
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.figures import level_panels, said
from legalaid_sim.reports.material import Material

BINS = ("0", "to ¼", "to ½", "to ¾", "below 1", "1")
NAMED = ("0, never", *BINS[1:-1], "1, always the same")
NEEDS = ("need below the median", "need at or above it")
NOTE = (
    "A bar is all clients of a contract with two contacts or more, parted by how likely two of their contacts were "
    "with the same adviser; short strokes stand at the middle client. Bars are from the log of the first world, which "
    "shows one possible course of events; means and the sentence speak of all worlds."
)


def continuity(material: Material) -> Figure | None:
    """Draw how COC is spread over clients, by relational need, beside its mean over all worlds."""
    if not material.logged:
        return None
    held = {name: _by_need(lives) for name, lives in material.lives.items()}
    spread = {name: [Counter(map(_bin, half)) for half in both] for name, both in held.items()}
    rows = [
        [
            f"{material.called[name]}, {need}", *(f"{_share(spread[name][at], b):.0%}" for b in range(len(BINS))),
            _middle(both[at]), str(len(both[at])),
        ]
        for name, both in held.items()
        for at, need in enumerate(NEEDS)
    ]  # fmt: skip
    return Figure(
        "continuity",
        "Whether people see the same adviser",
        said(material, "continuity.coc"),
        [
            *(_panel(material, {name: both[at] for name, both in spread.items()}, need)
              for at, need in enumerate(NEEDS)),
            *level_panels(material, ["continuity.coc"]),
        ],
        FigureTable(
            "Clients by same adviser, first world", ["contract and need", *BINS, "middle client", "clients"], rows
        ),
        [
            ["contract", "need", "coc", "clients"],
            *(
                [n, need, BINS[b], count[b]]
                for n, both in spread.items()
                for need, count in zip(NEEDS, both)
                for b in range(len(BINS))
            ),
        ],
        ["continuity.coc", "continuity.secon", "continuity.coc_low_need", "continuity.coc_high_need",
         "continuity.excluded_share"],
        NOTE,
    )  # fmt: skip


def _panel(material: Material, held: Mapping[str, Counter[int]], need: str) -> Panel:
    rows = []
    for name, count in held.items():
        shares = [_share(count, bin_) for bin_ in range(len(BINS))]
        rows.append(Stack(material.called[name], shares, [f"{share:.0%}" for share in shares]))
    spoken = "; ".join(f"{row.label} never {row.words[0]}, always {row.words[-1]}" for row in rows)
    heading = f"Clients with {need}"
    return Panel(heading, charts.stacks(rows, NAMED, mark=0.5), f"{heading}, the same adviser: {spoken}")


def _by_need(lives: Mapping[str, ClientLife]) -> tuple[list[float], list[float]]:
    middle = quantile([life.relational_need for life in lives.values()], 0.5) or 0.0
    halves: tuple[list[float], list[float]] = ([], [])
    for life in lives.values():
        if life.coc is not None:
            halves[life.relational_need >= middle].append(life.coc)
    return halves


def _middle(cocs: Sequence[float]) -> str:
    found = quantile(cocs, 0.5)
    return "–" if found is None else f"{found:.0%}"


def _bin(coc: float) -> int:
    """Place a COC: none, four quarters, all.

    >>> [_bin(value) for value in (0.0, 0.2, 0.25, 0.5, 0.9, 1.0)]
    [0, 1, 1, 2, 4, 5]
    """
    if coc in (0.0, 1.0):
        return 0 if coc == 0 else len(BINS) - 1
    return 1 + next(place for place, edge in enumerate((0.25, 0.5, 0.75, 1.0)) if coc <= edge)


def _share(count: Counter[int], bin_: int) -> float:
    return count[bin_] / count.total() if count else 0.0
