"""What is said of every payment alike, whatever its kind: when it is earned, what holds it, what it replaces."""

from collections.abc import Iterator
from typing import Any

from legalaid_sim.contracts.language.english.words import PICKED, WHEN
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.wording import BREACHES, listed, said, words


def terms_of_payment(block: Any, reader: Any, contract: Contract) -> Iterator[str]:
    """Say the keys that payments share; a tax has the day that picks its version too."""
    if "earned" in type(block).model_fields:
        yield f"earned {WHEN[block.earned]}"
    if "dated_by" in type(block).model_fields:
        yield f"{PICKED[block.dated_by]} picks the version"
    for heading, limit in (reader.limits if hasattr(block, "limits") else {}).items():
        unless = f", unless there is {words(limit.unless)}" if limit.unless else ""
        most = f"{words(heading)} at most {said(limit.at_most, contract)}{unless}"
        yield f"{most}; {BREACHES[limit.on_breach]}"
    if getattr(block, "exception_to", None):
        named = block.exception_to
        yield f"takes the place of {named if isinstance(named, str) else listed(named)}"
