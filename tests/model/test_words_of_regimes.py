"""Words that real regimes need: each in a contract whose examples pass, told in English, and paid in a run.

What a run pays is worked out again here from its log and its world, and never by the contract's own code.
"""

from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from legalaid_sim import events as e
from legalaid_sim.authoring.checking import check_file
from legalaid_sim.contracts.language.english import in_english
from legalaid_sim.experiments.shared.plans import read_written
from legalaid_sim.invariants import hold
from legalaid_sim.units import add_up
from tests.builders.contracts import fixed
from tests.builders.lives import live, world_of
from tests.builders.scenarios import PROBLEM, scenario

WORDS = Path(__file__).parents[1] / "words"
FILES = sorted(WORDS.glob("*.yaml"))
SAYS = "# says: "


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_examples_pass_and_nothing_is_left_to_be_said(path):
    checked = check_file(str(path), "publish")
    assert [f"{problem.code} {problem.message}" for problem in checked.problems] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_english_says_what_it_does(path):
    english = " ".join(in_english(read_written(str(path)).contract).split())
    said = [line.removeprefix(SAYS) for line in path.read_text(encoding="utf-8").splitlines() if SAYS in line]
    assert said
    assert [words for words in said if words not in english] == []


@cache
def terms_of(name):
    return read_written(str(WORDS / f"{name}.yaml")).compiled()


def lived(made, name):
    log = live(made, terms_of(name))
    hold(log)
    return log


def pence_of(log, block):
    """Add the pence of a block up by matter."""
    found = Counter()
    for line in log.of(e.Entitled):
        if line.block == block:
            found[line.matter] += line.pence
    return found


def test_one_persons_ceiling_holds_before_that_of_the_contract():
    made = scenario(clients={"several_problems": 0.6}, problems={"housing": PROBLEM}, per_week=0.3)
    log = lived(made, "client-ceiling")
    given, left, cut = Counter(), 30000_00, 0
    for closed in log.of(e.MatterClosed):
        net = min(9000_00, 17000_00 - given[closed.client])
        given[closed.client] += net
        cut += 9000_00 - net
        left -= min(left, net)
    assert add_up(pence_of(log, "one_person").values()) == -cut < 0
    assert add_up(line.pence for line in log.of(e.Entitled)) == 30000_00
    assert left == 0


def paid_by_day(made, log):
    found = Counter()
    for payment in log.of(e.Paid):
        found[made.period.begins + timedelta(days=payment.at // 1440)] += payment.pence
    return found


def two_years_under_targets(base):
    return scenario(
        starts="2008-04-01",
        months=24,
        run_out=0,
        advisers=[{"number": 6}],
        assumptions={"outcome.base": base},
    )


@pytest.mark.parametrize("base", [3.0, 0.1, -3.0])
def test_a_tenth_of_a_grant_is_released_where_targets_are_met_and_lost_at_the_years_end(base):
    made = two_years_under_targets(base)
    log = lived(made, "tenth-kept-back")
    missed = {flag.at for flag in log.of(e.Flagged) if flag.flag.startswith("kpi_missed")}
    ends = [closed.at for closed in log.of(e.MonthClosed)][2::3]
    assert missed <= set(ends)
    held, released, lost = 0, [], []
    for n, at in enumerate(ends, start=1):
        held += 3000_00
        if at not in missed:
            released.append((at, held))
            held = 0
        if n % 4 == 0:
            lost += [(at, -held)] if held else []
            held = 0
    assert [flag.at for flag in log.of(e.Flagged) if flag.flag == "released:tenth"] == [
        at for at, _ in released
    ]
    assert [(line.at, line.pence) for line in log.of(e.Entitled) if line.block == "tenth"] == lost
    # What is released at the very end is paid after it.
    in_time = [pence for at, pence in released if at < ends[-1]]
    assert [payment.pence for payment in log.of(e.Paid) if payment.block == "tenth"] == in_time
    assert paid_by_day(made, log)[made.period.begins] == 27000_00


@pytest.mark.parametrize(("base", "lost"), [(3.0, 0), (-3.0, 24000_00)])
def test_these_runs_release_and_lose(base, lost):
    made = two_years_under_targets(base)
    log = lived(made, "tenth-kept-back")
    assert -add_up(line.pence for line in log.of(e.Entitled) if line.block == "tenth") == lost


def half_up(over, under):
    return (2 * over + under) // (2 * under)


@pytest.mark.parametrize("pay", [20_000, 420_000])
def test_a_price_by_head_follows_the_count_is_passed_on_and_what_is_unspent_goes_back(pay):
    made = scenario(
        starts="2024-01-01",
        months=48,
        run_out=0,
        per_week=0.5,
        advisers=[{"number": 2, "annual_pay": pay}],
        organisation={
            "heads": 85_000,
            "heads_later": {"2025-06-01": 83_000, "2027-01-01": 80_000},
            "overheads_per_adviser": 0,
        },
    )
    log = lived(made, "basic-field-grant")
    lines = field_grant_of(log, lambda month: 85_000 if month < 36 else 80_000)
    assert (min(lines) < 0) is (pay < 100_000)
    assert [payment.pence for payment in log.of(e.Paid)][:2] == [87550_00, 87550_00]


def field_grant_of(log, heads):
    """Work the grant out again, by the heads that count in each month from its first; give its lines in pence."""
    lines = [line.pence for line in log.of(e.Entitled) if line.block == "field"]
    spent = Counter()
    for item in log.of(e.Spent):
        spent[item.at, item.item == "passed_on"] += item.pence
    expected, passed_on, granted, used = [], [], 0, 0
    ends = [closed.at for closed in log.of(e.MonthClosed)]
    for month, at in enumerate(ends):
        price = 1236 if month < 12 else 1248
        n = month % 12
        part = half_up(price * heads(month) * (n + 1), 12) - half_up(price * heads(month) * n, 12)
        passed_on.append(half_up(part * 125, 1000))
        granted, used = granted + part, used + passed_on[-1] + spent[at, False]
        expected.append(part)
        if n == 11:
            back = granted - used - half_up(granted, 10)
            expected += [-back] if back > 0 else []
            granted = used = 0
    assert lines == expected
    assert [spent[at, True] for at in ends] == passed_on
    return lines


def test_time_records_of_the_grant_are_the_log_counted():
    made = scenario(
        starts="2024-01-01", months=20, per_week=12, advisers=[{"number": 14}], organisation={"heads": 85_000}
    )
    log = lived(made, "basic-field-grant")
    records_of(log)
    assert len(log.of(e.MatterClosed)) >= 1000


def records_of(log):
    """Count again what the field grant asks to be written down."""
    worked = len(log.of(e.Contact)) + add_up(work.activity == e.CASEWORK for work in log.of(e.Work))
    fell = Counter(fell.clause for fell in log.of(e.DutyFell))
    opened, closed = len(log.of(e.MatterOpened)), len(log.of(e.MatterClosed))
    assert fell == {
        "time_record": worked, "eligibility": opened, "closing_code": closed,
        "yearly_report": len(log.of(e.MonthClosed)) // 12,
    }  # fmt: skip


def test_of_those_who_wait_the_contracts_first_is_taken_however_long_others_have_waited():
    one = {**PROBLEM, "contacts": 1, "casework_minutes": 0, "facts": {"service": {"in_court": 0.4}}}
    one["days_to_crisis"] = {"two_point": {"low": 0, "high": 3000, "share_high": 0.5}}
    made = scenario(
        problems={"debt": one, "housing": one},
        per_week=14,
        months=3,
        advisers=[{"number": 1, "hours_per_week": 8}],
        organisation={"allocation": {"first": "least_loaded", "caseload_limit": 1}},
    )
    log = lived(made, "who-comes-first")
    asked = {ask.problem: (ask.at, ask.category, ask.early) for ask in log.of(e.Asked)}
    in_court = {name for name, each in world_of(made).brought.items() if each.facts}

    def rank(problem):
        _, category, early = asked[problem]
        return 0 if not early and problem in in_court else 1 if category == "housing" else 2

    opened = [(matter.at, matter.problem) for matter in log.of(e.MatterOpened)]
    closed = [each.at for each in log.of(e.MatterClosed)]
    # One at a time: who is opened next was chosen when the one before was closed, from those who had asked by then.
    passed_over = 0
    for n, (_, chosen) in enumerate(opened[1:]):
        waiting = [problem for _, problem in opened[n + 2 :] if asked[problem][0] < closed[n]]
        if asked[chosen][0] < closed[n]:
            assert all((rank(chosen), asked[chosen][0]) <= (rank(w), asked[w][0]) for w in waiting)
            passed_over += any(asked[w][0] < asked[chosen][0] for w in waiting)
    assert passed_over > 10
    assert {rank(problem) for _, problem in opened} == {0, 1, 2}


def test_ranks_without_a_waiting_list_change_nothing():
    made = scenario(problems={"debt": PROBLEM, "housing": PROBLEM}, per_week=2)
    ranked, plain = lived(made, "who-comes-first"), live(made, fixed(200, name="who-comes-first"))
    assert ranked.of(e.MatterOpened) == plain.of(e.MatterOpened)
    assert ranked.of(e.Contact) == plain.of(e.Contact)
