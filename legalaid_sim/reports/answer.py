"""The first answer of every run, the same on the terminal, in JSON and in the report: three sentences.

Two on what was asked, and always one on what it costs the payer and whether the agency could have lasted.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from legalaid_sim.experiments.shared.contrasts import ASKED, Contrast
from legalaid_sim.experiments.shared.doubt import Doubt
from legalaid_sim.experiments.shared.lasting import Price
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports.finding import difference_of, leading, level_of, listed, plain
from legalaid_sim.reports.ignorance import in_doubt
from legalaid_sim.units import counted

RULE = (
    "A sentence for each measure that answers the question (answer_with in the scenario; continuity and admin where "
    "it names none) names the contract that differs most from the first one among those that do, with both means, "
    "the 95 % interval of the paired difference and the payer's money as a multiple of the first contract's; then it "
    "says how the others stand. A difference is told where its p-value, adjusted by Holm's method over what was asked, "
    "is at most 0.05; further measures are a family of their own. It does not matter where it lies within the "
    "smallest difference that matters, which stands in the scenario, adjusted in the same way. Else it cannot be told, "
    "and the sentence gives the largest. The last "
    "sentence always says what the payer comes to owe for the months that count, paid or not, and in how many worlds "
    "an "
    "organisation's reserves stood below nothing at the end of a month: who has nothing cannot pay, so such a "
    "world could not have lasted, though without `may_shrink` the organisation lives on in it."
)
SAME_FROM, SAME_TO = 0.95, 1.05


class AnswerScope(NamedTuple):
    """What of the scenario the answer needs: months that count, organisations, what was asked."""

    months: int
    organisations: int
    may_close: bool
    asked: tuple[str, ...] = ("continuity.coc", "admin.share")

    @classmethod
    def of(cls, scenario: Mapping[str, Any]) -> "AnswerScope":
        """Read it from a resolved scenario, as a manifest holds it."""
        houses = [agency["organisation"] for agency in scenario["agencies"]] or [scenario["organisation"]]
        may_close = any(house["may_shrink"] for house in houses)
        asked = scenario.get("answer_with")
        found = cls(scenario["period"]["months"], len(houses), may_close)
        return found._replace(asked=tuple(asked)) if asked else found


def answer(
    contrasts: Sequence[Contrast],
    baseline: str,
    means: Mapping[str, Estimate],
    prices: Sequence[Price],
    lived: AnswerScope,
    doubts: Sequence[Doubt] = (),
) -> list[str]:
    """Give the answer by ``RULE``; levels where there is one contract only. ``means`` are the baseline's."""
    return [*_asked(contrasts, baseline, means, prices, lived, doubts), what_it_costs(prices, lived)]


def _asked(
    contrasts: Sequence[Contrast],
    baseline: str,
    means: Mapping[str, Estimate],
    prices: Sequence[Price],
    lived: AnswerScope,
    doubts: Sequence[Doubt],
) -> list[str]:
    asked = tuple(dict.fromkeys(each.measure for each in contrasts if each.family == ASKED)) or lived.asked
    over = {(doubt.contract, doubt.measure): doubt for doubt in doubts}
    beside = {price.contract: words for price in prices[1:] if (words := times_in_words(price.times))}
    found = []
    for name in asked:
        held = [each for each in contrasts if each.measure == name]
        known = REGISTRY[name]
        if held:
            told = [each for each in held if each.paired.difference.mean is not None]
            doubt = over.get((leading(told).contract, name)) if told else None
            found.append(
                difference_of(held, known, baseline, beside) + (f" {in_doubt(doubt)}" if doubt else "")
            )
        else:
            found.append(level_of(baseline, known, means[name]))
    return found


def times_in_words(times: float | None) -> str:
    """Say how much of the baseline's money a contract takes; empty where that cannot be said.

    >>> times_in_words(2.13), times_in_words(1.01)
    ("for 2.1 times the baseline's money", "for about the baseline's money")
    """
    if times is None:
        return ""
    if SAME_FROM <= times <= SAME_TO:
        return "for about the baseline's money"
    return f"for {times:.1f} times the baseline's money"


def what_it_costs(prices: Sequence[Price], lived: AnswerScope) -> str:
    """Say what each contract costs the payer, and under which the agency could not have lasted."""
    first, *others = prices
    months, owed = _months(lived.months), pounds(first.spend.mean)
    spent = f"In {months} the payer comes to owe {owed} under {plain(first.contract)}"
    against = [f"{pounds(price.spend.mean)} under {plain(price.contract)}{_level(price)}" for price in others]
    cost = f"{spent}, {_row(against)}" if against else spent
    return f"{cost}; {_lasting(prices, lived)}."


def _level(price: Price) -> str:
    return "" if price.times is None else f" ({price.times:.1f} times that)"


def _lasting(prices: Sequence[Price], lived: AnswerScope) -> str:
    one = lived.organisations == 1
    known = [price for price in prices if price.worlds]
    if not known:
        return "no month ended in it, so nothing is known of reserves"
    short = [price for price in known if price.worlds_below]
    sound = [price.contract for price in known if not price.worlds_below]
    if not short:
        return f"{'the agency' if one else 'no organisation'} {'never ' if one else ''}runs out of money"
    parts = ", ".join(_short(price, lived) for price in short)
    rest = f"; never under {listed(sound)}" if sound else ""
    closes = "" if lived.may_close else "; it lives on in the model, where in truth it could not have paid"
    return f"{'the agency' if one else 'an organisation'} runs out of money {parts}{rest}{closes}"


def _short(price: Price, lived: AnswerScope) -> str:
    ends = counted(lived.months * lived.organisations, "month-end")
    ends += " of organisations" * (lived.organisations > 1)
    return (
        f"under {plain(price.contract)} in {price.worlds_below} of {counted(price.worlds, 'world')} "
        f"(reserves below nothing at {price.months_below.mean or 0.0:.1f} of {ends} on average, down to "
        f"{pounds(price.low_point)})"
    )


def pounds(value: float | None) -> str:
    """Show money as people read it.

    >>> pounds(-143049.2), pounds(0.0)
    ('−£143,049', '£0')
    """
    if value is None:
        return "nothing known"
    return f"{'−' if round(value) < 0 else ''}£{abs(round(value)):,}"


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def _row(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
