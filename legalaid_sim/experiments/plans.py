"""Which regimes to try: contracts read and resolved, as plain data that can be sent to workers and stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legalaid_sim.errors import ERROR, ContractError
from legalaid_sim.units import add_up

if TYPE_CHECKING:
    from legalaid_sim.contracts.schema.contract import Contract
    from legalaid_sim.contracts.terms import CompiledTerms
    from legalaid_sim.engine import Regime
    from legalaid_sim.scenario.model import Practice, Scenario

NO_CONTRACT = "no-contract"
# Added to the name of a regime that is lived a second time with nobody responding to pay.
MECHANICAL = " (mechanical)"


@dataclass(frozen=True)
class Written:
    """A contract as read: the flat data it resolves to, and the text of every file that went into it.

    Plain data travels to workers; the model is built from it where it is used. ``folder`` is where the CSV
    files of its tables stand; ``places`` says where each block stands in its file.
    """

    data: Mapping[str, Any]
    files: Mapping[str, str]
    folder: Path
    places: Mapping[str, tuple[str, int]]

    @property
    def name(self) -> str:
        """The contract's own name."""
        return str(self.data["contract"])

    @cached_property
    def contract(self) -> "Contract":
        """The contract as a model."""
        from legalaid_sim.contracts.schema import Contract

        return Contract.model_validate(self.data)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "contract"}

    def compiled(self) -> "CompiledTerms":
        """Compile it; raises ``Refusal`` where it names something that is not there."""
        from legalaid_sim.contracts import compile_terms

        return compile_terms(self.contract, self.folder, self.places)

    def tables(self) -> dict[str, str]:
        """Give the text of the CSV files that its tables and examples are read from."""
        examples = (example.table for example in self.contract.examples)
        named = [table.file for table in (*self.contract.tables.values(), *examples) if table and table.file]
        return {str(name): (self.folder / str(name)).read_text(encoding="utf-8") for name in named}


@dataclass(frozen=True, slots=True)
class Plan:
    """A regime before it is compiled: contracts held together, and the practice that goes with them."""

    name: str
    contracts: tuple[Written, ...]
    practice: "Practice"
    own: tuple[tuple[str, Written], ...] = ()
    respond: str | None = None

    def compiled(self) -> "Regime":
        """Give the regime as the engine takes it; ``own`` are contracts of single organisations, by name."""
        from legalaid_sim.engine import Regime

        terms = tuple(written.compiled() for written in self.contracts)
        own = {name: (written.compiled(),) for name, written in self.own}
        return Regime(self.name, terms, self.practice, own, self.respond)

    def mechanical(self) -> "Plan":
        """Give the same regime with nobody responding to pay: what is left is arithmetic."""
        return replace(self, name=f"{self.name}{MECHANICAL}", respond="none")


def plans_of(scenario: "Scenario", folder: Path, contracts: Sequence[str] = ()) -> tuple[Plan, ...]:
    """Read the regimes of a scenario, or of the contracts named instead; none at all gives one without pay.

    A relative path is looked for beside the scenario (``folder``) first. Raises ``ContractError`` with the
    problems of all contracts, and ``UnreadableFile``.
    """
    from legalaid_sim.scenario.model import Practice
    from legalaid_sim.scenario.model import Regime as Tried

    tried = [Tried(contract=name) for name in contracts] or scenario.regimes
    if not tried:
        return (Plan(NO_CONTRACT, (), Practice(), _own(scenario, folder)),)
    held = _read_all([(regime.contract, *regime.beside) for regime in tried], folder)
    names = _distinct([regime.name or written[0].name for regime, written in zip(tried, held)])
    own = _own(scenario, folder)
    return tuple(
        Plan(name, written, regime.practice, own) for name, written, regime in zip(names, held, tried)
    )


def with_mechanical(plans: tuple[Plan, ...], scenario: "Scenario") -> tuple[Plan, ...]:
    """Set beside each regime the same one without any response to pay, where the scenario has providers respond."""
    if scenario.respond == "none":
        return plans
    return tuple(both for plan in plans for both in (plan, plan.mechanical()))


def _own(scenario: "Scenario", folder: Path) -> tuple[tuple[str, Written], ...]:
    """Read the contracts that organisations of an area hold whatever is tried."""
    named = {agency.organisation.name: agency.contract for agency in scenario.agencies if agency.contract}
    held = _read_all([(contract,) for contract in named.values()], folder)
    return tuple((name, written[0]) for name, written in zip(named, held))


def read_written(name_or_path: str | Path, beside: Path | None = None) -> Written:
    """Read one contract; raises ``ContractError`` with every error in it, or ``UnreadableFile``."""
    from legalaid_sim.contracts.load import find_contract, read_resolved, resolve

    path = find_contract(name_or_path, beside)
    resolved = resolve(path)
    contract, problems = read_resolved(resolved)
    errors = tuple(problem for problem in problems if problem.severity == ERROR)
    if contract is None or errors:
        raise ContractError(errors)
    files = {name: document.text for name, document in resolved.documents.items()}
    return Written(resolved.data, files, path.resolve().parent, _places(resolved))


def _read_all(groups: Sequence[tuple[str, ...]], folder: Path) -> list[tuple[Written, ...]]:
    problems = []
    held: dict[str, Written] = {}
    for name in dict.fromkeys(name for group in groups for name in group):
        try:
            held[name] = read_written(name, folder)
        except ContractError as error:
            problems += list(error.problems)
    if problems:
        raise ContractError(tuple(problems))
    return [tuple(held[name] for name in group) for group in groups]


def _places(resolved: Any) -> dict[str, tuple[str, int]]:
    # Where a block stands: the line of the key that names it, in whichever file that was written.
    places = {}
    for room, blocks in resolved.data.items():
        for index, block in enumerate(blocks if isinstance(blocks, list) else ()):
            if isinstance(block, dict) and isinstance(block.get("id"), str):
                mark = resolved.document.marks.value((room, index, "id"))
                places[block["id"]] = (_short(getattr(mark, "file", "") or resolved.document.path), mark.line)
    return places


def _short(path: str) -> str:
    return Path(path).name


def _distinct(names: Sequence[str]) -> list[str]:
    given: list[str] = []
    for name in names:
        count = add_up(1 for other in given if other == name or other.startswith(f"{name}-"))
        given.append(f"{name}-{count + 1}" if name in given else name)
    return given
