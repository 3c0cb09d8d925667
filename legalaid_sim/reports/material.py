"""What a report is made of: read once from a results folder, and from nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legalaid_sim.errors import ResultsError
from legalaid_sim.events import (
    AdminWork,
    Asked,
    Contact,
    Diary,
    DutyDone,
    DutyFell,
    Entitled,
    Event,
    Log,
    Missed,
    MonthClosed,
    Outcome,
    Paid,
    Person,
    Spent,
    TurnedAway,
    Work,
)
from legalaid_sim.experiments.compare.pairing import ClientLife, GroupGain, gains, lives_of, tally
from legalaid_sim.experiments.shared.contrasts import Contrast, contrasts_of
from legalaid_sim.experiments.shared.doubt import Doubt
from legalaid_sim.experiments.shared.doubt_files import doubts_from
from legalaid_sim.experiments.shared.lasting import Price, prices
from legalaid_sim.experiments.shared.plans import MECHANICAL
from legalaid_sim.experiments.shared.ratios import pooled_among
from legalaid_sim.experiments.shared.replicate import Values, estimates
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import HEADLINES, REGISTRY, admin_by_clause
from legalaid_sim.measures.folds import ClauseAdmin
from legalaid_sim.measures.scorecard import FEATURES
from legalaid_sim.reports.answer import AnswerScope, answer
from legalaid_sim.reports.titles import short_titles, titled
from legalaid_sim.reports.touched import Touched, touched_of
from legalaid_sim.results import Run
from legalaid_sim.results.summary import ClauseRow, MonthRow, read_clause_rows, read_monthly

if TYPE_CHECKING:
    from legalaid_sim.contracts.pricing.terms import CompiledTerms
    from legalaid_sim.scenario.model import Scenario

NEEDED: tuple[type[Event], ...] = (
    Asked, Person, Contact, Outcome, Diary, DutyFell, DutyDone, AdminWork, MonthClosed, Entitled, Paid, Spent,
    TurnedAway,
    Work,
)  # fmt: skip
FIRST = 1


@dataclass(frozen=True)
class Material:
    """A finished run as the report reads it. Regimes lived without any response to pay stand apart."""

    run: Run

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The manifest of the run."""
        return self.run.manifest

    @cached_property
    def scenario(self) -> "Scenario":
        """The scenario that was run, as the manifest keeps it."""
        return scenario_of(self.run)

    @cached_property
    def regimes(self) -> tuple[str, ...]:
        """The contracts that were lived with people responding as the scenario says, in order."""
        return tuple(name for name in self.run.regimes if not name.endswith(MECHANICAL))

    @property
    def baseline(self) -> str:
        """The contract against which the others are set."""
        return str(self.manifest.get("baseline") or self.regimes[0])

    @property
    def others(self) -> tuple[str, ...]:
        """The contracts that are set against the baseline."""
        return tuple(name for name in self.regimes if name != self.baseline)

    @cached_property
    def ordered(self) -> tuple[str, ...]:
        """The baseline, then the others."""
        return (self.baseline, *self.others)

    @cached_property
    def called(self) -> dict[str, str]:
        """What a page calls each contract: its short title, or the name of what is lived."""
        held = {
            name: [each.get("resolved", {}) for each in self.manifest["regimes"][name]["contracts"]]
            for name in self.ordered
        }
        return titled(self.ordered, short_titles(held))

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The measures that answer the question, in order."""
        return AnswerScope.of(self.manifest["scenario"]["resolved"]).asked

    @cached_property
    def doubts(self) -> dict[tuple[str, str], Doubt]:
        """What nobody knows of each difference, by contract and measure; empty where it was not drawn."""
        found = doubts_from(self.beside("ignorance.json"))
        return {(doubt.contract, doubt.measure): doubt for doubt in found if doubt.low is not None}

    @cached_property
    def prices(self) -> tuple[Price, ...]:
        """What each contract costs the payer, and whether the agency could have lasted; the baseline first."""
        return prices(self.series, self.baseline, self.scenario.ignorance)

    @cached_property
    def equal(self) -> dict[str, Mapping[str, Any]]:
        """What was found at equal money, by contract; empty where it was not lived."""
        held = self.beside("equal-money.json").get("contracts", ())
        return {each["contract"]: each for each in held if each["factor"] is not None}

    @cached_property
    def months(self) -> dict[str, dict[str, list[MonthRow]]]:
        """Every monthly curve over all worlds, by curve and contract; empty where none was kept."""
        path = self.run.folder / "months.csv"
        found: dict[str, dict[str, list[MonthRow]]] = {}
        for row in read_monthly(path) if path.is_file() else ():
            found.setdefault(row.curve, {}).setdefault(row.regime, []).append(row)
        return found

    @cached_property
    def clauses(self) -> dict[str, list[ClauseRow]]:
        """What each clause asked for, by contract: over all worlds, in a folder of before of the first."""
        path = self.run.folder / "clauses.csv"
        found: dict[str, list[ClauseRow]] = {}
        for row in read_clause_rows(path) if path.is_file() else ():
            found.setdefault(row.regime, []).append(row)
        if found and set(found) <= set(self.ordered):
            return {name: found.get(name, []) for name in self.ordered}
        return {
            name: [_of_one(name, row) for row in admin_by_clause(log).values()]
            for name, log in self.logs.items()
        }

    @cached_property
    def series(self) -> dict[str, list[Values]]:
        """Every measure of every world, by contract."""
        return {name: list(self.run.reader.measures(name)) for name in self.ordered}

    @cached_property
    def means(self) -> dict[str, dict[str, Estimate]]:
        """Means with intervals by contract and measure."""
        names, drawn = tuple(REGISTRY), self.scenario.ignorance
        pooled = pooled_among(self.series, names, drawn)
        return {name: estimates(values, names, pooled, drawn) for name, values in self.series.items()}

    @cached_property
    def mechanical(self) -> dict[str, list[Values]]:
        """Every measure of every world with nobody responding to pay; empty where that was not lived."""
        names = {name: f"{name}{MECHANICAL}" for name in self.ordered}
        held: dict[str, list[Values]] = {
            name: list(self.run.reader.measures(other))
            for name, other in names.items()
            if other in self.run.regimes
        }
        return held if len(held) == len(names) else {}

    @cached_property
    def contrasts(self) -> tuple[Contrast, ...]:
        """Differences from the baseline in every headline measure, adjusted for being several."""
        asked = self.scenario.answer_with
        family = tuple(dict.fromkeys((*asked, *(each.name for each in HEADLINES))))
        drawn = self.scenario.ignorance
        found = contrasts_of(self.series, self.mechanical, self.baseline, family, asked, drawn)
        told = {
            (row["contract"], row["measure"]): row["mechanical"]
            for row in self.compared.get("differences", ())
        }
        return tuple(_with_arithmetic(each, told.get((each.contract, each.measure))) for each in found)

    @cached_property
    def answer(self) -> list[str]:
        """The first answer, in sentences."""
        lived = AnswerScope.of(self.manifest["scenario"]["resolved"])
        doubts = doubts_from(self.beside("ignorance.json"))
        return answer(self.contrasts, self.baseline, self.means[self.baseline], self.prices, lived, doubts)

    @cached_property
    def scored(self) -> dict[tuple[str, str], Contrast]:
        """Differences from the baseline on the scorecard that are told, by contract and measure.

        The scorecard is a family of its own.
        """
        family = tuple(dict.fromkeys(name for feature in FEATURES for name in feature.measures))
        found = contrasts_of(self.series, {}, self.baseline, family, drawn=self.scenario.ignorance)
        return {(each.contract, each.measure): each for each in found if each.differs}

    @cached_property
    def compared(self) -> Mapping[str, Any]:
        """What a comparison found, as its own file has it; empty for a plain run."""
        return self.beside("comparison.json")

    def beside(self, name: str) -> Mapping[str, Any]:
        """Give a JSON file of the folder as plain data; empty where it is not there."""
        path = self.run.folder / name
        if not path.is_file():
            return {}
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise ResultsError(str(path), "is damaged; run again") from error

    @cached_property
    def logged(self) -> bool:
        """Say whether the log of the first world was kept under every contract."""
        kept = {run[0] for run in self.run.reader.runs() if run[1] == FIRST and run[4]}
        return set(self.regimes) <= kept

    @cached_property
    def logs(self) -> dict[str, Log]:
        """What charts need of the log of the first world, by contract; empty where no log was kept."""
        if not self.logged:
            return {}
        return {name: self.run.reader.part(name, FIRST, NEEDED) for name in self.ordered}

    def days(self, opens: int, closes: int) -> dict[str, Log]:
        """Give who met whom and what advisers worked at in some minutes of the first world, by contract."""
        kinds = (Contact, Work, Missed)
        return {name: self.run.reader.between(name, FIRST, kinds, opens, closes) for name in self.ordered}

    @cached_property
    def lives(self) -> dict[str, dict[str, ClientLife]]:
        """What every client of the first world had, by contract."""
        return {name: lives_of(log) for name, log in self.logs.items()}

    @cached_property
    def touched(self) -> dict[str, dict[str, Touched]]:
        """What the contract did to every client of the first world, by contract."""
        return {name: touched_of(log) for name, log in self.logs.items()}

    @cached_property
    def gains(self) -> dict[str, Sequence[GroupGain]]:
        """Who gained and lost by each contract: over all worlds of a comparison, in a run in the first."""
        if self.compared:
            return {name: [_gain(row) for row in rows] for name, rows in self.compared["clients"].items()}
        if not self.logged:
            return {}
        theirs = self.lives[self.baseline]
        return {name: gains([tally(self.lives[name], theirs)]) for name in self.others}

    def terms(self, regime: str, contract: str) -> "CompiledTerms | None":
        """Compile a contract again from the folder's own copy; None where the regime has no such contract."""
        held = [each for each in self.manifest["regimes"][regime]["contracts"] if each["name"] == contract]
        return _compiled(self.run.folder / held[0]["file"]) if held else None

    @property
    def worlds(self) -> int:
        """How many worlds were lived."""
        return int(self.manifest["replications"])


def scenario_of(run: Run) -> "Scenario":
    """Give the scenario of a results folder; raises ``ResultsError`` where this version cannot read it."""
    from legalaid_sim.scenario.model import Scenario

    try:
        return Scenario.model_validate(run.manifest["scenario"]["resolved"])
    except ValueError as error:
        made = run.manifest.get("versions", {}).get("legalaid-sim")
        words = (
            f"holds a scenario that this version cannot read; version {made} made it, run the scenario again"
        )
        raise ResultsError(str(run.folder), words) from error


@lru_cache(maxsize=16)
def _compiled(path: Path) -> "CompiledTerms":
    from legalaid_sim.experiments.shared.plans import read_written

    return read_written(path).compiled()


def _of_one(regime: str, row: ClauseAdmin) -> ClauseRow:
    counts = (float(row.falls), float(row.done), float(row.late))
    advisers, staff = float(row.adviser_minutes), float(row.staff_minutes)
    nothing = (None, None)
    return ClauseRow(
        regime,
        row.clause,
        int(row.paid),
        1,
        *counts,
        advisers,
        *nothing,
        staff,
        *nothing,
        advisers + staff,
        *nothing,
    )


def _with_arithmetic(contrast: Contrast, told: Mapping[str, Any] | None) -> Contrast:
    return contrast._replace(mechanical=Estimate(**told)) if told else contrast


def _gain(row: Mapping[str, Any]) -> GroupGain:
    shares = (Estimate(**row[name]) for name in ("gained", "lost", "change"))
    return GroupGain(row["value"], row["grouping"], row["group"], row["clients"], *shares)
