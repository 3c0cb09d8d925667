"""What can be lived and is doubtful all the same: days outside a term, another currency, nobody to be paid for."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from legalaid_sim.contracts.kinds.payments.capitation import Capitation
from legalaid_sim.contracts.kinds.payments.outcome_payment import OutcomePayment
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import Problem
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.yamlfile import Mark

# Pay and overheads, in the evidence and in scenarios, are in pounds, and so is every measure of money.
HOME = "GBP"
ONE_DAY = timedelta(days=1)


class HeldDays(NamedTuple):
    """The days on which a contract is held: from the first up to, not including, the last."""

    begins: date
    ends: date


def caveats(
    scenario: Scenario, held: Iterable[tuple[Any, HeldDays]], beside: Iterable[str], mark: Mark
) -> Iterator[Problem]:
    """Tell what is doubtful about each account of a regime, with the days on which it is held.

    ``beside`` are the currencies of the other regimes.
    """
    by_name: dict[str, list[tuple[Any, HeldDays]]] = {}
    for account, span in held:
        by_name.setdefault(account.terms.name, []).append((account, span))
    others = sorted({*beside, *(each[0][0].terms.contract.currency for each in by_name.values())})
    for accounts in by_name.values():
        account = accounts[0][0]
        whole = HeldDays(min(span.begins for _, span in accounts), max(span.ends for _, span in accounts))
        yield from _outside_term(scenario, account, whole, mark)
        yield from _foreign(account, others, mark)
        yield from _never_comes(scenario, account, mark)
        for each in {one.provider.name: one for one, _ in accounts}.values():
            yield from _no_heads(each, mark)


def _outside_term(scenario: Scenario, account: Any, held: HeldDays, mark: Mark) -> Iterator[Problem]:
    """Tell the days on which matters are opened, or months are paid, before a term or past it."""
    terms, period = account.terms, scenario.period
    to_the_end = account.monthly and held.ends >= period.closes
    first, last = held.begins, (period.ends if to_the_end else held.ends) - ONE_DAY
    told = []
    if first < terms.starts:
        until = min(last, terms.starts - ONE_DAY)
        told.append(
            f"what is lived from {first} to {until} lies before its term, which begins on {terms.starts}"
        )
    if last >= terms.ends:
        since, ended = max(first, terms.ends), terms.ends - ONE_DAY
        told.append(f"what is lived from {since} to {last} lies past its term, which ended on {ended}")
    if told:
        remedy = "move period.starts, or try a contract whose term holds these days"
        yield problem_of("CR070", f"'{terms.name}': {'; '.join(told)}", mark, help=remedy)


def _foreign(account: Any, others: list[str], mark: Mark) -> Iterator[Problem]:
    own = account.terms.contract.currency
    if own == HOME:
        return
    beside = [other for other in others if other not in (own, HOME)]
    also = f", and beside contracts in {' and '.join(beside)}" if beside else ""
    message = (
        f"'{account.terms.name}' is in {own}, and pay, overheads and every measure of money here are in {HOME}{also}: "
        f"1 {own} is counted as 1 {HOME}"
    )
    remedy = f"write its amounts in {HOME}, at a rate that you state, and currency: {HOME}"
    yield problem_of("CV171", message, mark, help=remedy)


def _no_heads(account: Any, mark: Mark) -> Iterator[Problem]:
    provider = account.provider
    for block in account.terms.contract.payments:
        if isinstance(block, Capitation) and not provider.heads:
            message = (
                f"'{block.id}' of '{account.terms.name}' pays by the head, and {provider.name} has no heads: "
                "it earns nothing"
            )
            yield problem_of(
                "CV170", message, mark, help="write organisation: {heads: 60000}, who live in its area"
            )


def _never_comes(scenario: Scenario, account: Any, mark: Mark) -> Iterator[Problem]:
    """Tell payments for results that no problem here can come to."""
    kinds = scenario.clients.problems
    blocks = {block.id: block for block in account.terms.contract.payments}
    for paying in account.terms.payments:
        block = blocks.get(paying.id)
        if not isinstance(block, OutcomePayment):
            continue
        matters = {name: MatterFacts("-", name, kind.fee_code) for name, kind in kinds.items()}
        about = [
            name
            for name, facts in matters.items()
            if not paying.never_for(PricingState(facts, account.provider, account.terms.starts))
        ]
        ends = {*(kinds[name].outcome for name in about), "unresolved"}
        if about and not ends & set(block.results):
            wanted, found = " or ".join(block.results), " or ".join(sorted(ends))
            what = f"'{block.id}' of '{account.terms.name}' pays for {wanted}"
            message = f"{what}, and a matter here ends {found}: it never pays"
            remedy = f"write in the scenario clients.problems.{about[0]}.outcome: {block.results[0]}"
            yield problem_of("CR066", message, mark, help=remedy)
