"""Dates that wait for nobody: who was helped in time, who waited too long, and how long everybody else then waits."""

from legalaid_sim.events import IN_TIME
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import COHORT_PROBLEMS, HIGHER, LOWER, SEEN, Measure
from legalaid_sim.measures.statistics import Ratio, quantile, ratio
from legalaid_sim.units import add_up

NO_DATES = "no date came"


def _in_time(folded: Folded) -> Ratio | None:
    came = folded.dates_came
    return ratio(add_up(each.fate in IN_TIME for each in came), len(came))


def _stood_by(folded: Folded) -> Ratio | None:
    came = [each for each in folded.dates_came if each.desk]
    return ratio(add_up(each.fate == "represented" for each in came), len(came))


def _waited_too_long(folded: Folded) -> Ratio | None:
    came = folded.dates_came
    return ratio(add_up(each.fate == "waiting" for each in came), len(came))


def _days_of_others(folded: Folded) -> float | None:
    dated = {each.client for each in folded.dates_came}
    if not dated:
        return None
    return quantile(
        [days for client, days in folded.days_to_first_contact.items() if client not in dated], 0.5
    )


MEASURES = (
    Measure(
        "access.dates_met",
        "The share of dates that wait for nobody, such as hearings, before which the client was helped.",
        "share",
        "dates with help in time / dates that came",
        f"{COHORT_PROBLEMS}, with a date",
        HIGHER,
        _in_time,
        undefined=NO_DATES,
        short="dates met",
    ),
    Measure(
        "access.dates_stood_by",
        "The share of dates at a desk elsewhere, such as court, on which an adviser stood by the client.",
        "share",
        "dates with an adviser at the desk / dates at a desk that came",
        f"{COHORT_PROBLEMS}, with a date at a desk elsewhere",
        HIGHER,
        _stood_by,
        undefined=NO_DATES,
        short="dates with an adviser there",
    ),
    Measure(
        "access.dates_waited_out",
        "The share of dates that came while the client was still waiting for a first meeting.",
        "share",
        "dates that came before the first meeting / dates that came",
        f"{COHORT_PROBLEMS}, with a date",
        LOWER,
        _waited_too_long,
        undefined=NO_DATES,
        short="dates come while waiting",
    ),
    Measure(
        "access.days_to_first_contact_undated",
        "The median time from first asking to first meeting an adviser, of clients for whom no date came.",
        "days",
        "median over clients without a date of (first meeting an adviser - first asking)",
        f"{SEEN}, for whom no date came; where dates came at all",
        LOWER,
        _days_of_others,
        undefined=NO_DATES,
        short="median days until seen, of those without a date",
    ),
)
