"""How a key of a contract acts: it is paid by, asked for, permitted by, acted on, or only told.

*Paid* keys move money, *asked* ones work, *permitted* ones who may be taken or what may be passed, and what is *acted
on* changes something else that happens. A key that is *told only* is read by people and moves nothing, in a run or in a
worked example.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

KeyMark: TypeAlias = Literal["paid", "asked", "permitted", "acted on", "told only"]
PAID: KeyMark = "paid"
ASKED: KeyMark = "asked"
PERMITTED: KeyMark = "permitted"
ACTED: KeyMark = "acted on"
TOLD: KeyMark = "told only"
# Keys by mark, by the name of the model that has them; what a model does not say is said by the one it is made from.
KeyMarks: TypeAlias = Mapping[str, Mapping[KeyMark, str]]


class Unheard(NamedTuple):
    """A key that is told only though a designer would expect it to act, and what to do instead."""

    key: str
    instead: str
