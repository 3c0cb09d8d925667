"""Whether contracts can answer for a scenario: in force on its dates, covering its problems, paying something."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any, NamedTuple

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import ERROR, WARNING, Problem, Refusal, ScenarioError
from legalaid_sim.experiments.shared.caveats import HeldDays, caveats
from legalaid_sim.experiments.shared.plans import RegimePlan
from legalaid_sim.experiments.shared.reaching import never_reached
from legalaid_sim.scenario import ScenarioFile
from legalaid_sim.scenario.brings import possible
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.people import ProblemKind
from legalaid_sim.units import counted
from legalaid_sim.yamlfile import Mark

FOR_GOOD = 600
# Three reasons for which a contract cannot answer, each with a remedy of its own; by the code of its refusal.
OF_REFUSAL = {"no-version": "CR064", "expected-value": "CR064", "no-region": "CR071"}
CANNOT = "CR072"


Tell = Callable[[Problem], object]


def untold(problem: Problem) -> None:
    """Tell nobody."""


def ready(file: ScenarioFile, plans: tuple[RegimePlan, ...], tell: Tell = untold) -> tuple[Problem, ...]:
    """Give what is doubtful of a scenario file lived under each plan, and ``tell`` it one by one.

    Whatever lives worlds of a file comes this way first. Raises ``ScenarioError`` with what keeps a contract from
    answering for the scenario.
    """
    # For errors it is enough to show the key of the list of contracts. What `check` only notes is no matter here.
    marks = (file.marks.key(("contracts",)),) * len(plans)
    found = (*file.warnings, *not_ready(file.scenario, plans, marks))
    unready = tuple(problem for problem in found if problem.severity == ERROR)
    if unready:
        raise ScenarioError(unready)
    doubtful = tuple(problem for problem in found if problem.severity == WARNING)
    for problem in doubtful:
        tell(problem)
    return doubtful


class MatterQuery(NamedTuple):
    """One question put to a contract: may and would it pay for this kind of matter, opened on this day?"""

    account: Any
    contract: str
    kind: str
    facts: MatterFacts
    held: HeldDays


def not_ready(
    scenario: Scenario, plans: tuple[RegimePlan, ...], marks: tuple[Mark, ...]
) -> Iterator[Problem]:
    """Give what stands in the way of living a scenario under each plan; ``marks`` say where each contract is named."""
    all_answer = True
    for plan, mark in zip(plans, marks):
        # What all lived before is told once, with the first.
        asked = list(_questions(scenario, plan if plan is plans[0] else replace(plan, before=())))
        refused = [refusal for refusal in map(_refused, asked) if refusal]
        if refused:
            first = refused[0]
            yield problem_of(OF_REFUSAL.get(first.code, CANNOT), first.why, mark, help=_mend(scenario, first))
            all_answer = False
            continue
        yield from _unforeseen(asked, mark)
        covered = [one for one in asked if one.account.covers(one.facts)]
        missing = sorted({one.kind for one in asked} - {one.kind for one in covered})
        if asked and missing:
            consequence = "whoever comes with it is turned away, out of scope"
            message = f"'{plan.name}' does not cover {_and(missing)}: {consequence}"
            yield problem_of("CR065", message, mark)
        if covered and not any(_pays(one) for one in covered):
            message = f"'{plan.name}' pays nothing for anything here: the organisation lives on its reserves"
            yield problem_of("CV164", message, mark)
        held = {id(one.account): (one.account, one.held) for one in asked}
        yield from caveats(scenario, held.values(), _currencies(plans), mark)
    if all_answer:
        yield from never_reached(scenario, plans, marks)


def _questions(scenario: Scenario, plan: RegimePlan) -> Iterator[MatterQuery]:
    period = scenario.period
    phases = plan.compiled().phases(period.begins)
    ends = [*(phase.starts or period.begins for phase in phases[1:]), period.closes]
    for phase, end in zip(phases, ends):
        begins = max(phase.starts or period.begins, period.begins)
        if begins < end:
            yield from _questions_of(scenario, phase, begins, end)


def _questions_of(scenario: Scenario, phase: Any, begins: date, ends: date) -> Iterator[MatterQuery]:
    days = (begins, ends - timedelta(days=1))
    for agency in scenario.houses:
        organisation = agency.organisation
        for terms in phase.held_by(organisation.name):
            provider = ProviderFacts(
                organisation.name,
                organisation.region,
                organisation.vat_registered,
                organisation.heads,
                {"advisers": 1, **organisation.foreseen(terms.name)},
            )
            account = Account(terms, provider, begins)
            for kind, told in scenario.clients.problems.items():
                for day, brought in product(days, possible(told.facts)):
                    facts = whole_matter(kind, told, organisation.region, day, brought)
                    yield MatterQuery(account, terms.name, kind, facts, HeldDays(begins, ends))


def _currencies(plans: tuple[RegimePlan, ...]) -> set[str]:
    """Name the currencies of all contracts that are tried beside each other."""
    return {written.contract.currency for plan in plans for written in plan.contracts}


def whole_matter(
    kind: str, told: ProblemKind, region: str, day: date, brought: Mapping[str, str | bool]
) -> MatterFacts:
    """Suppose a matter of a kind that took an hour, went through all it may, and came to a good end that lasted."""
    return MatterFacts(
        "-", kind, told.fee_code, region, opened=day, closed=day, outcome=told.outcome,
        minutes={"profit": 60}, counts=dict.fromkeys(told.happenings, 1),
        facts={**brought, "lasted_months": FOR_GOOD, "stages": list(told.stages)},
    )  # fmt: skip


def _refused(asked: MatterQuery) -> Refusal | None:
    """The contract's refusal to price the matter, in a sentence; None where it can."""
    if not asked.account.covers(asked.facts):
        return None
    try:
        asked.account.terms.price(asked.facts, asked.account.provider, asked.facts.opened)
    except Refusal as refusal:
        opened = asked.facts.opened
        brought = "".join(
            f", {name} {str(value).lower()}"
            for name, value in asked.facts.facts.items()
            if name not in ("lasted_months", "stages")
        )
        why = f"'{asked.contract}' cannot answer for a {asked.kind} matter opened on {opened}{brought}: {refusal.why}"
        return Refusal(refusal.code, refusal.rule, why)
    return None


def _pays(asked: MatterQuery) -> bool:
    return bool(asked.account.monthly) or any(
        piece.base > 0 or piece.slope > 0 for piece in asked.account.incentive(asked.facts)
    )


def _unforeseen(asked: list[MatterQuery], mark: Mark) -> Iterator[Problem]:
    """Tell of payments that open at a twelfth of claims that neither scenario nor contract expects."""
    without = {
        (one.contract, one.account.provider.name): block for one in asked for block in one.account.unforeseen
    }
    for (contract, organisation), block in without.items():
        message = (
            f"'{block}' of '{contract}' opens at a twelfth of the claims expected of '{organisation}', "
            "and nobody says how much that is"
        )
        remedy = (
            f"write GBP a year, in the scenario as organisation.expected_claims: {{{contract}: 60000}}, "
            f"or in the contract as cash.{block}.expected_claims"
        )
        yield problem_of("CR067", message, mark, help=remedy)


def _mend(scenario: Scenario, refusal: Refusal) -> str:
    code = OF_REFUSAL.get(refusal.code, CANNOT)
    if code == "CR071":
        return f"write one in {refusal.rule} of the contract, or organisation.region: another in the scenario"
    if code == CANNOT:
        return "give the kind of problem a fee_code or facts that a payment is about, or the contract a payment for it"
    period = scenario.period
    return (
        f"the scenario lives from {period.begins} ({counted(period.lead_in_months, 'month')} of lead-in) to "
        f"{period.ends}: "
        "move period.starts, shorten lead_in_months, or try another contract"
    )


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
