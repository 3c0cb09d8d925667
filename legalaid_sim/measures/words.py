"""What it is called when a measure moves, in the words of a headline; other measures are said to be higher or lower."""

from legalaid_sim.measures.measure import Measure

# What is said when there is more of it, and when there is less.
MOVED = {
    "continuity.coc": ("Clients see the same adviser more often", "Clients see the same adviser less often"),
    "continuity.secon": ("Clients meet their last adviser more often", "Clients meet their last adviser less often"),
    "continuity.contacts_per_client": ("Clients are met more often", "Clients are met less often"),
    "continuity.known_adviser": ("Clients know their adviser more often", "Clients know their adviser less often"),
    "admin.share": ("Advisers spend more of their time on admin", "Advisers spend less of their time on admin"),
    "admin.minutes_per_matter": ("A matter takes more admin", "A matter takes less admin"),
    "time.contact_share": ("More of advisers' time goes on advice", "Less of advisers' time goes on advice"),
    "time.listening_share": ("Advisers listen for more of their time", "Advisers listen for less of their time"),
    "access.days_to_first_contact": ("People wait longer to be seen", "People are seen sooner"),
    "access.left_before_seen": ("More people give up unseen", "Fewer people give up unseen"),
    "access.turned_away": ("More people are turned away", "Fewer people are turned away"),
    "goals.reached_in_time_share": ("More goals are reached in time", "Fewer goals are reached in time"),
    "outcomes.resolved_share": ("More problems are resolved", "Fewer problems are resolved"),
    "money.earned": ("Agencies earn more", "Agencies earn less"),
    "money.payer_spend": ("The payer spends more", "The payer spends less"),
    "money.payer_spend_per_resolved": ("A resolved problem costs more", "A resolved problem costs less"),
    "money.margin": ("Agencies are left with more", "Agencies are left with less"),
    "money.months_below_zero": ("Agencies lack money in more months", "Agencies lack money in fewer months"),
    "money.earned_per_adviser_year": ("An adviser earns the agency more", "An adviser earns the agency less"),
    "money.hours_worked_per_matter": ("More hours go into a case", "Fewer hours go into a case"),
    "money.unpaid_hours_per_matter": ("More hours of a case go unpaid", "Fewer hours of a case go unpaid"),
    "continuity.second_need_same_adviser": (
        "A second problem meets the same adviser more often", "A second problem meets the same adviser less often"
    ),
    "continuity.retelling_minutes_per_matter": ("Clients retell their story more", "Clients retell their story less"),
    "continuity.trust_at_closing": ("Clients trust their adviser more", "Clients trust their adviser less"),
    "time.with_clients_share": ("More of advisers' time is with clients", "Less of advisers' time is with clients"),
    "time.listening_minutes_per_client": ("Clients are listened to more", "Clients are listened to less"),
    "access.never_seen": ("More people are never seen", "Fewer people are never seen"),
    "access.lost_at_referral": ("More people are lost on the way", "Fewer people are lost on the way"),
    "diversity.organisations_surviving": ("More agencies survive", "Fewer agencies survive"),
    "outcomes.advisers_kept": ("More advisers stay", "Fewer advisers stay"),
}  # fmt: skip


# Told wherever people of much and of little vulnerability are compared (rating red in the register).
RED = "red: how vulnerable people are, and most of what it does, has no source"
VULNERABLE = ("least_vulnerable", "most_vulnerable")


def moved(measure: Measure, more: bool) -> str:
    """Say that there is more of a measure, or less."""
    label = measure.label[:1].upper() + measure.label[1:]
    both = MOVED.get(measure.name, (f"{label}: higher", f"{label}: lower"))
    return both[0] if more else both[1]
