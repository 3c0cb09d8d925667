"""The evidence parameters the engine uses, as plain numbers read once."""

from dataclasses import dataclass

from legalaid_sim.evidence import Assumptions
from legalaid_sim.units import MINUTES_PER_DAY, round_half_up


@dataclass(frozen=True, slots=True)
class Settings:
    """Plain numbers: minutes, days in minutes, chances, log-odds, pence."""

    listening: float
    retelling: int
    reading: int
    missed_chance: float
    missed_trust: float
    missed_vulnerability: float
    missed_minutes: int
    rebook: int
    missed_in_a_row: int
    trust_growth: float
    trust_memory: float
    carry_over: float
    broken_promise: float
    late_factor: float
    disclosure: float
    evidence_refused: float
    outcome_base: float
    outcome_minutes: float
    outcome_trust: float
    outcome_late: float
    outcome_skill: float
    return_chance: float
    other_admin: int
    leaving: float
    strain_leaving: float
    strain_memory: float
    strain_overload: float
    strain_admin: float
    vacancy_months: int
    juggling: float
    usual_caseload: float
    overheads: float
    pressure_months: int
    reserve_months: float
    benefit: float
    cost: float
    most_effort: float
    pressure_weight: float


def read_settings(assumptions: Assumptions) -> Settings:
    """Take the engine's numbers out of the resolved assumptions."""
    number = assumptions.number
    return Settings(
        listening=number("contact.listening_minutes"),
        retelling=round_half_up(number("contact.retelling_minutes")),
        reading=round_half_up(number("contact.reading_minutes")),
        missed_chance=number("missed.chance"),
        missed_trust=number("missed.trust_effect"),
        missed_vulnerability=number("missed.vulnerability_effect"),
        missed_minutes=round_half_up(number("missed.minutes")),
        rebook=round_half_up(number("missed.rebook_days") * MINUTES_PER_DAY),
        missed_in_a_row=max(1, round_half_up(number("missed.in_a_row"))),
        trust_growth=number("trust.growth_minutes"),
        trust_memory=number("trust.memory_days"),
        carry_over=number("trust.carry_over"),
        broken_promise=number("trust.broken_promise"),
        late_factor=number("problem.late_factor"),
        disclosure=number("client.disclosure"),
        evidence_refused=number("client.evidence_refused"),
        outcome_base=number("outcome.base"),
        outcome_minutes=number("outcome.minutes_effect"),
        outcome_trust=number("outcome.trust_effect"),
        outcome_late=number("outcome.late_effect"),
        outcome_skill=number("outcome.skill_effect"),
        return_chance=number("outcome.return_chance"),
        other_admin=round_half_up(number("adviser.other_admin_minutes_per_day")),
        leaving=number("adviser.leaving_per_month"),
        strain_leaving=number("adviser.strain_leaving"),
        strain_memory=number("adviser.strain_memory"),
        strain_overload=number("adviser.strain_overload"),
        strain_admin=number("adviser.strain_admin"),
        vacancy_months=round_half_up(number("adviser.vacancy_months")),
        juggling=number("adviser.juggling"),
        usual_caseload=number("adviser.usual_caseload"),
        overheads=number("money.overheads_per_adviser"),
        pressure_months=max(1, round_half_up(number("money.pressure_months"))),
        reserve_months=number("money.reserve_months"),
        benefit=number("effort.benefit_pence_per_minute"),
        cost=number("effort.cost_pence_per_minute"),
        most_effort=number("effort.most"),
        pressure_weight=number("effort.pressure_weight"),
    )
