"""The evidence parameters the engine uses, as plain numbers read once."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from legalaid_sim.evidence import Assumptions
from legalaid_sim.units import MINUTES_PER_DAY, round_half_up


def _of(parameter: str, made: Callable[[float], Any] = float) -> Any:
    """A setting that is read from a parameter of the register, and what is made of its number."""
    return field(metadata={"parameter": parameter, "made": made})


def _is_on(number: float) -> bool:
    return number > 0


def _days(number: float) -> int:
    return round_half_up(number * MINUTES_PER_DAY)


def _none_at_least(number: float) -> int:
    return max(0, round_half_up(number))


def _one_at_least(number: float) -> int:
    return max(1, round_half_up(number))


def _a_whole_at_least(number: float) -> float:
    return max(1.0, number)


@dataclass(frozen=True, slots=True)
class Settings:
    """Plain numbers: minutes, days in minutes, chances, log-odds, pence."""

    listening: float = _of("contact.listening_minutes")
    judgement: float = _of("discretion.spread")
    exception_worth: float = _of("discretion.asking_worth")
    retelling: int = _of("contact.retelling_minutes", round_half_up)
    reading: int = _of("contact.reading_minutes", round_half_up)
    missed_chance: float = _of("missed.chance")
    missed_person: float = _of("missed.person")
    missed_trust: float = _of("missed.trust_effect")
    missed_vulnerability: float = _of("missed.vulnerability_effect")
    missed_minutes: int = _of("missed.minutes", round_half_up)
    missed_log_day: float = _of("missed.per_log_day")
    missed_reference: float = _of("missed.reference_days")
    refill: float = _of("diary.refill")
    own_adviser_days: float = _of("organisation.own_adviser_days")
    leaves_after: int = _of("diary.leaves_after", _days)
    missed_in_a_row: int = _of("missed.in_a_row", _one_at_least)
    trust_contacts: float = _of("trust.contacts")
    trust_listening: float = _of("trust.listening")
    trust_usual: float = _of("trust.usual_listening")
    channel_missed: float = _of("channel.missed")
    channel_minutes: int = _of("channel.minutes", round_half_up)
    channel_documents: float = _of("channel.documents")
    anonymity: float = _of("channel.anonymity")
    barrier: float = _of("vulnerability.barrier")
    forms: float = _of("vulnerability.forms")
    trust_growth: float = _of("trust.growth_minutes")
    trust_memory: float = _of("trust.memory_days")
    carry_over: float = _of("trust.carry_over")
    broken_promise: float = _of("trust.broken_promise")
    late_factor: float = _of("problem.late_factor")
    date_loss: float = _of("date.loss")
    date_stays_open: float = _of("date.stays_open")
    date_notice: int = _of("date.notice_days", _days)
    date_urgent: int = _of("date.urgent_days", _days)
    at_court: int = _of("date.court_minutes", _one_at_least)
    hearing: int = _of("date.hearing_minutes", _one_at_least)
    clock_runs: bool = _of("problem.clock_runs", _is_on)
    disclosure_base: float = _of("client.disclosure_base")
    disclosure: float = _of("client.disclosure")
    evidence_refused: float = _of("client.evidence_refused")
    outcome_base: float = _of("outcome.base")
    outcome_stubborn: float = _of("outcome.stubborn")
    own_thresholds: bool = _of("outcome.again", _is_on)
    outcome_minutes: float = _of("outcome.minutes_effect")
    outcome_trust: float = _of("outcome.trust_effect")
    outcome_late: float = _of("outcome.late_effect")
    outcome_skill: float = _of("outcome.skill_effect")
    undone: float = _of("outcome.undone_per_month")
    return_chance: float = _of("outcome.return_chance")
    return_later: float = _of("outcome.return_later")
    other_admin: int = _of("adviser.other_admin_minutes_per_day", round_half_up)
    leaving: float = _of("adviser.leaving_per_month")
    strain_leaving: float = _of("adviser.strain_leaving")
    strain_memory: float = _of("adviser.strain_memory")
    strain_overload: float = _of("adviser.strain_overload")
    strain_admin: float = _of("adviser.strain_admin")
    vacancy_months: int = _of("adviser.vacancy_months", round_half_up)
    settles_in: int = _of("adviser.settles_in_months", round_half_up)
    learning_extra: float = _of("learning.extra")
    learning_weeks: float = _of("learning.weeks")
    shares_supervision: bool = _of("adviser.shares_supervision", _is_on)
    outreach_minutes: int = _of("outreach.minutes", round_half_up)
    stage_hand_over: float = _of("organisation.stage_hand_over")
    juggling: float = _of("adviser.juggling")
    usual_caseload: float = _of("adviser.usual_caseload")
    overheads: float = _of("money.overheads_per_adviser")
    pressure_months: int = _of("money.pressure_months", _one_at_least)
    reserve_months: float = _of("money.reserve_months")
    cost: float = _of("effort.cost_pence_per_minute")
    slack_is_free: bool = _of("effort.slack_is_free", _is_on)
    shadow: float = _of("effort.shadow")
    flat_cut: float = _of("effort.flat_cut")
    adviser_pay: float = _of("money.adviser_pay")
    load_slack: float = _of("load.slack")
    load_full: float = _of("load.full")
    horizon: float = _of("load.horizon")
    squeeze: float = _of("effort.squeeze")
    drops_meetings: bool = _of("effort.drop_meetings", _is_on)
    most_effort: float = _of("effort.most")
    pressure_weight: float = _of("effort.pressure_weight")
    call_minutes: int = _of("door.call_minutes", round_half_up)
    appointment: int = _of("door.days_to_appointment", _days)
    hand_on_lost: float = _of("door.lost")
    hand_on_more: float = _of("door.lost_more")
    most_hand_ons: int = _of("door.most_hand_ons", _none_at_least)
    acted_base: float = _of("after.acted")
    acted_trust: float = _of("after.acted_trust")
    discontent: float = _of("after.discontent")
    after_trust: float = _of("after.trust_effect")
    not_acted: float = _of("after.not_acted")
    capability_gain: float = _of("capability.gain")
    capability_goal: float = _of("capability.goal")
    capability_effect: float = _of("capability.effect")
    goal_listening: float = _of("goal.listening_minutes")
    goal_time: int = _of("goal.days", _days)
    goal_effect: float = _of("goal.effect")
    missed_goal: float = _of("missed.goal_effect")
    companion_minutes: int = _of("companion.minutes", round_half_up)
    companion_need: float = _of("companion.need")
    companion_carries: float = _of("companion.carries")
    companion_leaving: float = _of("companion.leaving")
    companion_supervision: float = _of("companion.supervision")
    freeze_pressure: float = _of("money.freeze_pressure")
    post_closes: int = _of("money.post_closes", _one_at_least)
    house_closes: float = _of("money.house_closes")
    selection: float = _of("selection.strength")
    selection_noise: float = _of("selection.noise")
    selection_base: float = _of("selection.base")
    kindness: float = _of("selection.kindness")
    multitask: float = _of("multitask.response")
    watches_relations: bool = _of("multitask.relations", _is_on)
    timing_held: float = _of("timing.held")
    crowding: float = _of("crowding.loss")
    assessment: int = _of("payer.assessment_days", _days)
    appeals: float = _of("payer.appeals")
    fully_monitored: float = _of("payer.full_monitoring", _a_whole_at_least)
    missed_duty: int = _of("payer.duty_missed_days", _days)
    wind_up: int = _of("adviser.wind_up_days", _days)
    meeting: int = _of("problem.contact_minutes", round_half_up)
    full_time_hours: float = _of("adviser.full_time_hours")


def read_settings(assumptions: Assumptions) -> Settings:
    """Take the engine's numbers out of the resolved assumptions."""
    return Settings(
        **{
            each.name: each.metadata["made"](assumptions.number(each.metadata["parameter"]))
            for each in fields(Settings)
        }
    )
