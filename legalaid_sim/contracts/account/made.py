"""What the parts of an account are made with."""

from datetime import date
from typing import TypeAlias

from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.vocabulary.facts import ProviderFacts

# Who holds the contract, the day from which its years run, and the contract's values.
Made: TypeAlias = tuple[ProviderFacts, date, Library]
