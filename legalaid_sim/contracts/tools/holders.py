"""Who holds a contract, as far as its terms ask."""

from fractions import Fraction

from legalaid_sim.contracts.vocabulary.facts import ProviderFacts
from legalaid_sim.errors import Refusal


def advisers_of(provider: ProviderFacts) -> Fraction:
    """Give the full-time advisers that a contract let by the adviser counts; one where nobody said."""
    found = provider.facts.get("advisers", 1)
    try:
        return Fraction(str(found))
    except ValueError:
        why = f"the number of full-time advisers is needed, found {found!r}"
        raise Refusal("bad-fact", "provider.advisers", why) from None
