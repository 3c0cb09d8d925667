"""A comparison that is done: what it found and where it was written."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.experiments.compare.equal_money import Equal
from legalaid_sim.experiments.compare.pairing import GroupGain
from legalaid_sim.experiments.compare.ranking import Best
from legalaid_sim.experiments.run.writing import rows_of
from legalaid_sim.experiments.shared.contrasts import Contrast, difference_rows
from legalaid_sim.experiments.shared.doubt import Doubt
from legalaid_sim.experiments.shared.lasting import Price
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.tabular import as_html, counted


class ComparisonResult(NamedTuple):
    """A comparison that is done: where it was written and what it found."""

    folder: Path
    manifest: Mapping[str, Any]
    baseline: str
    contracts: tuple[str, ...]
    worlds: int
    estimates: Mapping[str, Mapping[str, Estimate]]
    contrasts: tuple[Contrast, ...]
    gains: Mapping[str, Sequence[GroupGain]]
    best: Best | None
    best_measure: str | None
    prices: tuple[Price, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    equal: tuple[Equal, ...] | None = None
    apart: tuple[str, ...] = ()

    @property
    def measures(self) -> list[dict[str, Any]]:
        """Mean and interval of every measure under every contract, as plain rows."""
        return [row._asdict() for row in rows_of(self.estimates)]

    @property
    def differences(self) -> list[dict[str, Any]]:
        """What each contract changes against the baseline, world by world, in every measure looked at."""
        return difference_rows(self.contrasts)

    def __repr__(self) -> str:
        worlds = counted(self.worlds, "world")
        return f"Comparison({', '.join(self.contracts)} against {self.baseline}; {worlds}; {self.folder})"

    def _repr_html_(self) -> str:
        return as_html(repr(self), self.differences)
