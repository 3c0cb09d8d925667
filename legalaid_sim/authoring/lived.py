"""Two contracts on the matters that a scenario closes under the first: mean, gain and lose of one world."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from legalaid_sim.contracts.language.load import load_terms
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.pricing_state import money
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts, read_told
from legalaid_sim.errors import Refusal
from legalaid_sim.events import Told
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.shared.replicate import the_pipeline, world_seed
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import add_up

REPLICATION = 1


class ClosedMatter(NamedTuple):
    """A matter that was closed: what the contract was told, of whom, and what it knew beside."""

    facts: MatterFacts
    provider: ProviderFacts
    ranks: dict[str, int]


def lived_in_text(one: str, other: str, path: Path, seed: int | None) -> str:
    """Live the first world of a scenario under the first contract, and price its matters under both.

    Raises:
        InputError: the scenario or a contract has errors, or the first contract cannot answer for it.
    """
    job = prepare(path, RunOptions(contracts=(one,), seed=seed))
    before, after = load_terms(one), load_terms(other)
    matters = tuple(_closed(job.scenario, job.plans[0].compiled(), before.name))
    pairs = [(_earned(before, matter), _earned(after, matter)) for matter in matters]
    place = f"{path.name} (seed {job.scenario.seed}, its first world)"
    return "\n".join(("", *_said(pairs, place, before.name))) + "\n"


def _closed(scenario: Scenario, regime: object, contract: str) -> Iterator[ClosedMatter]:
    pipeline = the_pipeline()
    world = pipeline.sample(scenario, world_seed(scenario.seed, REPLICATION))
    log = pipeline.simulate(world, scenario, regime)  # type: ignore[arg-type]
    providers = {agency.organisation.name: agency.organisation for agency in scenario.houses}
    for told in log.of(Told):
        if told.contract == contract:
            house = providers[told.organisation]
            facts, ranks = read_told(told.facts)
            yield ClosedMatter(
                facts, ProviderFacts(house.name, house.region, house.vat_registered, house.heads), ranks
            )


def _earned(terms: CompiledTerms, matter: ClosedMatter) -> int | None:
    if not terms.covers(matter.facts, matter.provider):
        return None
    try:
        return terms.price(matter.facts, matter.provider, ranks=matter.ranks).earned
    except Refusal:
        return None


def _said(pairs: list[tuple[int | None, int | None]], place: str, contract: str) -> Iterator[str]:
    """Say the mean change in pay, who gains and loses, and who is paid for by one contract only."""
    gains = [other - one for one, other in pairs if one is not None and other is not None]
    yield f"The {len(pairs):,} matters closed under {contract} in {place}:"
    if gains:
        mean = add_up(gains) / len(gains)
        up, down = add_up(gain > 0 for gain in gains), add_up(gain < 0 for gain in gains)
        sign = "-" if mean < 0 else "+"
        yield (
            f"  mean pay {sign}{money(abs(round(mean)))} a matter, with tax; "
            f"{up:,} gain, {down:,} lose, {len(gains) - up - down:,} unchanged"
        )
    for at, words in ((1, "the second"), (0, "the first")):
        refused = add_up(pair[at] is None and pair[1 - at] is not None for pair in pairs)
        if refused:
            yield f"  {refused:,} are not paid for by {words}"
    yield "  what agencies would do otherwise under the second is not in this: that is what compare lives"
