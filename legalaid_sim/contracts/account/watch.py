"""What a payer watches: targets, audits, and the ladders of sanctions that follow."""

from datetime import date

from legalaid_sim.contracts.account.admission import Admission
from legalaid_sim.contracts.account.cashbook import Cashbook
from legalaid_sim.contracts.account.made import Made
from legalaid_sim.contracts.kinds.controls.audit import AuditWatch
from legalaid_sim.contracts.kinds.controls.kind import WatchedTarget
from legalaid_sim.contracts.kinds.controls.sanction_ladder import Ladder, SanctionStep
from legalaid_sim.contracts.kinds.registry import CONTROLS
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.amounts import millionths_of, next_month, working_day
from legalaid_sim.contracts.vocabulary.facts import Burden
from legalaid_sim.units import add_months, add_up


class Watch:
    """The controls of one account."""

    def __init__(self, terms: CompiledTerms, made: Made, starts: date, year_from: date) -> None:
        kinds = [(block, CONTROLS[block.kind]) for block in terms.contract.controls]
        self.kpis: list[WatchedTarget] = [kind.target(block, *made) for block, kind in kinds if kind.target]
        self.ladders: list[Ladder] = [kind.ladder(block, year_from) for block, kind in kinds if kind.ladder]
        self.audits: list[AuditWatch] = [
            kind.audit(block, starts, terms.rounded) for block, kind in kinds if kind.audit
        ]

    def judged(self, on: date, cashbook: Cashbook, admission: Admission) -> tuple[list[str], list[Burden]]:
        """Judge targets at a month's end, and let follow what follows; give flags and work."""
        missed = {watch.block.id: bool(watch.missed) for watch in self.kpis}
        self.note("missed_kpis", add_up(missed.values()))
        flags = [f"kpi_missed:{name}" for name, is_missed in missed.items() if is_missed]
        flags += [f"audit_due:{audit.block.id}" for audit in self.audits if audit.due(on, missed)]
        if self.kpis and any(kpi.missed is False for kpi in self.kpis) and not any(missed.values()):
            cashbook.withholding.meet()
        asked: list[Burden] = []
        for ladder in self.ladders:
            step = ladder.ended(on)
            if step is not None:
                flags.append(f"sanction:{step.does}")
                asked += _sanction(ladder.block.id, step, on, cashbook, admission)
        return flags, asked

    def note(self, what: str, times: int = 1) -> None:
        """Tell the sanction ladders that something happened which they may count."""
        for ladder in self.ladders:
            ladder.note(what, times)


def _sanction(
    name: str, step: SanctionStep, on: date, cashbook: Cashbook, admission: Admission
) -> list[Burden]:
    match step.does:
        case "withhold_percent":
            cashbook.withholding.start(millionths_of(step.percent or 0), step.months, bool(step.returned_if))
        case "suspend_new_matters":
            admission.suspend(add_months(next_month(on), step.months))
        case "terminate":
            admission.end(add_months(next_month(on), step.notice_months))
    due = working_day(add_months(next_month(on), max(0, step.months - 1)), 20)
    return [Burden(name, step.minutes, 0, due)] if step.minutes else []
