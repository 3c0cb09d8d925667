"""Which regimes to try: contracts read and resolved, as plain data that can be sent to workers and stored."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.errors import ERROR, ContractError, Problem, ScenarioError
from legalaid_sim.units import add_up

if TYPE_CHECKING:
    from legalaid_sim.contracts.pricing.terms import CompiledTerms
    from legalaid_sim.contracts.schema.contract import Contract
    from legalaid_sim.engine import Phase, Regime
    from legalaid_sim.scenario.model import Scenario
    from legalaid_sim.scenario.regimes import Practice

NO_CONTRACT = "no-contract"
# Added to the name of a regime that is lived a second time with nobody responding to pay.
MECHANICAL = " (mechanical)"


@dataclass(frozen=True)
class Written:
    """A contract as read: the flat data it resolves to, and the text of every file that went into it.

    ``factor`` multiplies every amount of money that it names. Plain data travels to workers; the model is built
    from it where it is used. ``tables`` is the text of the CSV files that its tables and examples are read from, which
    stand in ``folder``; ``places`` says where each block stands in its file.
    """

    data: Mapping[str, Any]
    files: Mapping[str, str]
    folder: Path
    places: Mapping[str, tuple[str, int]]
    factor: Fraction = Fraction(1)
    tables: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The contract's own name."""
        return str(self.data["contract"])

    @cached_property
    def contract(self) -> "Contract":
        """The contract as a model."""
        from legalaid_sim.contracts.schema import Contract

        return Contract.model_validate(self.data)

    @cached_property
    def _terms(self) -> "CompiledTerms":
        from legalaid_sim.contracts import compile_terms

        return compile_terms(self.contract, self.folder, self.places, self.factor, self.tables)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in ("contract", "_terms")}

    def compiled(self) -> "CompiledTerms":
        """Compile it, once; raises ``Refusal`` where it names something that is not there."""
        return self._terms


def short_title_of(name: str, contracts: Sequence[Mapping[str, Any]]) -> str:
    """Give the short title of what is lived where its first contract has that name; empty where there is none."""
    first: Mapping[str, Any] = next(iter(contracts), {})
    return str(first.get("short_title") or "") if first.get("contract") == name else ""


@dataclass(frozen=True, slots=True)
class RegimePlan:
    """A regime before it is compiled: contracts held together, and the practice that goes with them.

    ``own`` are contracts of single organisations, by name. ``starts`` is the day from which it holds, if something was
    lived ``before``; ``after`` is what follows it. The names of those parts count for nothing.
    """

    name: str
    contracts: tuple[Written, ...]
    practice: "Practice"
    own: tuple[tuple[str, Written], ...] = ()
    respond: str | None = None
    starts: date | None = None
    before: "tuple[RegimePlan, ...]" = ()
    after: "tuple[RegimePlan, ...]" = ()

    @property
    def short_title(self) -> str:
        """What pages may call it; empty where its contract says nothing or it is more than a contract of that name."""
        return short_title_of(self.name, [written.data for written in self.contracts])

    def compiled(self) -> "Regime":
        """Give the regime as the engine takes it."""
        from legalaid_sim.engine import Regime

        before = tuple(part._phase() for part in self.before)
        after = tuple(part._phase() for part in self.after)
        return Regime(self.name, *self._phase(), before, after)

    def _phase(self) -> "Phase":
        from legalaid_sim.engine import Phase

        terms = tuple(written.compiled() for written in self.contracts)
        own = {name: (written.compiled(),) for name, written in self.own}
        return Phase(terms, self.practice, own, self.respond, self.starts)

    def mechanical(self) -> "RegimePlan":
        """Give the same regime with nobody responding to pay from its first day on: what is left is arithmetic."""
        after = tuple(replace(part, respond="none") for part in self.after)
        return replace(self, name=f"{self.name}{MECHANICAL}", respond="none", after=after)

    def scaled(self, factor: Fraction) -> "RegimePlan":
        """Give the same regime with its contracts' amounts times a factor; what was lived before stays as it was.

        Contracts that single organisations hold whatever is tried stay too.
        """

        def times(contracts: tuple[Written, ...]) -> tuple[Written, ...]:
            return tuple(replace(each, factor=factor) for each in contracts)

        after = tuple(replace(part, contracts=times(part.contracts)) for part in self.after)
        return replace(self, contracts=times(self.contracts), after=after)

    @property
    def parts(self) -> "tuple[RegimePlan, ...]":
        """Everything that is in force at some time, in order of its days."""
        return (*self.before, self, *self.after)

    def written(self) -> tuple[Written, ...]:
        """Every contract held at some time, each once: those tried first, then those of single organisations."""
        tried = [each for part in (self, *self.before, *self.after) for each in part.contracts]
        own = [each for part in self.parts for _, each in part.own]
        return tuple({each.name: each for each in (*own[::-1], *tried[::-1])}.values())[::-1]


class InForceFrom(NamedTuple):
    """One entry of a dated list: what holds from a day on (``None``: from the first day lived)."""

    starts: date | None
    contracts: tuple[Written, ...]
    practice: "Practice"


def plans_of(scenario: "Scenario", folder: Path, contracts: Sequence[str] = ()) -> tuple[RegimePlan, ...]:
    """Read the regimes of a scenario, or of the contracts named instead; none at all gives one without pay.

    Where the scenario starts with a switch, all of them live the months before under one and the same contract: the
    one named in ``before``, or the first. A relative path is looked for beside the scenario (``folder``) first. Raises
    ``ContractError`` with the problems of all contracts, and ``UnreadableFile``.
    """
    from legalaid_sim.scenario.regimes import Practice, within_a_month
    from legalaid_sim.scenario.regimes import ScenarioRegime as Tried

    tried = [Tried(contract=name) for name in contracts] or scenario.regimes
    own = _Owners(scenario, folder)
    if not tried:
        return (own.plan(NO_CONTRACT, [InForceFrom(None, (), Practice())], scenario),)
    groups = [(regime.contract, *regime.beside) for regime in tried]
    later = [(each.contract, *each.beside) for regime in tried for each in regime.later]
    before = [(scenario.before,)] if scenario.before else []
    held = _read_all([*groups, *later, *before], folder)
    follows = iter(held[len(groups) :])
    names = _distinct([regime.name or written[0].name for regime, written in zip(tried, held)])
    lists = [
        [
            InForceFrom(None, written, regime.practice),
            *(InForceFrom(each.starts, next(follows), each.practice) for each in regime.later),
        ]
        for regime, written in zip(tried, held)
    ]
    if scenario.switches:
        if len(lists) > 1 and scenario.period.starts.day != 1:
            problem = Problem(
                "CV109", "bad-value", ERROR, within_a_month(scenario.period.starts), path="period.starts"
            )
            raise ScenarioError((problem,))
        first = InForceFrom(None, held[-1], Practice()) if scenario.before else lists[0][0]
        lists = [[first, list_[0]._replace(starts=scenario.period.starts), *list_[1:]] for list_ in lists]
    return tuple(own.plan(name, list_, scenario) for name, list_ in zip(names, lists))


class _Owners:
    """The contracts that organisations of an area hold whatever is tried, by the day from which they do."""

    def __init__(self, scenario: "Scenario", folder: Path) -> None:
        owners = [agency for agency in scenario.agencies if agency.contract]
        named = [
            (str(name), starts)
            for agency in owners
            for name, starts in (
                (agency.contract, None),
                *((each.contract, each.starts) for each in agency.later),
            )
        ]
        held = iter(_read_all([(name,) for name, _ in named], folder))
        self._lists = {
            agency.organisation.name: [
                (starts, next(held)[0]) for starts in (None, *(each.starts for each in agency.later))
            ]
            for agency in owners
        }

    def on(self, day: date | None) -> tuple[tuple[str, Written], ...]:
        """Who holds which on a day (``None``: the first day lived)."""
        return tuple(
            (name, [written for starts, written in held if starts is None or (day and starts <= day)][-1])
            for name, held in self._lists.items()
        )

    def plan(self, name: str, dated: Sequence[InForceFrom], scenario: "Scenario") -> RegimePlan:
        """Give a dated list as a plan; the part in force on the first day that counts is the plan itself."""
        changes = {starts for held in self._lists.values() for starts, _ in held if starts}
        days = sorted({each.starts for each in dated if each.starts} | changes)
        parts = []
        for day in (None, *days):
            entry = [each for each in dated if each.starts is None or (day and each.starts <= day)][-1]
            parts.append(RegimePlan(name, entry.contracts, entry.practice, self.on(day), None, day))
        opens = scenario.period.starts
        at = max(n for n, part in enumerate(parts) if part.starts is None or part.starts <= opens)
        return replace(parts[at], before=tuple(parts[:at]), after=tuple(parts[at + 1 :]))


def with_mechanical(plans: tuple[RegimePlan, ...], scenario: "Scenario") -> tuple[RegimePlan, ...]:
    """Set beside each regime the same one without any response to pay, where the scenario has providers respond."""
    if scenario.respond == "none":
        return plans
    return tuple(both for plan in plans for both in (plan, plan.mechanical()))


def read_written(name_or_path: str | Path, beside: Path | None = None) -> Written:
    """Read one contract, by name, file or text; raises ``ContractError`` with every error in it, or ``UnreadableFile``.

    What text names stands beside the scenario.
    """
    from legalaid_sim.contracts.language.load import find_contract, is_text, read_resolved, resolve

    if is_text(name_or_path):
        resolved, folder = resolve(name_or_path), beside or Path()
    else:
        path = find_contract(name_or_path, beside)
        resolved, folder = resolve(path), path.resolve().parent
    contract, problems = read_resolved(resolved)
    errors = tuple(problem for problem in problems if problem.severity == ERROR)
    if contract is None or errors:
        raise ContractError(errors)
    files = {name: document.text for name, document in resolved.documents.items()}
    place = folder.resolve()
    return Written(resolved.data, files, place, _places(resolved), tables=_tables(contract, place))


def _tables(contract: "Contract", folder: Path) -> dict[str, str]:
    """Read the CSV files that a contract names; one that cannot be read is told of where it is compiled."""
    from legalaid_sim.contracts.tools.csvfile import text_of

    examples = (example.table for example in contract.examples)
    named = [table.file for table in (*contract.tables.values(), *examples) if table and table.file]
    found = {}
    for name in map(str, named):
        with suppress(OSError, UnicodeDecodeError):
            found[name] = text_of(folder / name)
    return found


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
