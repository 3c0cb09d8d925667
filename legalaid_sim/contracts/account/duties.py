"""The admin that a contract asks for when something happens: duties that concern a matter."""

from collections.abc import Iterable
from datetime import date

from legalaid_sim.contracts.kinds.duties.kind import OnEvents
from legalaid_sim.contracts.vocabulary.facts import Burden, MatterFacts


def burdens(rules: Iterable[OnEvents], facts: MatterFacts, on: date) -> tuple[Burden, ...]:
    """Give the burdens of all rules that concern a matter."""
    return tuple([found for rule in rules if (found := rule.burden(facts, on)) is not None])
