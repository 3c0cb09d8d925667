"""What a comparison is to find out, and what is said of one that cannot be made."""

from dataclasses import dataclass

from legalaid_sim.errors import LegalAidSimError
from legalaid_sim.experiments.run.job import measure_names


class BadQuestion(LegalAidSimError):
    """A comparison that cannot be made as asked: why, and what to do."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True, slots=True)
class ComparisonOptions:
    """What a comparison is to find out.

    ``measures`` empty means the headline measures. ``until`` is a measure and the half-width at which every
    difference of it is narrow enough; ``best`` a measure and the smallest difference that matters.
    ``equal_money`` lives each contract again so that the payer comes to owe the baseline's sum; None only those whose
    payer spends more than 5 % more or less.
    """

    baseline: str | None = None
    measures: tuple[str, ...] = ()
    until: tuple[str, float] | None = None
    best: tuple[str, float] | None = None
    equal_money: bool | None = None


def refuse_unknown_measure(name: str) -> None:
    """Raise ``BadQuestion`` naming the nearest measure where there is none of this name."""
    from difflib import get_close_matches

    if name not in measure_names():
        near = get_close_matches(name, measure_names(), 1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise BadQuestion(f"there is no measure '{name}'.{hint} `legalaid-sim list measures` gives them all")
