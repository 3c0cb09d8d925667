"""What contracts ask and scenarios bring: that the engine raises it, once, and what it takes and pays."""

from collections import Counter

import pytest

from legalaid_sim import events as e
from legalaid_sim.invariants import hold
from legalaid_sim.units import add_up
from tests.model.making import PROBLEM, fixed, live, scenario


def lived(made, terms, **how):
    log = live(made, terms, **how)
    hold(log)
    return log


# ---- duties that fall on work

RECORD = """\
duties:
  - {{id: record, kind: duty, falls_on: work_done, minutes: {{adviser: {adviser}, admin: {admin}}}}}
"""
# Casework that does not fit into a day is laid down and taken up again: two stretches, written down twice.
LONG = {"debt": {**PROBLEM, "casework_minutes": 500}}


def stretches(log):
    """Count the meetings, and the stretches of casework, of each matter."""
    return Counter(contact.matter for contact in log.of(e.Contact)) + Counter(
        work.matter for work in log.of(e.Work) if work.activity == e.CASEWORK
    )


def by_matter(log, clause):
    return Counter(fell.matter for fell in log.of(e.DutyFell) if fell.clause == clause)


@pytest.mark.parametrize("problems", [{"debt": PROBLEM}, LONG])
def test_a_duty_on_work_falls_once_at_each_meeting_and_each_stretch_of_casework(problems):
    made = scenario(problems=problems, per_week=3)
    log = lived(made, fixed(200, RECORD.format(adviser=2, admin=0)))
    assert by_matter(log, "record") == stretches(log)
    assert len({fell.duty for fell in log.of(e.DutyFell)}) == len(log.of(e.DutyFell))


def test_its_minutes_are_lived_and_are_the_whole_difference_in_admin():
    made = scenario(per_week=3)
    without, asked = (lived(made, fixed(200, more)) for more in ("", RECORD.format(adviser=2, admin=0)))
    many = stretches(asked)
    minutes = 2 * many.total()
    assert minutes == add_up(fell.adviser_minutes for fell in asked.of(e.DutyFell)) > 0
    assert stretches(without).total() == many.total()
    by_diary = [add_up(diary.duty for diary in log.of(e.Diary)) for log in (without, asked)]
    assert by_diary == [0, minutes]


def test_admin_staff_take_their_part_of_it_as_far_as_their_month_reaches():
    made = scenario(per_week=3, organisation={"admin_staff_hours_per_week": 1})
    log = lived(made, fixed(200, RECORD.format(adviser=1, admin=3)))
    fell = log.of(e.DutyFell)
    assert add_up(each.adviser_minutes + each.admin_minutes for each in fell) == 4 * stretches(log).total()
    assert {each.admin_minutes for each in fell} >= {0, 3}


def test_nothing_falls_on_work_that_no_contract_pays_for_or_where_the_duty_is_not_about_it():
    made = scenario(per_week=3, problems={"debt": PROBLEM, "housing": PROBLEM})
    about = RECORD.format(adviser=2, admin=0).replace("falls_on", "applies_to: {category: debt}, falls_on")
    log = lived(made, fixed(200, about))
    kind = {matter.matter: matter.category for matter in log.of(e.MatterOpened)}
    of_debt = Counter({matter: n for matter, n in stretches(log).items() if kind[matter] == "debt"})
    assert by_matter(log, "record") == of_debt
