"""What is said of every payment alike, whatever its kind: when it is earned, what holds it, what it replaces."""

from collections.abc import Iterator
from typing import Any

from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.contracts.language.english.words import PICKED, WHEN
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.wording import BREACHES, listed, said, words


def terms_of_payment(block: Any, reader: Any, contract: Contract) -> Iterator[str]:
    """Say the keys that payments share; a tax has the day that picks its version too."""
    kind = PAYMENTS.get(block.kind)
    by_month, holds = kind is not None and kind.monthly and not kind.price, kind is not None and kind.holds
    # What a month's end pays, or a limit holds, follows no matter: only what is written of that is told.
    written = block.model_fields_set
    if "earned" in type(block).model_fields and ("earned" in written or not holds):
        yield f"earned {WHEN[block.earned if 'earned' in written or not by_month else 'monthly']}"
    if "dated_by" in type(block).model_fields and ("dated_by" in written or not holds):
        day = block.dated_by if "dated_by" in written or not by_month else "month_ended"
        yield f"{PICKED[day]} picks the version"
    for heading, limit in (reader.limits if hasattr(block, "limits") else {}).items():
        unless = f", unless there is {words(limit.unless)}" if limit.unless else ""
        most = f"{words(heading)} at most {said(limit.at_most, contract)}{unless}"
        yield f"{most}; {BREACHES[limit.on_breach]}"
    if getattr(block, "exception_to", None):
        named = block.exception_to
        yield f"takes the place of {named if isinstance(named, str) else listed(named)}"
