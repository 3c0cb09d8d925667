"""What matters earn and grants pay, worked out from the log by another way than the ledger's and the contracts' code.

Only the amounts are read from a contract's file; how they make money is said here again, contract by contract, in
exact fractions. Claims of the civil scheme go to the calculator that stands in ``tests.contracts.kinds.civil_oracle``.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from legalaid_sim import events as e
from legalaid_sim.contracts.claimsfile.claims import Claim
from legalaid_sim.contracts.language.load import LIBRARY
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.units import add_up
from legalaid_sim.yamlfile import parse
from tests.contracts.kinds import civil_oracle

DAY = 1440
REDUCED = Fraction(15, 100)


@dataclass
class Told:
    """A matter as the log has it: what it is, who worked how long on it, and what was decided about it."""

    ref: str
    organisation: str
    region: str
    vat: bool
    category: str
    fee_code: str
    client: str
    opened: date
    closed: date
    outcome: str
    known: dict[str, Any]
    minutes: Counter[str] = field(default_factory=Counter)
    duties: int = 0
    flags: set[str] = field(default_factory=set)

    @property
    def worked(self) -> int:
        """All minutes that are paid: those with and for the client, and duties that count as such."""
        return sum(self.minutes.values()) + self.duties

    @property
    def lead(self) -> Fraction:
        """The share of the adviser who did most of what was done with and for the client."""
        given = sum(self.minutes.values())
        return Fraction(max(self.minutes.values()), given) if given else Fraction(0)

    @property
    def assessed(self) -> str:
        return next((flag.partition(":")[2] for flag in self.flags if flag.startswith("assessment:")), "")


@cache
def written(name: str) -> dict[str, Any]:
    """What stands in a contract's file, as plain data."""
    data: dict[str, Any] = parse((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")).data  # type: ignore[assignment]
    if "extends" not in data:
        return data
    # Of what a child changes only named values make money here.
    child = {**deepcopy(written(data["extends"])), "contract": name}
    for change in data["changes"]:
        room, *path = str(change.get("set", "")).split(".")
        if room == "values":
            value, part = path
            child["values"][value][part] = change["to"]
    return child


def amount(name: str, value: str, region: str = "elsewhere", on: date = date.max) -> Fraction:
    """A named value of a contract, in pence (of a percent: in hundredths)."""
    found: Any = written(name)["values"][value]
    found = found["by_region"][region] if "by_region" in found else found
    found = found.get("amount", found) if isinstance(found, dict) else found
    if isinstance(found, dict):
        days = {date.fromisoformat(str(day)): each for day, each in found["dated"].items()}
        found = days[max(day for day in days if day <= on)]
    return Fraction(found) * 100


def row_of(name: str, table: str, category: str, on: date = date.max) -> list[Any]:
    """The last row of a table for a category that had begun on a day."""
    found = written(name)["tables"][table]
    starts = found["columns"].index("starts") if "starts" in found["columns"] else None
    rows = [row for row in found["rows"] if row[0] == category]
    return [row for row in rows if starts is None or date.fromisoformat(str(row[starts])) <= on][-1]


def penny(pence: Fraction) -> int:
    """Whole pence, halves away from nought."""
    return int(pence + Fraction(1, 2)) if pence >= 0 else -int(-pence + Fraction(1, 2))


def at_rate(minutes: int, rate: Fraction, unit: int = 1) -> int:
    """Minutes at a rate an hour, every part of a unit counted as one."""
    return penny(Fraction(-(-minutes // unit) * unit) * rate / 60)


def with_tax(net: int, percent: Fraction | int, registered: bool) -> int:
    return net + (penny(net * Fraction(percent) / 100) if registered else 0)


def vat_on(day: date) -> Fraction:
    """The standard rate of VAT, in percent."""
    rates = {
        date(1991, 3, 19): "17.5",
        date(2008, 12, 1): "15",
        date(2010, 1, 1): "17.5",
        date(2011, 1, 4): "20",
    }
    return Fraction(rates[max(start for start in rates if start <= day)])


# ---- from the log


def matters(log: e.Log, begins: date, registered: Iterable[str]) -> dict[str, Told]:
    """Every matter that was claimed, in the order of the claims, with its minutes counted from what was done."""
    flags = defaultdict[str, set[str]](set)
    for flag in log.of(e.Flagged):
        flags[flag.matter].add(flag.flag)
    found = {}
    for claim in log.of(e.Told):
        told = json.loads(claim.facts)
        found[claim.matter] = Told(
            claim.matter, claim.organisation, told["region"], claim.organisation in registered, told["category"],
            told.get("fee_code", ""), told["client"], date.fromisoformat(told["opened"]),
            date.fromisoformat(told["closed"]), told["outcome"], told.get("facts", {}), flags=flags[claim.matter],
        )  # fmt: skip
        assert found[claim.matter].closed == begins + timedelta(days=claim.at // DAY)
    claimed = {claim.matter: claim.at for claim in log.of(e.Told)}
    for matter, at, adviser, minutes in _work(log):
        if matter in found and at <= claimed[matter]:
            found[matter].minutes[adviser] += minutes
    for duty in log.of(e.DutyFell):
        if duty.paid and duty.matter in found and duty.at < claimed[duty.matter]:
            found[duty.matter].duties += duty.adviser_minutes
    return found


def _work(log: e.Log) -> Iterator[tuple[str, int, str, int]]:
    for contact in log.of(e.Contact):
        yield (
            contact.matter,
            contact.at,
            contact.adviser,
            contact.core + contact.listening + contact.retelling,
        )
    for work in log.of(e.Work):
        if work.activity == e.CASEWORK:
            yield work.matter, work.at, work.adviser, work.minutes


def minutes_of(log: e.Log, organisation: str, before: int) -> int:
    """Minutes that an organisation gave to matters before a minute of the log."""
    of = {matter.matter for matter in log.of(e.MatterOpened) if matter.organisation == organisation}
    return add_up(minutes for matter, at, _, minutes in _work(log) if matter in of and at < before)


def earned(log: e.Log) -> Counter[str]:
    """What the ledger says that each matter earned."""
    found = Counter[str]()
    for line in log.of(e.Entitled):
        found[line.matter] += line.pence
    return found


# ---- contract by contract

Rule = Callable[[Told], int]
Book = Callable[[e.Log, list[Told]], dict[str, int]]


def escaping(one: Told, fee: int, over: int, rate: Fraction, vat: Fraction | int, waits: bool = False) -> int:
    """A fee, or all the work at the rate where that is over the threshold, as far as it was assessed."""
    worked = at_rate(one.worked, rate)
    net = fee
    if worked > over:
        result = one.assessed or ("reduced_to_fixed_fee" if waits else "paid_in_full")
        cut = min(worked - fee, penny(worked * REDUCED))
        net = {"paid_in_full": worked, "reduced": worked - cut, "reduced_to_fixed_fee": fee, "nilled": 0}[
            result
        ]
    # Tax is rounded on what stands after each step, so that the steps sum to the tax on the last.
    return with_tax(net, vat, one.vat)


def unified(one: Told) -> int:
    fee, over = row_of("unified-contract-2007", "standard_fees", one.category)[1:3]
    rate = amount("unified-contract-2007", "help_rate", one.region, one.opened)
    return escaping(one, int(fee * 100), int(over * 100), rate, vat_on(one.closed))


def standard_2010(one: Told) -> int:
    fee, over = row_of("standard-civil-contract-2010", "standard_fees", one.category, one.opened)[2:4]
    rate = amount("standard-civil-contract-2010", "help_rate", one.region, one.opened)
    return escaping(one, int(fee * 100), int(over * 100), rate, vat_on(one.closed))


def tailored(one: Told) -> int:
    fee, over = row_of("tailored-fixed-fees-2005", "own_average_cost", one.category)[1:3]
    rate = amount("tailored-fixed-fees-2005", "help_rate", one.region)
    return escaping(one, int(fee * 100), int(over * 100), rate, Fraction("17.5"))


def civil(one: Told) -> int:
    """The claim by the calculator of claims; an escape on top of it once it has been assessed."""
    rate = amount("civil-scheme", "help_rate", one.region, one.opened)
    worked = at_rate(one.worked, rate)
    facts = MatterFacts(
        one.ref, fee_code=one.fee_code, region=one.region, opened=one.opened, closed=one.closed,
        costs={"profit": worked},
    )  # fmt: skip
    total, escaped, _ = civil_oracle.answer(Claim(facts, one.vat))
    if not escaped:
        return total
    assert ("escape" in one.flags) is escaped
    fee = penny(Fraction(total) / Fraction(6, 5)) if one.vat else total
    return escaping(one, fee, 0, rate, 20, waits=True)


def hours_2001(one: Told) -> int:
    name = "solicitors-hourly-2001"
    first = one.category in ("community_care", "education", "immigration", "public_law")
    rate = amount(name, "higher_rate" if first else "standard_rate", one.region)
    most = max(int(amount(name, "cost_limit")), one.known.get("costs_extension.limit", 0))
    return with_tax(min(at_rate(one.worked, rate, 6), most), Fraction("17.5"), one.vat)


def scotland(one: Told) -> int:
    rate = amount("scotland-advice-and-assistance", "hourly_rate", one.region, one.opened)
    most = max(135_00, one.known.get("increase.limit", 0))
    return with_tax(min(at_rate(one.worked, rate, 6), most), 20, one.vat)


def ontario(one: Told) -> int:
    return min(at_rate(one.worked, amount("ontario-tariff", "first_tier"), 6), 1091_40)


def netherlands(one: Told) -> int:
    return int(
        row_of("netherlands-points", "case_types", one.category)[1] * amount("netherlands-points", "point")
    )


def telephone_2018(one: Told) -> int:
    rate = amount("civil-legal-advice-2018", "phone_rate")
    if one.category in ("education", "discrimination"):
        return at_rate(one.worked, rate, 6)
    if one.worked >= 900:
        return at_rate(one.worked, rate)
    return int(amount("civil-legal-advice-2018", "lower_fee" if one.worked <= 132 else "higher_fee"))


def results(one: Told) -> int:
    return int(amount("outcome-payments", "result")) if one.outcome == "resolved" else 0


def guarded(one: Told) -> int:
    fee, result = (int(amount("outcome-payments-guarded", each)) for each in ("case_fee", "result"))
    mix = {"easy": 70, "hard": 150}.get(one.known.get("difficulty_band", ""), 100)
    if one.outcome != "resolved" or one.worked < 60:
        return fee
    share = 40 + 60 * ("lasted:6" in one.flags)
    return fee + penny(Fraction(result * mix * share, 10_000))


def core(one: Told) -> int:
    worked = at_rate(one.worked, amount("core-and-case", "hour", one.region))
    return 95_00 + penny(Fraction(max(0, worked - 190_00), 2)) + 10_00 * (one.lead >= Fraction(4, 5))


def relational(one: Told) -> int:
    back = one.known.get("months_since_last_matter")
    led = 15_00 if one.lead >= Fraction(95, 100) else 10_00 if one.lead >= Fraction(80, 100) else 0
    return led + (10_00 if back is not None and back <= 24 else 0)


def gateway(one: Told) -> int:
    reached = one.known.get("stages", [])
    paid = {"first_meeting": 70_00, "negotiation": 80_00, "hearing": 120_00}
    if not reached and one.outcome == "client_disengaged":
        return 35_00
    return sum(paid[stage] for stage in reached)


def fee_of(name: str, value: str) -> Rule:
    """One price for whatever a matter takes."""
    return lambda one: int(amount(name, value))


def agreed(one: Told) -> int:
    """The case, and what was agreed if it was reached by an hour's work or more, less for easy ones, more for hard."""
    case, end = (amount("public-value", each) for each in ("case", "agreed_end"))
    mix = {"easy": 60, "hard": 160}.get(one.known.get("difficulty_band", ""), 100)
    reached = one.outcome == "resolved" and one.worked >= 60
    return int(case) + (penny(end * mix / 100) if reached else 0)


def by_one(rule: Rule) -> Book:
    return lambda log, claims: {one.ref: rule(one) for one in claims}


def year_of(day: date, first: date) -> int:
    """Which year of a contract a day is in."""
    return ((day.year - first.year) * 12 + day.month - first.month) // 12


def tendered(log: e.Log, claims: list[Told]) -> dict[str, int]:
    """A price a case; for community care by the place among the year's cases of the organisation."""
    first, places, found = date(2009, 4, 1), Counter[tuple[str, int]](), {}
    for one in claims:
        if one.category == "community_care":
            key = one.organisation, year_of(one.closed, first)
            places[key] += 1
            found[one.ref] = 270_00 if places[key] <= 2 else 250_00 if places[key] <= 4 else 230_00
        else:
            found[one.ref] = int(amount("best-value-tender", "awarded_price"))
    return found


def budgets(log: e.Log, claims: list[Told]) -> dict[str, int]:
    """The time at the posted price as far as the client's budget of the year goes, and once what choosing costs."""
    first, spent, found = date(2008, 4, 1), Counter[tuple[str, str, int]](), {}
    for one in claims:
        key = one.organisation, one.client, year_of(one.closed, first)
        price = at_rate(one.worked, amount("direct-payments", "posted_price", one.region))
        drawn = min(price, 600_00 - spent[key])
        found[one.ref] = drawn + (22_00 if not spent[key] else 0)
        spent[key] += drawn
    return found


NOTHING = by_one(lambda one: 0)
BOOKS: dict[str, Book] = {
    "australian-centre-grant": NOTHING,
    "best-value-tender": tendered,
    "capitation-with-access-floor": NOTHING,
    "civil-legal-advice-2018": by_one(telephone_2018),
    "civil-scheme": by_one(civil),
    "community-legal-advice-centre-2008": NOTHING,
    "core-and-case": by_one(core),
    "direct-payments": budgets,
    "early-legal-advice-pilot-2022": by_one(lambda one: 172_31),
    "netherlands-points": by_one(netherlands),
    "new-public-management": by_one(fee_of("new-public-management", "tendered")),
    "not-for-profit-hours-2004": NOTHING,
    "ontario-clinic": NOTHING,
    "ontario-tariff": by_one(ontario),
    "outcome-payments": by_one(results),
    "outcome-payments-guarded": by_one(guarded),
    "personalisation-1-friendlier-front": by_one(fee_of("personalisation-1-friendlier-front", "fee")),
    "personalisation-2-navigation": by_one(fee_of("personalisation-2-navigation", "fee")),
    "personalisation-4-co-production": NOTHING,
    "personalisation-5-self-organisation": NOTHING,
    "public-value": by_one(agreed),
    "relational-pilot": by_one(relational),
    "scotland-advice-and-assistance": by_one(scotland),
    "solicitors-hourly-2001": by_one(hours_2001),
    "standard-civil-contract-2010": by_one(standard_2010),
    "tailored-fixed-fees-2005": by_one(tailored),
    "telephone-gateway": by_one(gateway),
    "traditional-administration": NOTHING,
    "unified-contract-2007": by_one(unified),
}


# ---- by the month


def grant_of(name: str, region: str, advisers: int, month: date) -> Fraction:
    """A year's grant in the month, in pence; nought where a contract grants nothing."""
    match name:
        case "australian-centre-grant":
            return rising(name, amount(name, "centre_year"), month) * advisers
        case "core-and-case":
            return amount(name, "core_year", region) * advisers
        case "community-legal-advice-centre-2008":
            return amount(name, "pooled_year")
        case "not-for-profit-hours-2004":
            return amount(name, "year_of_hours", region) * advisers
        case "ontario-clinic":
            return amount(name, "clinic_year") * advisers
        case "personalisation-4-co-production" | "personalisation-5-self-organisation":
            return amount(name, "adviser_year") * advisers
        case "public-value":
            return amount(name, "core_year") * advisers
        case "relational-pilot":
            return amount(name, "adviser_year", region) * advisers
        case "traditional-administration":
            return amount(name, "post_year") * advisers
    return Fraction(0)


def hour_taken_back(name: str, region: str) -> Fraction:
    """What is taken back for an hour that was bought and not worked, in pence."""
    if name == "traditional-administration":
        return Fraction(str(written(name)["payments"][0]["shortfall"]["recover_at"])) * 100
    return amount(name, "hour_value", region)


def rising(name: str, pence: Fraction, month: date) -> Fraction:
    """An amount that rises each July by what the contract's series says, to the penny each time."""
    rises = written(name)["series"]["yearly_rise"]["dated"]
    for day, percent in rises.items():
        if date.fromisoformat(str(day)) <= month:
            pence = Fraction(penny(pence * (100 + Fraction(percent)) / 100))
    return pence


# Grants that are paid ahead, and for how many months.
LENGTHS = {
    "australian-centre-grant": 6, "core-and-case": 3, "community-legal-advice-centre-2008": 3,
    "not-for-profit-hours-2004": 1, "ontario-clinic": 1, "relational-pilot": 3,
}  # fmt: skip
# Grants that are paid after each month.
AFTER = (
    "personalisation-4-co-production", "personalisation-5-self-organisation", "public-value",
    "traditional-administration",
)  # fmt: skip


def soon_enough(log: e.Log, organisation: str, months: list[date], begins: date) -> dict[date, int]:
    """The bonus of the first stage, by the day after each quarter: the mean wait of its months, weighed by what closed.

    ``months`` are first days, one more than are lived. A month in which nobody was first seen has no mean; one in which
    nothing closed still weighs as much as one case.
    """
    block = written("personalisation-1-friendlier-front")["controls"][0]
    asked, waits, closed = dict[str, int](), defaultdict[date, list[int]](list), Counter[date]()
    for each in log:
        month = (begins + timedelta(days=each.at // DAY)).replace(day=1)
        match each:
            case e.Asked():
                asked[each.problem] = each.at
            case e.MatterOpened() if each.organisation == organisation:
                waits[month].append(each.at - asked[each.problem])
            case e.MatterClosed() if each.organisation == organisation:
                closed[month] += 1
    found = {}
    for last, after in pairwise(months):
        if after.month not in (1, 4, 7, 10):
            continue
        window = [each for each in months if each <= last][-block["over_window"]["months"] :]
        if add_up(closed[each] for each in window) < block["over_window"]["at_least_cases"]:
            continue
        means = {
            each: Fraction(add_up(waits[each]), len(waits[each]) * DAY) for each in window if waits[each]
        }
        weights = {each: max(closed[each], 1) for each in means}
        weighed = sum((weights[each] * mean for each, mean in means.items()), Fraction(0))
        if means and weighed <= block["target"]["at_most"] * add_up(weights.values()):
            found[after] = int(Fraction(block["bonus"]) * 100)
    return found
