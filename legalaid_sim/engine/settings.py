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
    missed_person: float
    missed_trust: float
    missed_vulnerability: float
    missed_minutes: int
    missed_in_a_row: int
    trust_growth: float
    trust_memory: float
    carry_over: float
    broken_promise: float
    late_factor: float
    clock_runs: bool
    disclosure: float
    evidence_refused: float
    outcome_base: float
    outcome_stubborn: float
    own_thresholds: bool
    outcome_minutes: float
    outcome_trust: float
    outcome_late: float
    outcome_skill: float
    undone: float
    return_chance: float
    other_admin: int
    leaving: float
    strain_leaving: float
    strain_memory: float
    strain_overload: float
    strain_admin: float
    vacancy_months: int
    settles_in: int
    learning_extra: float
    learning_weeks: float
    shares_supervision: bool
    outreach_minutes: int
    stage_hand_over: float
    juggling: float
    usual_caseload: float
    overheads: float
    pressure_months: int
    reserve_months: float
    cost: float
    slack_is_free: bool
    shadow: float
    flat_cut: float
    adviser_pay: float
    load_slack: float
    load_full: float
    horizon: float
    squeeze: float
    drops_meetings: bool
    most_effort: float
    pressure_weight: float
    call_minutes: int
    appointment: int
    hand_on_lost: float
    hand_on_more: float
    most_hand_ons: int
    acted_base: float
    acted_trust: float
    discontent: float
    after_trust: float
    not_acted: float
    capability_gain: float
    capability_goal: float
    capability_effect: float
    goal_listening: float
    goal_time: int
    companion_minutes: int
    companion_need: float
    companion_leaving: float
    freeze_pressure: float
    post_closes: int
    house_closes: float
    selection: float
    selection_noise: float
    selection_base: float
    kindness: float
    multitask: float
    watches_relations: bool
    timing_held: float
    crowding: float
    assessment: int
    appeals: float
    fully_monitored: float
    missed_duty: int
    wind_up: int
    meeting: int
    full_time_hours: float


def read_settings(assumptions: Assumptions) -> Settings:
    """Take the engine's numbers out of the resolved assumptions."""
    number = assumptions.number
    return Settings(
        listening=number("contact.listening_minutes"),
        retelling=round_half_up(number("contact.retelling_minutes")),
        reading=round_half_up(number("contact.reading_minutes")),
        missed_chance=number("missed.chance"),
        missed_person=number("missed.person"),
        missed_trust=number("missed.trust_effect"),
        missed_vulnerability=number("missed.vulnerability_effect"),
        missed_minutes=round_half_up(number("missed.minutes")),
        missed_in_a_row=max(1, round_half_up(number("missed.in_a_row"))),
        trust_growth=number("trust.growth_minutes"),
        trust_memory=number("trust.memory_days"),
        carry_over=number("trust.carry_over"),
        broken_promise=number("trust.broken_promise"),
        late_factor=number("problem.late_factor"),
        clock_runs=number("problem.clock_runs") > 0,
        disclosure=number("client.disclosure"),
        evidence_refused=number("client.evidence_refused"),
        outcome_base=number("outcome.base"),
        outcome_stubborn=number("outcome.stubborn"),
        own_thresholds=number("outcome.again") > 0,
        outcome_minutes=number("outcome.minutes_effect"),
        outcome_trust=number("outcome.trust_effect"),
        outcome_late=number("outcome.late_effect"),
        outcome_skill=number("outcome.skill_effect"),
        undone=number("outcome.undone_per_month"),
        return_chance=number("outcome.return_chance"),
        other_admin=round_half_up(number("adviser.other_admin_minutes_per_day")),
        leaving=number("adviser.leaving_per_month"),
        strain_leaving=number("adviser.strain_leaving"),
        strain_memory=number("adviser.strain_memory"),
        strain_overload=number("adviser.strain_overload"),
        strain_admin=number("adviser.strain_admin"),
        vacancy_months=round_half_up(number("adviser.vacancy_months")),
        settles_in=round_half_up(number("adviser.settles_in_months")),
        learning_extra=number("learning.extra"),
        learning_weeks=number("learning.weeks"),
        shares_supervision=number("adviser.shares_supervision") > 0,
        outreach_minutes=round_half_up(number("outreach.minutes")),
        stage_hand_over=number("organisation.stage_hand_over"),
        juggling=number("adviser.juggling"),
        usual_caseload=number("adviser.usual_caseload"),
        overheads=number("money.overheads_per_adviser"),
        pressure_months=max(1, round_half_up(number("money.pressure_months"))),
        reserve_months=number("money.reserve_months"),
        cost=number("effort.cost_pence_per_minute"),
        slack_is_free=number("effort.slack_is_free") > 0,
        shadow=number("effort.shadow"),
        flat_cut=number("effort.flat_cut"),
        adviser_pay=number("money.adviser_pay"),
        load_slack=number("load.slack"),
        load_full=number("load.full"),
        horizon=number("load.horizon"),
        squeeze=number("effort.squeeze"),
        drops_meetings=number("effort.drop_meetings") > 0,
        most_effort=number("effort.most"),
        pressure_weight=number("effort.pressure_weight"),
        call_minutes=round_half_up(number("door.call_minutes")),
        appointment=round_half_up(number("door.days_to_appointment") * MINUTES_PER_DAY),
        hand_on_lost=number("door.lost"),
        hand_on_more=number("door.lost_more"),
        most_hand_ons=max(0, round_half_up(number("door.most_hand_ons"))),
        acted_base=number("after.acted"),
        acted_trust=number("after.acted_trust"),
        discontent=number("after.discontent"),
        after_trust=number("after.trust_effect"),
        not_acted=number("after.not_acted"),
        capability_gain=number("capability.gain"),
        capability_goal=number("capability.goal"),
        capability_effect=number("capability.effect"),
        goal_listening=number("goal.listening_minutes"),
        goal_time=round_half_up(number("goal.days") * MINUTES_PER_DAY),
        companion_minutes=round_half_up(number("companion.minutes")),
        companion_need=number("companion.need"),
        companion_leaving=number("companion.leaving"),
        freeze_pressure=number("money.freeze_pressure"),
        post_closes=max(1, round_half_up(number("money.post_closes"))),
        house_closes=number("money.house_closes"),
        selection=number("selection.strength"),
        selection_noise=number("selection.noise"),
        selection_base=number("selection.base"),
        kindness=number("selection.kindness"),
        multitask=number("multitask.response"),
        watches_relations=number("multitask.relations") > 0,
        timing_held=number("timing.held"),
        crowding=number("crowding.loss"),
        assessment=round_half_up(number("payer.assessment_days") * MINUTES_PER_DAY),
        appeals=number("payer.appeals"),
        fully_monitored=max(1.0, number("payer.full_monitoring")),
        missed_duty=round_half_up(number("payer.duty_missed_days") * MINUTES_PER_DAY),
        wind_up=round_half_up(number("adviser.wind_up_days") * MINUTES_PER_DAY),
        meeting=round_half_up(number("problem.contact_minutes")),
        full_time_hours=number("adviser.full_time_hours"),
    )
