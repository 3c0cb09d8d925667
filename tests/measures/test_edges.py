"""What lies on an edge: the first and last minute, a tie at a border, a single penny, a call that is no meeting."""

import pytest

from legalaid_sim import events as e
from legalaid_sim.measures import REGISTRY, admin_by_clause, measure
from legalaid_sim.measures.costs import margin_by_category
from legalaid_sim.measures.diversity import payments
from legalaid_sim.measures.folded import YEAR, Folded
from legalaid_sim.measures.matters import Least, bounds_of, least_of
from legalaid_sim.measures.scorecard import Feature
from legalaid_sim.measures.statistics import Ratio
from tests.builders import logs
from tests.builders.logs import AGENCY, ANN, BOB, CLOSES, ENDS, OPENS, minute

MATTER = "c1.p1.m1"


def of(name, *events, window=logs.WINDOW):
    return measure(logs.log(*events, window=window))[name]


def post(organisation, number, at=0):
    name = f"{organisation}-{number}"
    return e.AdviserJoined(at, f"{name}.v1", name, 1, "caseworker", organisation)


def left(at, adviser=ANN, reason="own choice"):
    return e.AdviserLeft(at, adviser, adviser[:-3], reason, 0.0)


def entitled(at, pence, matter=MATTER):
    return e.Entitled(at, AGENCY, "c", matter, 1, "fee", pence)


def paid(organisation, pence, at=40 * logs.DAY, since=-1):
    return e.Paid(at, organisation, "c", "fee", pence, since)


def test_a_measure_that_keeps_its_cases_is_their_sum_over_their_number():
    found = {name: value for name, value in measure(logs.story()).items() if isinstance(value, Ratio)}
    assert len(found) > 50
    assert {name.partition(".")[0] for name in found} >= {"access", "continuity", "money", "outcomes"}
    for name, value in found.items():
        assert value == pytest.approx(value.part / value.whole), name
        assert value.whole > 0, name


# ---- clients ------------------------------------------------------------------------------------------------------


def test_a_call_with_an_operator_is_no_meeting():
    call = logs.contact(33, "c1", "p1", adviser=BOB, ordinal=0)
    asked, opened = logs.asked(31, "c1", "p1"), logs.opened(32, "c1", "p1")
    assert of("access.never_seen", asked, opened, call) == 1
    assert of("access.days_to_first_contact", asked, opened, call) is None
    met = logs.contact(35, "c1", "p1")
    assert of("access.never_seen", asked, opened, call, met) == 0
    assert of("access.days_to_first_contact", asked, opened, call, met) == pytest.approx(4 + 600 / 1440)
    # Once somebody was met the call is one of the contacts.
    assert of("continuity.contacts_per_client", asked, opened, call, met) == 2


def who(client, need, frailty, channel="face_to_face"):
    return e.Person(minute(31), client, need, frailty, channel)


def test_whoever_ties_at_a_border_is_in_the_group():
    names = [f"c{n}" for n in range(6)]
    asked = [logs.asked(31, name, "p1") for name in names]
    frailty = (0.0, 0.0, 0.0, 0.5, 1.0, 1.0)
    need = (0.0, 0.0, 0.5, 0.5, 1.0, 1.0)
    people = [who(*each) for each in zip(names, need, frailty)]
    groups = Folded(logs.log(*asked, *people)).groups
    assert set(groups["least_vulnerable"]) == {"c0", "c1", "c2"}
    assert set(groups["most_vulnerable"]) == {"c4", "c5"}
    assert (set(groups["low_need"]), set(groups["high_need"])) == ({"c0", "c1"}, {"c2", "c3", "c4", "c5"})
    # Where nobody is vulnerable at all, all of them tie.
    alike = Folded(logs.log(*asked, *(who(name, 0.0, 0.0) for name in names))).groups
    assert set(alike["least_vulnerable"]) == set(alike["most_vulnerable"]) == set(names)
    assert (set(alike["low_need"]), set(alike["high_need"])) == (set(), set(names))


def test_the_cohort_asked_from_the_first_minute_of_the_window_to_before_its_last():
    asked = [
        e.Asked(at, f"c{n}", f"c{n}.p1", AGENCY, "debt", "face_to_face", True, False)
        for n, at in enumerate((OPENS - 1, OPENS, CLOSES - 1, CLOSES))
    ]
    assert list(Folded(logs.log(*asked)).cohort) == ["c1", "c2"]


def test_a_client_is_followed_for_as_long_as_the_run_out_lasts_to_its_last_minute():
    asked = logs.asked(31, "c1", "p1", of_day=77)
    for late, seen in ((-1, ["c1"]), (0, ["c1"]), (1, [])):
        met = logs.contact(33, "c1", "p1")._replace(at=asked.at + ENDS - CLOSES + late)
        assert list(Folded(logs.log(asked, met)).seen) == seen
    # Without a run-out, to the end of the log.
    met = logs.contact(33, "c1", "p1")._replace(at=CLOSES)
    assert list(Folded(logs.log(asked, met, window=e.Window(OPENS, CLOSES, CLOSES))).seen) == ["c1"]


def test_a_return_counts_up_to_a_year_and_only_where_a_year_was_lived():
    def returned(asks_after, ends_after):
        asked = logs.asked(31, "c1", "p1")
        closed = logs.closed(40, "c1", "p1", 40, 20, 1)
        again = logs.asked(40, "c1", "p1", returning=True)._replace(at=closed.at + asks_after)
        window = e.Window(OPENS, CLOSES, closed.at + ends_after)
        return of("outcomes.returned_12_months", asked, closed, again, window=window)

    assert returned(YEAR, YEAR) == 1
    assert returned(YEAR + 1, YEAR + 1) == 0
    assert returned(1, YEAR) == 1
    assert returned(0, YEAR) == 0
    assert returned(1, YEAR - 1) is None


def test_the_gap_of_the_vulnerable_has_the_direction_of_its_measure_and_no_other_gap_has_one():
    for name, spoken in REGISTRY.items():
        stem, _, gap = name.rpartition("_")
        if name.startswith("access.") and gap == "gap":
            if stem.endswith(("_need", "_channel")):
                assert spoken.better == "neither", name
            else:
                assert spoken.better == REGISTRY[stem].better != "neither", name


def test_a_departure_from_the_plan_is_a_minute_of_listening():
    asked, opened = logs.asked(31, "c1", "p1"), logs.opened(32, "c1", "p1")
    for minutes, share in ((0, 0), (1, 1)):
        assert (
            of("time.departures_share", asked, opened, logs.contact(33, "c1", "p1", listening=minutes))
            == share
        )


def test_midnights_are_counted_and_days_are_measured():
    asked = logs.asked(31, "c1", "p1", of_day=1439)
    for day, of_day, midnights in ((31, 1439, 0), (32, 0, 1), (32, 1439, 1), (41, 5, 10)):
        folded = Folded(logs.log(asked, logs.contact(day, "c1", "p1", of_day=of_day)))
        assert folded.midnights_to_first_contact == {"c1": midnights}
        assert folded.days_to_first_contact == {"c1": (minute(day, of_day) - asked.at) / 1440}


# ---- advisers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "went", "served"),
    [
        (0, None, CLOSES - OPENS), (OPENS, CLOSES, CLOSES - OPENS), (OPENS + 7, CLOSES - 2, CLOSES - OPENS - 9),
        (CLOSES - 1, None, 1), (CLOSES, None, 0), (CLOSES + 9, None, 0), (0, OPENS + 1, 1), (0, OPENS, 0),
        (0, OPENS - 9, 0),
    ],
)  # fmt: skip
def test_years_are_served_minute_by_minute_within_the_window(came, went, served):
    gone = [] if went is None else [left(went)]
    events = [logs.joined(ANN)._replace(at=came), logs.joined(BOB)._replace(at=OPENS), *gone]
    assert Folded(logs.log(*events)).adviser_years == (served + CLOSES - OPENS) / YEAR


@pytest.mark.parametrize(
    ("came", "went", "kept", "let_go"),
    [
        (OPENS, None, 1, 0), (OPENS, CLOSES, 1, 0), (OPENS, CLOSES - 1, 0, 1), (OPENS + 1, None, None, 0),
        (CLOSES - 1, None, None, 0), (CLOSES, None, None, None), (0, OPENS, None, 1), (0, OPENS - 1, None, None),
        (0, OPENS + 1, 0, 1),
    ],
)  # fmt: skip
def test_who_was_there_is_asked_at_the_first_minute_and_who_is_kept_at_the_last(came, went, kept, let_go):
    gone = [] if went is None else [left(went, reason="post closed")]
    events = [logs.joined(ANN)._replace(at=came), *gone]
    assert of("outcomes.advisers_kept", *events) == kept
    assert of("outcomes.advisers_let_go", *events) == let_go


# ---- money --------------------------------------------------------------------------------------------------------


def test_a_penny_is_money():
    assert of("money.taken_back", entitled(minute(40), -1), entitled(minute(41), 1)) == 0.01
    for pence, below in ((-1, 1), (0, 0), (1, 0)):
        assert of("money.months_below_zero", logs.books(60, 1, 0, 0, pence, 0)) == below
    worked = [logs.diary(60, ANN, 1, duty=60, idle=40)]
    assert of("admin.minutes_per_100_pounds_earned", *worked, entitled(minute(40), 1)) == 60 * 10_000
    assert of("admin.minutes_per_100_pounds_earned", *worked, entitled(minute(40), -1)) is None
    assert of("admin.minutes_per_100_pounds_earned", *worked) is None


def test_what_was_taken_off_before_a_matter_closed_was_no_assessment():
    closed = logs.closed(40, "c1", "p1", 40, 20, 1)
    for later, off in ((-1, 0), (0, 0), (1, 0.07)):
        assert of("money.assessed_off", closed, entitled(closed.at + later, -7)) == off
    assert of("money.assessed_off", closed, entitled(closed.at + 1, 7)) == 0
    assert of("money.assessed_off", closed, entitled(closed.at + 1, -1)) == 0.01


def test_money_is_booked_after_the_first_minute_of_the_window_up_to_its_last():
    for at, counts in ((OPENS, False), (OPENS + 1, True), (CLOSES, True), (CLOSES + 1, False)):
        assert of("money.cost", e.Spent(at, AGENCY, "salaries", 500)) == 5 * counts
        assert of("money.payer_spend", paid(AGENCY, 500, at)) == 5 * counts


def test_what_is_paid_ahead_is_charged_to_the_time_it_is_for():
    for since, counts in ((OPENS - 1, False), (OPENS, True), (CLOSES - 1, True), (CLOSES, False)):
        for at in (OPENS - 5, minute(40)):
            assert of("money.payer_spend", paid(AGENCY, 500, at, max(since, 0))) == 5 * counts
    # Paid within the window for the first minute of all: not for the window.
    assert of("money.payer_spend", paid(AGENCY, 500, minute(40), 0)) == 0


def test_work_in_progress_is_what_was_done_before_the_last_minute_on_what_was_open_then():
    opened = logs.opened(32, "c1", "p1")
    for late, minutes in ((-1, 30), (0, 0)):
        done = logs.work(41, ANN, e.CASEWORK, 30, MATTER)._replace(at=CLOSES + late)
        assert of("money.work_in_progress", opened, done) == minutes
        met = logs.contact(41, "c1", "p1", core=30)._replace(at=CLOSES + late)
        assert of("money.work_in_progress", opened, met) == minutes
        shut = logs.closed(50, "c1", "p1", 0, 0, 0)._replace(at=CLOSES + late)
        assert of("money.matters_open", opened, shut) == (late == 0)
        assert of("money.matters_open", opened._replace(at=CLOSES + late)) == (late < 0)


def test_years_with_a_matter_open_count_once_however_matters_lie():
    spans = {"m1": (31, 45), "m2": (33, 35), "m3": (34, 44), "m4": (50, 55)}
    matters = [
        event
        for name, (first, last) in spans.items()
        for event in (
            logs.opened(first, "c1", "p1", matter=name),
            logs.closed(last, "c1", "p1", 0, 0, 0, matter=name, of_day=0),
        )
    ]
    spent = e.Spent(minute(40), AGENCY, "salaries", 1900)
    # Fourteen days and five.
    assert of("money.cost_per_client_year", *matters, spent) == pytest.approx(19 / (19 * 1440 / YEAR))


def test_minutes_on_a_matter_are_meetings_casework_and_duties_and_nothing_else():
    events: list[e.Event] = [
        logs.contact(20, "c1", "p1", core=5, listening=0),
        logs.contact(40, "c1", "p1", core=100, listening=10),
        logs.work(41, ANN, e.CASEWORK, 30, MATTER),
        logs.work(42, ANN, e.DUTY, 7, MATTER, "claim", "d1"),
        logs.work(43, ANN, e.DUTY, 90, "", "report", "d2"),
        logs.work(44, ANN, e.TRAVEL, 55, MATTER),
        logs.work(70, ANN, e.CASEWORK, 1000, MATTER),
    ]
    folded = Folded(logs.log(*events))
    assert folded.minutes_within == {MATTER: 147}
    assert folded.minutes_ever == {MATTER: 1152}


def test_of_categories_the_worst_and_the_best_are_told_apart():
    debt = [logs.opened(32, "c1", "p1"), logs.contact(33, "c1", "p1"), logs.closed(40, "c1", "p1", 40, 20, 1)]
    housing = [
        logs.opened(32, "c2", "p1")._replace(category="housing"),
        logs.contact(33, "c2", "p1", core=100),
        logs.closed(40, "c2", "p1", 100, 20, 1),
    ]
    spent = e.Spent(minute(40), AGENCY, "salaries", 1800)
    events = [*debt, *housing, spent, entitled(minute(41), 900), entitled(minute(41), 180, "")]
    rows = margin_by_category(Folded(logs.log(*events)))
    # 180 minutes at 10 pence; a penny a minute of general income.
    assert {name: (row.closed, row.minutes, row.earned, row.cost) for name, row in rows.items()} == {
        "debt": (1, 60, 960.0, 600.0), "housing": (1, 120, 120.0, 1200.0),
    }  # fmt: skip
    unspent = margin_by_category(Folded(logs.log(*(each for each in events if each is not spent))))
    assert [row.cost for row in unspent.values()] == [0, 0]
    assert of("money.margin_best_category", *events) == pytest.approx(3.60)
    assert of("money.margin_worst_category", *events) == pytest.approx(-10.80)
    # Debt has earned all its 60 minutes; of the 120 of housing 12 are paid for.
    assert of("money.unpaid_hours_per_matter", *events) == pytest.approx(108 / 60 / 2)


# ---- organisations ------------------------------------------------------------------------------------------------


def test_organisations_up_to_the_one_in_the_middle_are_the_smaller_ones():
    posts = [post(name, number) for name, size in (("a", 1), ("b", 2), ("c", 3)) for number in range(size)]
    events = [*posts, paid("a", 100), paid("b", 200), paid("c", 700)]
    assert of("diversity.spend_share_of_smaller", *events) == pytest.approx(0.3)
    assert of("diversity.effective_organisations", *events) == pytest.approx(10**2 / (1 + 4 + 49))
    # Two sizes make a middle that lies between them, one size none.
    assert of("diversity.spend_share_of_smaller", *posts[:3], paid("a", 100), paid("b", 300)) == 0.25
    assert of("diversity.spend_share_of_smaller", *posts[1:3], paid("b", 300)) is None


def test_an_organisation_that_was_paid_nothing_on_the_whole_is_no_payee():
    assert payments(Folded(logs.log(paid("b", 500), paid("a", 50), paid("a", -50)))) == {"b": 500}
    assert payments(Folded(logs.log(paid("b", 1)))) == {"b": 1}


def test_organisations_survive_that_stood_at_the_opening_and_had_not_shut_by_the_close():
    posts = [post(name, 0) for name in "abcd"]
    shut = [
        e.OrganisationClosed(at, name, -1, 0) for name, at in (("a", OPENS), ("b", OPENS + 1), ("c", CLOSES))
    ]
    assert of("diversity.organisations_surviving", *posts, *shut) == 1 / 3
    assert of("diversity.organisations_surviving", *posts[:2], shut[0]) == 1


# ---- duties -------------------------------------------------------------------------------------------------------


def duty(name, clause, fell, done=None, late=0, minutes=20):
    yield e.DutyFell(fell, name, "c", clause, AGENCY, ANN, "", minutes, 0, fell + 9, False)
    if done is not None:
        yield e.DutyDone(done, name, clause, ANN, late)


def test_duties_are_late_from_the_first_minute():
    events: list[e.Event] = [
        *duty("d1", "claim", minute(31), minute(32), late=1),
        *duty("d2", "claim", minute(31), minute(32), late=0),
        *duty("d3", "claim", minute(31), minute(32), late=-5),
    ]
    assert of("admin.late_share", *events) == 1 / 3
    assert admin_by_clause(logs.log(*events))["claim"].late == 1


def test_a_clause_is_told_where_it_fell_or_was_done_or_took_office_time_the_costliest_first():
    events: list[e.Event] = [
        *duty("d1", "fell", minute(31)),
        *duty("d2", "done", minute(3), minute(32), minutes=20),
        *duty("d3", "dear", minute(31), minute(32), minutes=90),
        *duty("d4", "early", minute(3), minute(4)),
        e.AdminWork(minute(33), AGENCY, 50, "", "office"),
    ]
    rows = admin_by_clause(logs.log(*events))
    assert list(rows) == ["dear", "office", "done", "fell"]
    assert [(row.falls, row.done) for row in rows.values()] == [(1, 1), (0, 0), (0, 1), (1, 0)]


# ---- what matters, and weights ------------------------------------------------------------------------------------


def test_the_least_that_matters_may_be_a_share_of_what_the_baseline_shows():
    assert Least(0.2).given(500.0) == Least(0.2).given(None) == 0.2
    assert Least(0.05, of_baseline=True).given(200.0) == Least(0.05, of_baseline=True).given(-200.0) == 10
    assert Least(0.05, of_baseline=True).given(None) == 0
    assert least_of("continuity.coc").size > 0 == least_of("no.such").size


def test_bounds_follow_the_unit_and_a_gap_reaches_both_ways():
    for name, spoken in REGISTRY.items():
        low, high = bounds_of(spoken)
        if name.endswith("_gap"):
            assert (low, high) == ((-1, 1) if spoken.unit == "share" else (None, None))
        elif spoken.unit.startswith("GBP"):
            assert (low, high) == (None, None)
        else:
            assert low == 0
            assert (high == 1) == (spoken.unit in ("share", "from 0 to 1", "index"))


def test_the_first_weight_below_nought_is_named_with_its_own_size():
    feature = Feature("x", "x", ("a", "b", "c"))
    with pytest.raises(ValueError, match="the weight of b is -2; a weight is 0 or more"):
        feature.weights({"b": -2, "c": -3})
    assert feature.weights({"b": 0}) == {"a": 1.0, "b": 0, "c": 1.0}


def test_listening_to_who_needs_none_is_like_any_other():
    events = [
        each
        for client, adviser in (("c1", ANN), ("c2", BOB))
        for each in (
            who(client, 0.0, 0.0),
            logs.asked(31, client, "p1"),
            logs.opened(32, client, "p1", adviser=adviser),
            logs.contact(33, client, "p1", adviser=adviser, listening=30),
        )
    ]
    assert of("time.listening_unlike_share", *events) == 0


def test_a_measure_of_groups_is_marked_where_it_rests_on_vulnerability_and_nowhere_else():
    of_groups = [
        each for each in REGISTRY.values() if each.name.startswith("access.") and "among" in each.meaning
    ]
    marked = [each for each in of_groups if "(red)" in each.short]
    assert marked == [each for each in of_groups if "vulnerable fifth" in each.meaning]
    assert 0 < len(marked) < len(of_groups)


def moved(day, client, what, pence, block="budget"):
    return e.BudgetMoved(minute(day), "c", block, client, what, pence)


def test_budgets_count_from_the_day_of_their_grant_once_their_time_is_over():
    name = "money.budget_unspent_share"
    before = [moved(10, "c1", "granted", 5000), moved(40, "c1", "returned", 5000)]
    inside = [moved(41, "c1", "granted", 9000), moved(50, "c1", "returned", 3000)]
    other = [moved(42, "c1", "granted", 1000, "second"), moved(70, "c1", "returned", 1000, "second")]
    runs = [moved(43, "c2", "granted", 8000)]
    assert of(name, *before) is None
    assert of(name, *runs) is None
    assert of(name, *before, *inside) == pytest.approx(3000 / 9000)
    everything = sorted([*before, *inside, *other, *runs], key=lambda each: each.at)
    assert of(name, *everything) == pytest.approx(4000 / 10000)
    # Of two that one client holds, the time of the first is over first.
    again = moved(45, "c1", "granted", 6000)
    assert of(name, inside[0], again, inside[1]) == pytest.approx(3000 / 9000)
