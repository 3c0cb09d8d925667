"""Single pieces from Python: a contract, a claim, a world, a log, what a folder holds."""

import csv
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from legalaid_sim.api.named import Contracts, NameOrPath, Texts, several
from legalaid_sim.arguments import CONTRACT, SCENARIO, SEED, BadArguments, asked

if TYPE_CHECKING:
    from legalaid_sim.authoring.checking import Checked
    from legalaid_sim.contracts.pricing.terms import CompiledTerms
    from legalaid_sim.contracts.schema import Contract
    from legalaid_sim.engine.regime import Regime
    from legalaid_sim.events import Log
    from legalaid_sim.results import Run
    from legalaid_sim.scenario.model import Scenario
    from legalaid_sim.world import World


@asked()
def price(contract: NameOrPath, claims: NameOrPath | Iterable[Mapping[str, object]]) -> list[dict[str, str]]:
    """Price closed claims under a contract: a CSV file of them, or rows with the same columns.

    Gives a row a claim, in order, as ``legalaid-sim price`` writes it: amounts in pounds as text, and why a claim was
    refused where it was.
    """
    from legalaid_sim.contracts.claimsfile.claims import open_claims, read_rows
    from legalaid_sim.contracts.claimsfile.priced import PRICED_COLUMNS, Ids, PricingTally, price_rows
    from legalaid_sim.contracts.claimsfile.pricer import Pricer
    from legalaid_sim.contracts.language.load import load_terms

    pricer = Pricer(load_terms(contract))
    given = isinstance(claims, (str, Path))
    with open_claims(Path(claims)) if given else nullcontext(_as_csv(claims)) as lines:  # type: ignore[arg-type]
        header, rows = read_rows(lines, str(claims) if given else "claims")
        return [
            dict(zip(PRICED_COLUMNS, row))
            for row in price_rows(header, rows, pricer.price, PricingTally(), Ids())
        ]


@asked()
def check(
    file_or_text: NameOrPath, *, profile: Literal["draft", "working", "publish"] = "working"
) -> "Checked":
    """Check a file, a contract of the library by name, or text; everything found stands in the rows of the answer."""
    from legalaid_sim.authoring.checking import check_file, check_text
    from legalaid_sim.contracts.language.load import is_text

    if is_text(file_or_text):
        return check_text(str(file_or_text), profile=profile)
    return check_file(str(file_or_text), profile)


@asked(scenario=SCENARIO, contract=CONTRACT)
def simulate(world: "World", scenario: "Scenario", contract: "Regime | CompiledTerms | Contracts") -> "Log":
    """Live a world under a regime, or contracts held together (none, and nobody pays), and give the log.

    Nothing is random from here on: the same three give the same log.
    """
    from legalaid_sim.contracts.language.load import load_terms
    from legalaid_sim.contracts.pricing.terms import CompiledTerms
    from legalaid_sim.engine import Regime
    from legalaid_sim.engine import simulate as live

    if isinstance(contract, Regime):
        return live(world, scenario, contract)
    terms = (contract,) if isinstance(contract, CompiledTerms) else tuple(map(load_terms, several(contract)))
    return live(world, scenario, Regime("+".join(each.name for each in terms), terms))


@asked()
def load_contract(name_or_path: NameOrPath) -> "Contract":
    """Read a contract of the library or of a file, or given as text.

    Raises:
        ContractError: with every problem of the file, in file order.
        UnreadableFile: the file is not text.
    """
    from legalaid_sim.contracts.language.load import load_contract as load

    return load(name_or_path)


@asked()
def load_terms(name_or_path: NameOrPath) -> "CompiledTerms":
    """Read and compile a contract of the library or of a file, or given as text.

    Raises:
        ContractError: with every problem of the file, in file order.
        UnreadableFile: the file is not text.
    """
    from legalaid_sim.contracts.language.load import load_terms as load

    return load(name_or_path)


@asked()
def load_scenario(path: NameOrPath) -> "Scenario":
    """Give the scenario, or raise ``ScenarioError`` with every problem in the file."""
    from legalaid_sim.scenario import load_scenario as load

    return load(path)


@asked(scenario=SCENARIO, seed=SEED)
def sample(scenario: "Scenario", seed: int) -> "World":
    """Draw the world of a scenario from a seed: the same bytes for the same two, whatever the contract."""
    from legalaid_sim.world import sample as draw

    return draw(scenario, seed)


@asked()
def measure(log: "Log", names: Texts = ()) -> dict[str, float | None]:
    """Take the measures named, in that order, or every one where none is named; ``None`` where one is undefined.

    The log is read and folded once for all; money is in pounds, shares run from 0 to 1.
    """
    from legalaid_sim.diagnostics import did_you_mean
    from legalaid_sim.measures import REGISTRY
    from legalaid_sim.measures import measure as take

    unknown = [name for name in names if name not in REGISTRY]
    if unknown:
        known = tuple(REGISTRY)
        faults = (f"names: there is no measure '{name}'.{did_you_mean(name, known)}" for name in unknown)
        raise BadArguments("measure", tuple(faults))
    return take(log, names or REGISTRY)


@asked()
def open_run(folder: NameOrPath) -> "Run":
    """Open a results folder; raises ``ResultsError`` saying what is wrong with it and what to do."""
    from legalaid_sim.results import open_run as opened

    return opened(folder)


@asked()
def read_sweep(path: NameOrPath, keys: Texts | None = None) -> list[dict[str, Any]]:
    """Give every run as one mapping of column to value, in the order of the axes: for pandas, polars, csv.

    ``keys`` name the runs that count; all that the file holds where they are left out.
    """
    from legalaid_sim.experiments.sweep.reading import read_sweep as rows

    return rows(path, None if keys is None else tuple(keys))


def _as_csv(claims: Iterable[Mapping[str, object]]) -> IO[str]:
    held = list(claims)
    written = StringIO(newline="")
    writer = csv.DictWriter(written, list(dict.fromkeys(name for claim in held for name in claim)))
    writer.writeheader()
    writer.writerows(held)
    written.seek(0)
    return written
