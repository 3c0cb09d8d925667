"""What the terminal shows of a comparison: differences, how sure they are, and who gained and lost."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from legalaid_sim.experiments.compare.equal_money import APART
from legalaid_sim.experiments.compare.pairing import CLIENT_VALUES, GroupGain
from legalaid_sim.experiments.shared.contrasts import Contrast, Family
from legalaid_sim.experiments.shared.lasting import SPEND
from legalaid_sim.experiments.shared.statistics import Value
from legalaid_sim.measures.words import RED
from legalaid_sim.reports import columns
from legalaid_sim.reports.columns import terminal_width, wrapped
from legalaid_sim.reports.console import ARROWS, clipped, shown_path
from legalaid_sim.reports.ignorance import doubts_table
from legalaid_sim.reports.numbers import number, pooling, signed, spread
from legalaid_sim.units import counted

if TYPE_CHECKING:
    from legalaid_sim.experiments.compare.comparison import ComparisonResult

LEGEND = (
    "difference ± half its 95 % interval, in the worlds that have both; better, worse and no difference that matters "
    "are said wrongly in at most 5 in 100 tables (Holm), what was asked and the further measures apart"
)
OPEN = "cannot tell: how many more worlds would settle it, if it is as large as it looks"
TITLES: Mapping[Family, str] = {
    "asked": "what was asked",
    "further": "further measures, a family of their own",
}
PAIRING = "pairing: the variance left of what independent worlds would give"
ARITHMETIC = (
    "by arithmetic: with nobody responding to pay under these contracts; what was lived before them stays"
)
MADE = "made equal"
NOT_EQUAL = (
    f"the payer's money differs by more than {100 * APART:g} %, and what a budget can buy is no merit of a "
    "contract: --equal-money lives it again for the baseline's sum (its worlds once or twice more)"
)
GROUPS = (
    ("everyone", 0, "everyone"),
    ("relational_need", 1, "least need of a relationship"),
    ("relational_need", 5, "most need of a relationship"),
    ("vulnerability", 1, "least vulnerable (red)"),
    ("vulnerability", 5, "most vulnerable (red)"),
)


def render_comparison(found: "ComparisonResult") -> str:
    """Show a comparison: the answer, a table a contract, the clients, the best, where it is."""
    told = found.manifest
    said = "\n".join(wrapped(sentence) for sentence in answer_of(found))
    rule = pooling(contrast.paired.difference for contrast in found.contrasts)
    worlds = f"{counted(found.worlds, 'world')}, the same under every contract; {LEGEND}{f'; {rule}' if rule else ''}"
    parts = [clipped(told["scenario"]["title"], 200), said, wrapped(worlds)]
    for name in (name for name in found.contracts if name != found.baseline):
        parts += [_table(name, found, family) for family in TITLES]
        parts.append(_at_equal_money(name, found))
        parts.append(doubts_table([doubt for doubt in found.doubts if doubt.contract == name]))
        parts.append(_clients(name, found.gains.get(name, ())))
    parts += [_best(found), f"results in {shown_path(found.folder)}"]
    return "\n\n".join(part for part in parts if part)


def answer_of(found: "ComparisonResult") -> list[str]:
    """Give the first answer of a comparison, in sentences."""
    from legalaid_sim.reports.answer import AnswerScope, answer

    lived = AnswerScope.of(found.manifest["scenario"]["resolved"])
    means = found.estimates[found.baseline]
    if not found.prices:
        return []
    return answer(found.contrasts, found.baseline, means, found.prices, lived, found.doubts)


def _table(name: str, found: "ComparisonResult", family: Family) -> str:
    contrasts = [each for each in found.contrasts if each.contract == name and each.family == family]
    if not contrasts:
        return ""
    responding = any(contrast.mechanical is not None for contrast in contrasts)
    head = [
        "",
        "",
        found.baseline,
        name,
        "difference",
        *(["by arithmetic"] if responding else []),
        "",
        "pairing",
    ]
    rows = [_row(contrast, responding) for contrast in contrasts]
    table = set_out([head, *rows], (-1, 1))
    legend = [*([ARITHMETIC] if responding else []), OPEN, *([PAIRING] if "pairing" in table else [])]
    beside = _beside(name, found)
    return f"{name} against {found.baseline}{beside}: {TITLES[family]}\n{table}\n{wrapped('; '.join(legend))}"


def _at_equal_money(name: str, found: "ComparisonResult") -> str:
    """Set out a contract at equal money; where that was not asked for and money differs, say how to ask."""
    equal = next((each for each in found.equal or () if each.contract == name), None)
    if equal is None:
        return wrapped(NOT_EQUAL) if name in found.apart else ""
    if equal.factor is None:
        return wrapped(f"{name} at equal money: {equal.why}")
    rows = [_row(contrast, False) for contrast in equal.contrasts]
    rows = [
        [*row[:5], MADE, *row[6:]] if contrast.measure == SPEND else row
        for row, contrast in zip(rows, equal.contrasts)
    ]
    table = set_out([["", "", found.baseline, name, "difference", "", "pairing"], *rows], (-1, 1))
    return f"{name} at equal money, with {factor_in_words(equal.factor, equal.times)}\n{table}"


def factor_in_words(factor: float, times: float | None) -> str:
    """Say what the amounts were multiplied by, and how near the payer's sum then is.

    >>> factor_in_words(0.4712, 1.0032)
    "its amounts times 0.4712 (the payer comes to owe 1.003 times the baseline's sum)"
    """
    near = "" if times is None else f" (the payer comes to owe {times:.3f} times the baseline's sum)"
    return f"its amounts times {factor:.4f}{near}"


def _beside(name: str, found: "ComparisonResult") -> str:
    from legalaid_sim.reports.answer import times_in_words

    words = [times_in_words(price.times) for price in found.prices if price.contract == name]
    return f", {words[0]}" if any(words) else ""


def _row(contrast: Contrast, responding: bool) -> list[str]:
    unit, gap = contrast.unit, contrast.paired.difference
    mechanical = contrast.mechanical.mean if contrast.mechanical else None
    return [
        f"{ARROWS[contrast.better]} {contrast.measure}",
        unit,
        number(contrast.baseline.mean, unit, contrast.baseline.half_width),
        number(contrast.ours.mean, unit, contrast.ours.half_width),
        spread(gap, unit, sign=True, worlds=contrast.lived),
        *([signed(mechanical, unit)] if responding else []),
        _said(contrast),
        _pairing(contrast.paired.variance_ratio, contrast.paired.correlation),
    ]


def _said(contrast: Contrast) -> str:
    if contrast.needed is not None:
        more = contrast.needed - contrast.paired.difference.n
        return f"cannot tell, {rounded(more)} more world{'s' * (more != 1)}"
    if contrast.at_most is not None:
        return f"never seen to differ, at most in {100 * contrast.at_most:.0f} % of worlds"
    return contrast.verdict


def _pairing(ratio: Value, correlation: Value) -> str:
    if ratio is None:
        return ""
    hurts = " (it hurts here)" if correlation is not None and correlation < 0 else ""
    return f"{ratio:.0%}{hurts}"


def _clients(name: str, gains: Sequence[GroupGain]) -> str:
    held = {(gain.value, gain.grouping, gain.group): gain for gain in gains}
    rules = {value.name: value.rule for value in CLIENT_VALUES}
    if not held:
        return ""
    head = ["", *(label for _, _, label in GROUPS)]
    rows = [
        [
            rules[value.name],
            *(_gained(held.get((value.name, grouping, group))) for grouping, group, _ in GROUPS),
        ]
        for value in CLIENT_VALUES
    ]
    return f"who gained / lost by {name}, share of the same clients\n{set_out([head, *rows])}\n{wrapped(RED)}"


def _gained(gain: GroupGain | None) -> str:
    if gain is None or gain.gained.mean is None or gain.lost.mean is None:
        return "–"
    return f"{gain.gained.mean:.0%} / {gain.lost.mean:.0%}"


def _best(found: "ComparisonResult") -> str:
    best = found.best
    if best is None:
        return ""
    if best.chosen:
        went = ", ".join(
            f"{name} after {counted(worlds, 'world')}" for name, worlds in best.out_after.items()
        )
        return (
            f"best by {found.best_measure}: {best.chosen} (95 %, differences under "
            f"{best.indifference:g} do not matter); out: {went or 'nobody'}"
        )
    return (
        f"best by {found.best_measure}: not settled after {counted(best.worlds, 'world')} between "
        f"{', '.join(best.still_in)}; more worlds would settle it"
    )


def rounded(count: int) -> str:
    """Show a count that is only roughly known, to two figures.

    >>> rounded(7), rounded(1066), rounded(26938)
    ('7', '1,100', '27,000')
    """
    return f"{round(count, 2 - len(str(count))):,}" if count > 99 else str(count)


def set_out(rows: Sequence[Sequence[str]], spare: Sequence[int] = (1, -1)) -> str:
    """Set rows of text in columns as wide as the terminal: name and unit to the left, others to the right.

    In a narrow terminal the columns of ``spare`` go in turn.
    """
    if len(rows[0]) == len(GROUPS) + 1:
        return columns.set_out(rows, terminal_width())
    return columns.set_out(rows, terminal_width(), 2, spare)


def quantities(contrasts: Sequence[Contrast]) -> Mapping[str, Mapping[tuple[str, str], Value]]:
    """Give, by contract, what a condition may ask of a comparison: (part, measure) to a number."""
    found: dict[str, dict[tuple[str, str], Value]] = {}
    for contrast in contrasts:
        gap, held = contrast.paired.difference, found.setdefault(contrast.contract, {})
        parts = {"mean": gap.mean, "low": gap.low, "high": gap.high, "p": contrast.p_value}
        held.update({(part, contrast.measure): value for part, value in parts.items()})
    return found
