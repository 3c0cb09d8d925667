"""Two contracts on the same seeded matters: who gains and loses, by how much, which incentives change."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from legalaid_sim.contracts.diff import ExamplesCompared, compare_examples, differences, summary
from legalaid_sim.contracts.facts import MatterFacts, ProviderFacts
from legalaid_sim.contracts.load import Resolved, compile_resolved, read_sound, resolve
from legalaid_sim.contracts.paycurve import (
    Sample,
    costed,
    dead_zones,
    every_matter,
    hourly_rate,
    newest_day,
    past_the_fee,
    pay_curve,
    sample_matters,
)
from legalaid_sim.contracts.terms import CompiledTerms
from legalaid_sim.draws import Table, lognormal, weighted
from legalaid_sim.errors import Refusal
from legalaid_sim.experiments.statistics import Paired, paired
from legalaid_sim.units import add_up

MEAN_HOURS = 6.0
SPREAD = 0.9
DAYS = 365
COLUMNS = 4
MOST_SHOWN = 8


class Side(NamedTuple):
    """One of the two contracts, resolved and compiled."""

    resolved: Resolved
    terms: CompiledTerms


class Outcome(NamedTuple):
    """What a matter earns under a contract, and whether it escapes."""

    pence: int
    escapes: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """Both contracts on the same matters: pairs of outcomes, and matters that one of them refuses."""

    pairs: tuple[tuple[Outcome, Outcome], ...]
    refused_before: int
    refused_after: int

    @property
    def gain(self) -> Paired:
        """The mean difference in pence with its interval."""
        return paired([float(b.pence) for _, b in self.pairs], [float(a.pence) for a, _ in self.pairs])


def side_of(name: str) -> Side:
    """Read and compile one side; raises ``ContractError`` with every problem of its file."""
    resolved = resolve(name)
    return Side(resolved, compile_resolved(read_sound(resolved), resolved))


def seeded_matters(before: CompiledTerms, after: CompiledTerms, count: int, seed: int) -> Iterator[Sample]:
    """Draw matters of the kinds that either contract prices, opened in the year after its newest terms.

    Hours are log-normal, mean 6, coefficient of variation 0.9 (assumed; only the comparison counts).
    """
    kinds = {
        (s.facts.category, s.facts.fee_code, s.facts.channel): s
        for terms in (before, after)
        for s in every_matter(terms.contract)
    }
    samples, first = list(kinds.values()), max(newest_day(t.contract) for t in (before, after))
    for row in Table(seed, "trial", 0, COLUMNS).lists(count) if samples else ():
        sample = samples[weighted(row[0], [1.0] * len(samples))]
        opened = first + timedelta(days=int(row[1] * DAYS))
        minutes = round(60 * lognormal(row[2], MEAN_HOURS, SPREAD))
        yield replace(sample, facts=_worked(sample.facts, opened, minutes))


def _worked(facts: MatterFacts, opened: date, minutes: int) -> MatterFacts:
    closed = opened + timedelta(days=90)
    return replace(
        facts, opened=opened, closed=closed, minutes={"profit": minutes}, by_adviser={"lead": minutes}
    )


def try_out(before: CompiledTerms, after: CompiledTerms, count: int, seed: int) -> Trial:
    """Price the same seeded matters under both contracts."""
    pairs, refused = list[tuple[Outcome, Outcome]](), [0, 0]
    for sample in seeded_matters(before, after, count, seed):
        one, other = (_priced(terms, sample.facts, sample.provider) for terms in (before, after))
        refused[0] += one is None
        refused[1] += other is None
        if one is not None and other is not None:
            pairs.append((one, other))
    return Trial(tuple(pairs), refused[0], refused[1])


def _priced(terms: CompiledTerms, facts: MatterFacts, provider: ProviderFacts) -> Outcome | None:
    try:
        priced = terms.price(facts, provider)
    except Refusal:
        return None
    return Outcome(priced.earned, "escape" in priced.flags)


def comparison_in_text(one: str, other: str, count: int = 1000, seed: int = 7) -> str:
    """Write a whole comparison: what differs, the examples, the seeded matters, the incentives."""
    before, after = side_of(one), side_of(other)
    return "\n".join(_lines(one, other, before, after, count, seed)) + "\n"


def _lines(one: str, other: str, before: Side, after: Side, count: int, seed: int) -> Iterator[str]:
    found = differences(before.resolved.data, after.resolved.data)
    yield from (str(difference) for difference in found)
    examples = compare_examples(before.terms, after.terms)
    yield f"{summary(found)}   {_examples(examples)}"
    trial = try_out(before.terms, after.terms, count, seed)
    yield from _trial(trial, count)
    yield from _incentives(before.terms, after.terms)
    yield f"Reproduce: legalaid-sim diff {one} {other} --matters {count} --seed {seed}"


def _examples(found: ExamplesCompared) -> str:
    return f"Examples: {found.same} same, {found.changed} changed, {found.failing} failing"


def _trial(trial: Trial, count: int) -> Iterator[str]:
    if trial.refused_before or trial.refused_after:
        refused = f"the first refuses {trial.refused_before}, the second {trial.refused_after}"
        yield f"Of {count:,} matters {refused}"
    if len(trial.pairs) < 2:
        yield "No matters that both contracts price: nothing to compare"
        return
    gain, rises = trial.gain, [b.pence - a.pence for a, b in trial.pairs]
    yield (
        f"On {len(rises):,} seeded matters: mean pay {_signed(gain.difference.mean)} "
        f"(95% interval {_signed(gain.difference.low)} to {_signed(gain.difference.high)}); "
        f"{add_up(r > 0 for r in rises):,} gain, {add_up(r < 0 for r in rises):,} lose"
    )
    shares = [100 * add_up(pair[side].escapes for pair in trial.pairs) / len(trial.pairs) for side in (0, 1)]
    yield f"escape share {shares[0]:.1f}% -> {shares[1]:.1f}%"


def _signed(pence: float | None) -> str:
    return "unknown" if pence is None else f"{pence / 100:+.2f}"


def _incentives(before: CompiledTerms, after: CompiledTerms) -> Iterator[str]:
    sides = (before, after)
    samples = {sample.called: sample for terms in sides for sample in sample_matters(terms.contract)}
    for called, sample in list(samples.items())[:MOST_SHOWN]:
        zones = _arrow([_zones(terms, sample) for terms in sides])
        minutes = _arrow([str(add_up(t.burden_of(sample.facts, sample.provider).values())) for t in sides])
        yield f"{called}: dead zone {zones}; duty minutes {minutes}"


def _arrow(found: list[str]) -> str:
    return f"unchanged ({found[0]})" if found[0] == found[1] else f"{found[0]} -> {found[1]}"


def _zones(terms: CompiledTerms, sample: Sample) -> str:
    rate = hourly_rate(terms.contract, terms, sample.block, sample)
    zones = past_the_fee(dead_zones(pay_curve(terms, costed(terms, sample))), rate)
    spans = [
        f"{z.start / 60:.1f} h on" if z.open else f"{z.start / 60:.1f}-{z.end / 60:.1f} h" for z in zones
    ]
    return ", ".join(spans) or "none"
