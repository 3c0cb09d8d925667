"""What is paid by the month, held against the same sums worked out from the whole year at once."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from legalaid_sim.contracts.kinds.payments.limit import Envelope
from legalaid_sim.contracts.kinds.payments.monthly import Monthly
from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.contracts.tools.amounts import last_of_month, next_month
from legalaid_sim.contracts.vocabulary.facts import Line, PeriodFacts, ProviderFacts
from tests.builders.contracts import AGENCY, payment, terms
from tests.contracts.kinds.opened import STARTS

HALF = Fraction(1, 2)


def block(text: str, provider: ProviderFacts = AGENCY) -> Any:
    """Make what a block of this text pays by the month."""
    made = payment(f"- {{id: it, {text}}}\n- {{id: fee, kind: fixed_fee, amount: 100.00, hit: sum}}")
    (found,) = (one for one in made.contract.payments if one.id == "it")
    kind: Any = Envelope if found.kind == "limit" else PAYMENTS[found.kind].monthly
    return kind(found, provider, STARTS, made.library, made.rounded)


def period(at: int, **known: Any) -> PeriodFacts:
    """Give a month of the contract, counted from 0."""
    first = date(STARTS.year + (STARTS.month - 1 + at) // 12, (STARTS.month - 1 + at) % 12 + 1, 1)
    return PeriodFacts(first, last_of_month(first), **known)


def lines(made: Monthly, periods: Sequence[PeriodFacts]) -> list[list[Line]]:
    return [list(made.ended(each)) for each in periods]


def nearest(pence: Fraction) -> int:
    """Round to the penny, halves away from nought."""
    return int(abs(pence) + HALF) * (1 if pence >= 0 else -1)


# ---- grants that buy hours ----------------------------------------------------------------------------------------

SHORTFALL = "shortfall: {tolerance_percent: 10, recover_at: 52.00}"
SURPLUS = "surplus: {pay_at: 13.00, carry_forward_percent: 5}"
HOURS = st.lists(st.integers(0, 25), min_size=27, max_size=27)


def settled_by_hand(hours: Sequence[int], short: bool, more: bool, months: int) -> Iterator[int]:
    """Settle 120 hours a year, each year and what is left of the last, in pence."""
    carried = Fraction(0)
    for first in range(0, months, 12):
        year = hours[first : min(first + 12, months)]
        bought = Fraction(120 * len(year), 12)
        done = sum(year) + carried
        carried = Fraction(0)
        if short and done < bought * 9 / 10:
            yield -nearest((bought * 9 / 10 - done) * 5200)
        elif done > bought:
            carried = min(done - bought, bought / 20) if more else Fraction(0)
            yield nearest((done - bought - carried) * 1300) if more else 0
        else:
            yield 0


@settings(max_examples=40, deadline=None)
@given(HOURS, st.booleans(), st.booleans(), st.sampled_from(["contract_year", "month"]))
@example([10] * 11 + [12] + [8] * 15, True, True, "contract_year")
@example([10] * 11 + [12] + [8] * 15, True, False, "contract_year")
def test_bought_hours_are_settled_year_by_year_and_at_the_end(
    hours: list[int], short: bool, more: bool, per: str
) -> None:
    keys = ", ".join(["buys: {hours: 120}", *[SHORTFALL] * short, *[SURPLUS] * more])
    made = block(f"kind: block_grant, amount: 1200.00, per: {per}, {keys}")
    found = lines(made, [period(at, minutes={"profit": 60 * each}) for at, each in enumerate(hours)])
    base = [sum(line.pence for line in each if line.phase == 1) for each in found]
    assert base == [10000 if per == "contract_year" else 120000] * 27
    ends = [[line.pence for line in each if line.phase == 10] for each in (found[11], found[23])]
    ends.append([line.pence for line in made.over(period(26).last)])
    assert ends == [[pence] if pence else [] for pence in settled_by_hand(hours, short, more, 27)]
    assert all(line.phase == 1 for at, each in enumerate(found) if at not in (11, 23) for line in each)
    assert not list(made.over(period(26).last))


def test_who_gives_just_what_is_spared_pays_nothing_back_and_is_told_of_nothing() -> None:
    made = block(f"kind: block_grant, amount: 1200.00, buys: {{hours: 120}}, {SHORTFALL}")
    found = lines(made, [period(at, minutes={"profit": 540}) for at in range(12)])
    assert [line.pence for each in found for line in each] == [10000] * 12


@pytest.mark.parametrize(
    ("heading", "counted"),
    [("hours", 90), ("work.minutes", 90), ("work.hours.profit", 60), ("work.hours.travel", 30),
     ("work.hours.waiting", 0)],
)  # fmt: skip
def test_hours_are_counted_on_what_the_grant_says(heading: str, counted: int) -> None:
    made = block(f"kind: block_grant, amount: 1200.00, buys: {{hours: 120, counted_on: {heading}}}")
    lines(made, [period(0, minutes={"profit": 60, "travel": 30})])
    assert made.worked == counted


@pytest.mark.parametrize(
    ("per", "ends"), [("contract_year", 11), ("financial_year", 11), ("calendar_year", 8)]
)
def test_a_years_hours_are_settled_where_its_year_ends(per: str, ends: int) -> None:
    made = block(f"kind: block_grant, amount: 1200.00, per: {per}, buys: {{hours: 120}}, {SHORTFALL}")
    found = lines(made, [period(at) for at in range(12)])
    # Nobody works: nine tenths of the hours of the months so far are paid back.
    assert [at for at, each in enumerate(found) if len(each) > 1] == [ends]
    assert found[ends][1].pence == -52_00 * 9 * (ends + 1)


def test_an_hour_more_is_worth_what_it_saves_and_then_what_it_earns() -> None:
    year = period(0).last
    both, none = (
        block(f"kind: block_grant, amount: 1200.00, buys: {{hours: 120}}{more}")
        for more in (f", {SHORTFALL}, {SURPLUS}", "")
    )
    free = block("kind: block_grant, amount: 1200.00")
    assert (both.marginal(year), none.marginal(year), free.marginal(year)) == (52_00 / 60, 0.0, 0.0)
    for made in (both, none, free):
        lines(made, [period(0, minutes={"profit": 599})])
    assert both.marginal(year) == 52_00 / 60
    lines(both, [period(1, minutes={"profit": 601})])
    assert (both.marginal(year), none.marginal(year), free.marginal(year)) == (13_00 / 60, 0.0, 0.0)
    assert (free.bought(year), list(free.over(year))) == (0, [])


def test_hours_carried_forward_count_where_an_hour_more_is_asked_about() -> None:
    made = block(f"kind: block_grant, amount: 1200.00, buys: {{hours: 120}}, {SHORTFALL}, {SURPLUS}")
    lines(made, [period(at, minutes={"profit": 630}) for at in range(12)])
    lines(made, [period(12, minutes={"profit": 240})])
    # Six hours were carried, four are given: the ten of a month are there.
    assert (made.carried, made.marginal(period(12).last)) == (360, 13_00 / 60)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 31), st.sampled_from([7, 12, 31]))
def test_a_part_of_a_month_pays_its_part(lived: int, of: int) -> None:
    part = Fraction(min(lived, of), of)
    made = block("kind: standing_charge, amount: 77.77")
    found = [line.pence for each in lines(made, [period(0, part=part)]) for line in each]
    assert found == [pence for pence in [nearest(7777 * part)] if pence]


# ---- heads --------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=17, max_size=17),
    st.integers(0, 1000),
    st.sampled_from([5, 20, 70]),
)
def test_heads_are_paid_and_cut_for_those_not_seen_by_hand(seen: list[int], heads: int, percent: int) -> None:
    made = block(
        "kind: capitation, amount: 1.20, access_floor: "
        f"{{clients_seen_per_1000: 30, below: {{reduce_percent: {percent}}}}}",
        ProviderFacts(heads=heads),
    )
    found = lines(made, [period(at, clients_seen=each) for at, each in enumerate(seen)])
    monthly = [sum(line.pence for line in each if line.phase == 1) for each in found]
    assert sum(monthly[:12]) == 120 * heads
    cuts = [[line.pence for line in each if line.phase == 10] for each in found]
    assert not any(cuts[:11] + cuts[12:])
    ended = [
        (cuts[11], seen[:12], monthly[:12]),
        ([line.pence for line in made.over(period(16).last)], seen[12:], monthly[12:]),
    ]
    for cut, people, paid in ended:
        below = Fraction(30 * len(people), 12) - (Fraction(1000 * sum(people), heads) if heads else 0)
        due = -nearest(min(Fraction(1), below * percent / 100) * sum(paid)) if heads and below > 0 else None
        assert cut == ([] if due is None else [due])


def test_who_is_seen_as_often_as_asked_for_is_cut_by_no_line() -> None:
    made = block(
        "kind: capitation, amount: 1.20, access_floor: {clients_seen_per_1000: 12, below: {reduce_percent: 50}}",
        ProviderFacts(heads=1000),
    )
    assert all(len(each) == 1 for each in lines(made, [period(at, clients_seen=1) for at in range(12)]))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 1000), st.sampled_from(["capitation", "block_grant"]))
def test_what_was_paid_of_a_year_is_its_part_to_the_penny(pence: int, kind: str) -> None:
    amount = f"amount: {pence // 100}.{pence % 100:02d}"
    made = block(f"kind: {kind}, {amount}", ProviderFacts(heads=1))
    monthly = [sum(line.pence for line in each) for each in lines(made, [period(at) for at in range(12)])]
    assert [sum(monthly[:at]) for at in range(13)] == [nearest(Fraction(pence * at, 12)) for at in range(13)]


def test_a_whole_month_pays_what_is_written_whatever_parts_are_rounded_to() -> None:
    made = terms("""
        rounding: {to: 1.00}
        payments: [{id: it, kind: standing_charge, amount: 77.77}]
    """)
    (found,) = made.contract.payments
    paid = PAYMENTS[found.kind].monthly
    assert paid is not None
    charge = paid(found, AGENCY, STARTS, made.library, made.rounded)
    assert [line.pence for each in lines(charge, [period(0), period(1, part=HALF)]) for line in each] == [
        7777,
        3900,
    ]


def test_without_a_floor_heads_are_paid_whoever_comes() -> None:
    made = block("kind: capitation, amount: 1.20", ProviderFacts(heads=100))
    assert [[line.pence for line in each] for each in lines(made, [period(at) for at in range(12)])] == [
        [1000]
    ] * 12


def test_heads_are_counted_again_after_so_many_years_and_not_between() -> None:
    made = block("kind: capitation, amount: 12.00, heads: {counted_every_years: 2}", ProviderFacts(heads=10))
    found = lines(made, [period(at, heads=None if at == 24 else 20 + at) for at in range(50)])
    assert [each[0].pence for each in found] == [1000] * 48 + [6800] * 2
    never = block("kind: capitation, amount: 12.00", ProviderFacts(heads=10))
    assert {each[0].pence for each in lines(never, [period(at, heads=20) for at in range(30)])} == {1000}


# ---- being there --------------------------------------------------------------------------------------------------

SITTINGS = st.lists(st.tuples(st.sampled_from(["town", "hall"]), st.integers(0, 5)), max_size=6)


@settings(max_examples=60, deadline=None)
@given(SITTINGS, st.none() | st.just("town"), st.none() | st.integers(0, 4), st.none() | st.integers(0, 3))
def test_clients_seen_at_sessions_are_paid_by_hand(
    sittings: list[tuple[str, int]], desk: str | None, most: int | None, least: int | None
) -> None:
    told = {"desk": desk, "per_month": most, "least_clients": least}
    kept = ", ".join(f"{key}: {value}" for key, value in told.items() if value is not None)
    made = block(
        f"kind: standing_charge, per: client, amount: 3.10{f', sessions: {{{kept}}}' if kept else ''}"
    )
    mine = [seen for at, seen in sittings if desk is None or at == desk]
    times = sum(max(seen, least or 0) for seen in mine[: len(mine) if most is None else most])
    ((*found,),) = lines(made, [period(0, sittings=tuple(sittings), part=HALF)])
    assert [line.pence for line in found] == [310 * times] * bool(times)


@pytest.mark.parametrize(
    ("sessions", "held", "paid"),
    [
        ("", 3, 3), ("", 0, 0), (", sessions: {per_month: 4}", 3, 4), (", sessions: {per_month: 4}", 6, 4),
        (", sessions: {per_month: 4, attended_needed: true}", 3, 3),
        (", sessions: {per_month: 4, attended_needed: true}", 6, 4),
        (", sessions: {desk: town}", 6, 2),
    ],
)  # fmt: skip
def test_sessions_are_paid_as_planned_or_as_held_and_whole_in_part_of_a_month(
    sessions: str, held: int, paid: int
) -> None:
    made = block(f"kind: standing_charge, per: session, amount: 10.00{sessions}")
    sittings = (("town", 1), ("hall", 0), ("town", 0))
    ((*found,),) = lines(made, [period(0, sessions=held, sittings=sittings, part=HALF)])
    assert [line.pence for line in found] == [1000 * paid] * bool(paid)


@pytest.mark.parametrize(("part", "pence"), [(Fraction(1), 4100), (HALF, 2050)])
def test_a_charge_for_the_month_is_paid_once_and_in_part(part: Fraction, pence: int) -> None:
    made = block("kind: standing_charge, amount: 41.00")
    assert lines(made, [period(0, sessions=5, part=part)]) == [[Line(1, "it", pence)]]


# ---- volumes that are guaranteed ----------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=29, max_size=29), st.sampled_from([None, 0, 50, 100]))
def test_a_guaranteed_volume_is_made_up_year_by_year_and_at_the_end(
    closed: list[int], percent: int | None
) -> None:
    given_ = f", volume_guarantee_percent: {percent}" if percent is not None else ""
    made = block(
        f"kind: tendered_price, amount: 90.00, award: {{method: pay_as_bid, guaranteed_matters: 36{given_}}}"
    )
    found = lines(made, [period(at, closed=each) for at, each in enumerate(closed)])
    assert not any(each for at, each in enumerate(found) if at not in (11, 23))
    ends = [*(found[at] for at in (11, 23)), list(made.over(period(28).last))]
    years = (closed[:12], closed[12:24], closed[24:])
    short = [36 * (percent or 0) * len(year) // 1200 - sum(year) for year in years]
    assert ends == [[Line(10, "it", 9000 * each)] if each > 0 else [] for each in short]


@pytest.mark.parametrize("half", ["volume_guarantee_percent: 100", "guaranteed_matters: 1200"])
def test_nothing_is_guaranteed_where_half_of_it_is_not_given(half: str) -> None:
    made = block(f"kind: tendered_price, amount: 90.00, award: {{method: pay_as_bid, {half}}}")
    assert not any(lines(made, [period(at) for at in range(12)]))


# ---- caps and floors ----------------------------------------------------------------------------------------------

CAP = "kind: limit, on: {payments: [fee]}, per: PER, at_most: {amount: 10.00, on_breach: HOW}"
EARNED = st.lists(st.integers(-700, 1500), max_size=8)


@settings(max_examples=60, deadline=None)
@given(EARNED, st.sampled_from(["cap", "stop_paying", "warn", "refuse", "seek_authority"]))
def test_a_cap_leaves_what_fits_under_it(earned: list[int], how: str) -> None:
    made = block(CAP.replace("PER", "contract_year").replace("HOW", how))
    given_ = 0
    for pence in earned:
        off, over = made.hold([Line(1, "fee", pence), Line(1, "other", 9999)], STARTS)
        beyond = given_ + pence - 1000
        assert over == (beyond > 0)
        assert off == (max(0, min(beyond, pence)) if how in ("cap", "stop_paying") else 0)
        given_ += pence - off
        assert made.spent == made.in_month == given_
        assert made.full(STARTS) == (how in ("refuse", "seek_authority") and given_ >= 1000)
    year = date(2027, 4, 1)
    assert made.hold([Line(1, "fee", 1000)], year) == (0, False)
    assert made.spent == 1000


def test_a_cap_that_falls_takes_nothing_of_what_was_given_before() -> None:
    made = block(
        "kind: limit, on: {payments: [fee]}, at_most: {amount: {dated: {2026-04-01: 10.00, 2026-05-01: 5.00}}}"
    )
    assert made.hold([Line(1, "fee", 1000)], STARTS) == (0, False)
    held = [made.hold([Line(1, "fee", pence)], date(2026, 5, 1)) for pence in (0, -1, 1)]
    assert held == [(0, True), (0, True), (1, True)]


def test_a_cap_for_each_client_counts_nobody_else_and_no_money_without_a_client() -> None:
    made = block(CAP.replace("PER", "client").replace("HOW", "cap"))
    assert made.hold([Line(1, "fee", 1000)], STARTS, "a") == (0, False)
    assert made.hold([Line(1, "fee", 700)], STARTS, "b") == (0, False)
    assert made.hold([Line(1, "fee", 5000)], STARTS) == (0, False)
    assert made.hold([Line(1, "fee", 1)], STARTS, "a") == (1, True)
    assert block(CAP.replace("PER", "client").replace("HOW", "cap")).hold(
        [Line(1, "fee", 1001)], STARTS, "a"
    ) == (1, True)
    assert made.hold([Line(1, "fee", 301)], STARTS, "b") == (1, True)
    assert (made.spent, made.in_month) == (2000, 2000)
    stops = block(CAP.replace("PER", "client").replace("HOW", "refuse"))
    stops.hold([Line(1, "fee", 1000)], STARTS, "a")
    assert [stops.full(STARTS, client) for client in "ab"] == [True, False]


def test_what_one_limit_takes_off_counts_toward_another_of_the_same_payments_only() -> None:
    small, same, wider, apart = (
        block(f"kind: limit, on: {{payments: [{names}]}}, at_most: {{amount: 10.00}}")
        for names in ("fee", "fee", "fee, it", "it")
    )
    small.id = "small"
    assert same.within([small]).counted == wider.within([small]).counted - {"it"} == {"fee", "small"}
    assert apart.within([small]).counted == {"it"}


def test_a_limit_without_a_cap_takes_nothing_and_is_never_reached() -> None:
    made = block("kind: limit, on: {payments: [fee]}, at_least: {amount: 12.00}")
    assert made.hold([Line(1, "fee", 9999)], STARTS) == (0, False)
    assert not made.full(STARTS)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 400), min_size=13, max_size=13),
    st.sampled_from([("period_end", 11), ("year_end", 11), ("quarter_end", 2), ("month_end", 0)]),
    st.none() | st.sampled_from([0, 50, 100]),
    st.integers(1, 3),
)
def test_floors_are_made_up_by_hand(
    earned: list[int], when: tuple[str, int], ratchet: int | None, back: int
) -> None:
    name, first = when
    more = (
        f", ratchet: {{floor_is_percent: {ratchet}, looking_back_months: {back}}}"
        if ratchet is not None
        else ""
    )
    made = block(
        f"kind: limit, on: {{payments: [fee]}}, at_least: {{amount: 24.00, pays_difference: {name}}}{more}"
    )
    total, months = 0, list[int]()
    for at, pence in enumerate(earned):
        made.hold([Line(1, "fee", pence)], period(at).last)
        total = pence if at == 12 else total + pence
        due = max(0, nearest(Fraction(max(months[-back:]) * (ratchet or 0), 100)) - pence) if months else 0
        if (at + 1) % (first + 1) == 0:
            due += max(0, 200 * (at % 12 + 1) - total - due)
        months.append(pence)
        total += due
        assert [line.pence for line in made.ended(period(at))] == [due] * bool(due)
        assert made.spent == total
    made.end()
    assert not list(made.ended(period(13)))


def test_every_month_that_follows_is_the_next() -> None:
    assert [period(at).first for at in (0, 8, 9, 12)] == [
        STARTS, date(2026, 12, 1), next_month(date(2026, 12, 1)), date(2027, 4, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("more", ["", ", ratchet: {floor_is_percent: 50}"])
def test_a_cap_never_pays_and_what_is_paid_back_stays_paid_back(more: str) -> None:
    made = block(f"kind: limit, on: {{payments: [fee]}}, at_most: {{amount: 999.00}}{more}")
    made.hold([Line(1, "fee", -700)], STARTS)
    assert (list(made.ended(period(0))), made.spent) == ([], -700)
