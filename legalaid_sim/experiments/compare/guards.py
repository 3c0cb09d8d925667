"""Conditions that let a comparison fail, for use in scripts: ``continuity.coc < -0.05``.

A closed grammar, read by hand and never evaluated as code::

    condition   = all { "or" all }
    all         = comparison { "and" comparison }
    comparison  = quantity ( "<" | "<=" | ">" | ">=" ) number
    quantity    = measure | ( "low" | "high" | "p" ) "(" measure ")"

A measure stands for its mean difference from the baseline; ``low`` and ``high`` for the ends of its interval,
``p`` for its adjusted p-value. The condition holds when it holds for any contract. An undefined quantity
cannot show that all is well, so it holds too.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from legalaid_sim.errors import LegalAidSimError

COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
PARTS = ("mean", "low", "high", "p")
COMPARISON = re.compile(
    r"\s*(?:(?P<part>low|high|p|mean)\s*\(\s*(?P<inner>[\w.]+)\s*\)|(?P<measure>[\w.]+))"
    r"\s*(?P<sign><=|>=|<|>)\s*(?P<number>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*"
)
FORM = "write it as in: continuity.coc < -0.05 or high(admin.share) > 0.02"


class BadCondition(LegalAidSimError):
    """A condition that cannot be read: its text, and what is wrong with it."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(text, why)
        self.text, self.why = text, why

    def __str__(self) -> str:
        return f"--fail-if '{self.text}': {self.why}; {FORM}"


class GuardCondition(NamedTuple):
    """A part of a measure's difference against a number."""

    part: str
    measure: str
    sign: str
    number: float

    def holds(self, quantity: float | None) -> bool:
        """Say whether the quantity meets the comparison; an undefined one does."""
        return quantity is None or COMPARE[self.sign](quantity, self.number)


GuardConditions = tuple[tuple[GuardCondition, ...], ...]
AskMeasure = Callable[[str, str], float | None]


def read_condition(text: str, measures: Sequence[str]) -> GuardConditions:
    """Read a condition over known measures; raises ``BadCondition`` with the nearest name or the form."""
    return tuple(
        tuple(_comparison(text, part, measures) for part in re.split(r"\band\b", alternative))
        for alternative in re.split(r"\bor\b", text)
    )


def measures_in(condition: GuardConditions) -> tuple[str, ...]:
    """Name the measures that a condition looks at, each once."""
    return tuple(dict.fromkeys(part.measure for together in condition for part in together))


def fails(condition: GuardConditions, ask: AskMeasure) -> bool:
    """Say whether a condition holds, asking for the quantities by part and measure."""
    return any(all(part.holds(ask(part.part, part.measure)) for part in together) for together in condition)


def _comparison(text: str, part: str, measures: Sequence[str]) -> GuardCondition:
    found = COMPARISON.fullmatch(part)
    if found is None:
        raise BadCondition(text, f"'{part.strip()}' is not a measure, a sign and a number")
    measure = found["measure"] or found["inner"]
    if measure not in measures:
        raise BadCondition(text, f"there is no measure '{measure}'.{_hint(measure, measures)}")
    return GuardCondition(found["part"] or "mean", measure, found["sign"], float(found["number"]))


def _hint(word: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, known, 1)
    return f" Did you mean '{near[0]}'?" if near else ""
