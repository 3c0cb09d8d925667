"""Scenarios made so that a contract's blocks are reached, and what was seen to happen while they were lived."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

import pytest

from legalaid_sim import events
from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.analysis.needs import Need, needs_of
from legalaid_sim.contracts.kinds.payments.disbursements import Disbursements
from legalaid_sim.contracts.kinds.payments.outcome_payment import OutcomePayment
from legalaid_sim.contracts.kinds.payments.staged_fee import StagedFee
from legalaid_sim.contracts.pricing.terms import CompiledTerms, compile_terms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.conditions import compile_test, fact_getter
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, PeriodFacts, Settlement, read_told
from legalaid_sim.contracts.vocabulary.settings import LivedSetting
from legalaid_sim.contracts.vocabulary.wants import ANYTHING, Wanted
from legalaid_sim.contracts.vocabulary.words import named
from legalaid_sim.engine import Regime, simulate
from legalaid_sim.experiments.shared.reaching import settings_of
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.regimes import Practice
from legalaid_sim.units import add_months
from legalaid_sim.world import sample

PEOPLE = 40
MOST_HAPPENINGS = 3
OUTLAY = {"pounds": {"fixed": 40}, "vat_percent": 20, "units": {"fixed": 2}}


def scenarios_for(contract: Contract) -> Iterator[Scenario]:
    """Scenarios whose problems go through all that a contract asks about, as far as a scenario can say it."""
    categories = contract.categories or ("debt",)
    by_day: dict[date, list[str]] = defaultdict(list)
    for code in _codes(contract):
        by_day[_in_force(contract, code)].append(code)
    for day, codes in by_day.items() or ((contract.term.starts, []),):
        for first in range(0, max(1, len(codes)), len(categories)):
            yield _scenario(contract, day, categories, codes[first : first + len(categories)])


def _codes(contract: Contract) -> list[str]:
    named = []
    for block in contract.payments:
        code = block.applies_to.get("fee_code")
        if code is not None and not hasattr(code, "over"):
            named.append(str(code[0] if isinstance(code, tuple) else code))
    return list(dict.fromkeys(named))


def _asked(contract: Contract) -> dict[str, dict[str, float]]:
    """The facts that blocks ask of a matter, each value for as many matters as its neighbours, and some without."""
    words: dict[str, dict[str, None]] = {}
    for need in needs_of(contract):
        for wanted in (*(wanted for any_of in need.all_of for wanted in any_of), *need.never):
            word, rest = named(wanted.sort, wanted.name)
            if wanted.sort == "fact" and word is not None and word.name in ("<name>", "client.<name>"):
                found = wanted.condition if isinstance(wanted.condition, tuple) else (wanted.condition,)
                told = (one for one in found if isinstance(one, str | bool))
                words.setdefault(rest, {}).update(dict.fromkeys(str(one).lower() for one in told))
    return {name: dict.fromkeys(values, 0.8 / len(values)) for name, values in words.items() if values}


def _kinds(contract: Contract) -> list[str]:
    return [kind for block in contract.payments if isinstance(block, Disbursements) for kind in block.kinds]


def _counted(contract: Contract, code: str) -> list[str]:
    """What the blocks for a code (or for any) count, the first few."""
    blocks = {block.id: block.applies_to.get("fee_code", ()) for block in contract.payments}
    mine = {name for name, codes in blocks.items() if not code or code == codes or code in codes}
    names = (
        wanted.name
        for need in needs_of(contract)
        if need.block in mine
        for any_of in need.all_of
        for wanted in any_of
        if wanted.sort == "count" or wanted.name.startswith("event.")
    )
    return list(dict.fromkeys(name.removeprefix("event.") for name in names))[:MOST_HAPPENINGS]


def _in_force(contract: Contract, code: str) -> date:
    """The day on which the newest row of a code begins; the contract's first where it has none."""
    days = [contract.term.starts]
    for table in contract.tables.values():
        columns = table.columns or ()
        if table.starts in columns and "fee_code" in columns:
            at, starts = columns.index("fee_code"), columns.index(table.starts)
            days += [date.fromisoformat(str(row[starts])) for row in table.rows if row[at] == code]
    return max(days)


def _scenario(contract: Contract, day: date, categories: Sequence[str], codes: Sequence[str]) -> Scenario:
    stages = [
        stage.stage for block in contract.payments if isinstance(block, StagedFee) for stage in block.stages
    ]
    results = [block.results[0] for block in contract.payments if isinstance(block, OutcomePayment)]
    kinds = {}
    for n, category in enumerate(categories):
        code = codes[n % len(codes)] if codes else ""
        kinds[category] = {
            "fee_code": code,
            "happenings": dict.fromkeys(_counted(contract, code), 1.0),
            "stages": dict.fromkeys(stages, 0.3),
            "facts": _asked(contract),
            "work": {heading: {"fixed": 20} for heading in ("travel", "waiting", "advocacy")},
            "disbursements": {kind: OUTLAY for kind in ("copies", *_kinds(contract))},  # noqa: C420 - a copy each
            "costs": {"counsel": OUTLAY},
            **({"outcome": results[0]} if results else {}),
        }
    starts = day if day.day == 1 else add_months(day.replace(day=1), 1)
    return Scenario.model_validate(
        {
            "kind": "scenario",
            "schema_version": 1,
            "about": {"title": contract.contract, "question": "is everything in it reached?"},
            "period": {"starts": str(starts), "months": 13, "lead_in_months": 0, "run_out_months": 6},
            "start": "own",
            "clients": {
                "arrivals": {"per_week": 4},
                "arrivals_until": PEOPLE,
                "problems": kinds,
                "channels": {"face_to_face": 1, "telephone": 1, "online": 1},
                "switching": {"chance": 0.3, "why": "any_meeting"},
            },
            "advisers": [{"number": 2}, {"role": "telephone_operator", "number": 1}],
            "organisation": {
                "vat_registered": True,
                "heads": 60000,
                "bid": 150,
                "quality": 60,
                "sessions": {"court": {"days": ["tue"], "minutes": 60, "clients": {"fixed": 2}}},
                "expected_claims": 60000,
                "door": "telephone_gateway",
                "allocation": {"first": "telephone_hub", "own_adviser_patience_days": 0},
                **({} if "elsewhere" in contract.regions or not contract.regions else {"region": "london"}),
            },
            "assumptions": {"outcome.return_chance": 0.6, "missed.chance": 0},
        }
    )


class Seen(NamedTuple):
    """What happened: cases as they were claimed, words that came up, and what the contract answered with."""

    cases: list[PricingState]
    raised: dict[str, set[str]]
    paid: set[str]
    fell: set[str]

    def met(self, need: Need) -> bool:
        """Whether one claimed case, with all else that happened, had everything that a need asks for."""
        facts = [any_of for any_of in need.all_of if not any(map(self.happened, any_of))]
        cases = [case for case in self.cases if not (need.never and all(_holds(w, case) for w in need.never))]
        return (not facts and not need.never) or any(
            all(any(_true(wanted, case) for wanted in any_of) for any_of in facts) for case in cases
        )

    def happened(self, wanted: Wanted) -> bool:
        """Whether a word came up at all; facts are asked for case by case."""
        return wanted.sort not in ("fact", "count") and wanted.name in self.raised[wanted.sort]


def _true(wanted: Wanted, case: PricingState) -> bool:
    if wanted.sort == "count":
        return bool(case.facts.counts.get(wanted.name))
    return wanted.sort == "fact" and _holds(wanted, case)


def _holds(wanted: Wanted, case: PricingState) -> bool:
    if wanted.name.startswith("row."):
        return True  # a block that reads a row is asked whether it pays
    found = fact_getter(wanted.name)(case)
    if wanted.condition is ANYTHING:
        return found not in (None, "", 0)
    return compile_test(wanted.condition)[0](found)


@contextmanager
def _watched(raised: dict[str, set[str]]) -> Iterator[None]:
    """Note what the engine tells accounts, at the door of the account."""
    with pytest.MonkeyPatch.context() as patch:
        usual_event, usual_month = Account.event, Account.month_ended

        def event(self: Account, kind: str, facts: MatterFacts, on: date, **told: Any) -> Settlement:
            raised["event"].add(kind)
            if kind == "call_answered":
                raised["call"] |= {str(told.get("result")), *(name for name in told if name != "result")}
            if kind == "stage_reached":
                raised["stage"].add(str(told["stage"]))
            return usual_event(self, kind, facts, on, **told)

        def month_ended(self: Account, period: PeriodFacts) -> Settlement:
            raised["event"] |= {"month_ended", "quarter_ended", "year_ended"}
            raised["month"] |= {n for n in ("closed", "clients_seen", "sessions") if getattr(period, n)}
            raised["month"] |= {desk for desk, _ in period.sittings}
            raised["measure"] |= set(period.measures)
            raised["minutes"] |= {name for name, minutes in period.minutes.items() if minutes}
            return usual_month(self, period)

        patch.setattr(Account, "event", event)
        patch.setattr(Account, "month_ended", month_ended)
        yield


def live(contract: Contract, made: Scenario, terms: CompiledTerms | None = None) -> Seen:
    """Live one world of a scenario under a contract, and give what was seen."""
    raised: dict[str, set[str]] = defaultdict(set)
    raised["event"] |= {"matter_opened", "matter_closed"}
    terms = terms or compile_terms(contract)
    with _watched(raised):
        log = simulate(sample(made, 1), made, Regime("tried", (terms,)))
    provider = Account(terms, _provider(made), terms.starts).provider
    seen = Seen([], raised, set(), set())
    for one in log:
        if isinstance(one, events.Told):
            facts, ranks = read_told(one.facts)
            seen.cases.append(PricingState(facts, provider, terms.starts, facts.closed, ranks))
            raised["minutes"] |= {name for name, minutes in facts.minutes.items() if minutes}
            raised["costs"] |= {name for name, pence in facts.costs.items() if pence}
            raised["count"] |= {name for name, times in facts.counts.items() if times}
            raised["fact"] |= set(facts.facts)
        elif isinstance(one, events.Entitled) and one.pence:
            seen.paid.add(one.block)
        elif isinstance(one, events.DutyFell):
            seen.fell.add(one.clause)
        elif isinstance(one, events.Audited):
            raised["event"].add("audit_held")
    return seen


def _provider(made: Scenario) -> Any:
    from legalaid_sim.contracts.vocabulary.facts import ProviderFacts

    held = made.organisation
    facts = {"advisers": 2, "bid": 15000}
    return ProviderFacts(held.name, held.region, held.vat_registered, held.heads, facts)


def together(parts: Sequence[Seen]) -> Seen:
    """What was seen in any of several lives."""
    raised: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        for sort, names in part.raised.items():
            raised[sort] |= names
    cases = [case for part in parts for case in part.cases]
    return Seen(cases, raised, set().union(*(p.paid for p in parts)), set().union(*(p.fell for p in parts)))


def settings(made: Sequence[Scenario]) -> tuple[LivedSetting, ...]:
    """Every setting of several scenarios."""
    return tuple(
        one for each in made for agency in each.houses for one in settings_of(each, agency, Practice())
    )
