"""Check a file that a person wrote, whatever it is: a scenario, a contract, a change to a contract."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from legalaid_sim.diagnostics import KINDS, at_most, did_you_mean, in_file_order, show
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import ERROR, ContractError, InputError, Problem, Refusal, UnreadableFile
from legalaid_sim.tabular import as_html, counted
from legalaid_sim.yamlfile import Document, Path, load_document, parse

NUMBERED = (
    "values", "tables", "series", "payments", "taxes", "duties", "permissions", "standards", "controls",
    "adjustments", "cash",
)  # fmt: skip
NOT_NUMBERS = (ArithmeticError, TypeError, ValueError)
DOUBTFUL = ("assumed", "fictional")


@dataclass(slots=True, repr=False)
class Checked:
    """What a check found: problems, the files quoted, worked examples passed, numbers by status."""

    problems: tuple[Problem, ...] = ()
    documents: dict[str, Document] = field(default_factory=dict)
    passed: int = 0
    examples: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    unreadable: bool = False
    # Of one contract: each expectation, with the place of its example among them.
    outcomes: tuple[tuple[int, Any], ...] = ()

    def __add__(self, other: "Checked") -> "Checked":
        return Checked(
            (*self.problems, *other.problems),
            {**self.documents, **other.documents},
            self.passed + other.passed,
            self.examples + other.examples,
            self.statuses + other.statuses,
            self.unreadable or other.unreadable,
            (*self.outcomes, *other.outcomes),
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The problems in file order, as plain rows."""
        return [asdict(problem) for problem in self.problems]

    def __repr__(self) -> str:
        counts = Counter(problem.severity for problem in self.problems)
        found = ", ".join(counted(number, severity) for severity, number in counts.items()) or "no problems"
        examples = f"{self.passed} of {counted(self.examples, 'example')} pass"
        names = self.documents or dict.fromkeys(problem.file for problem in self.problems)
        return f"Checked({', '.join(names)}: {found}; {examples})"

    def _repr_html_(self) -> str:
        shown = ("file", "line", "code", "severity", "message", "help")
        return as_html(repr(self), [{name: row[name] for name in shown} for row in self.rows])

    @property
    def exit_status(self) -> int:
        """Give 0 for clean or no errors, 1 for errors, 2 for a file that cannot be read."""
        if self.unreadable:
            return 2
        return 1 if any(problem.severity == ERROR for problem in self.problems) else 0


def check_file(name: str, profile: str = "working") -> Checked:
    """Check a file, or a contract of the library by name. Never raises for what a person wrote."""
    from legalaid_sim.contracts.language.load import find_contract

    try:
        path = find_contract(name)
        document = load_document(path)
    except (UnreadableFile, ContractError) as error:
        return Checked(error.problems, unreadable=True)
    return check_document(document, path, profile)


def check_text(text: str, name: str = "<text>", profile: str = "working") -> Checked:
    """Check text that is in no file. Never raises for what a person wrote."""
    return check_document(parse(text, name), None, profile)


def check_document(document: Document, path: FilePath | None, profile: str = "working") -> Checked:
    """Check one document by what it says it is."""
    kind = document.data.get("kind") if isinstance(document.data, dict) else None
    if kind == "scenario":
        return _scenario(document)
    if kind in ("contract", "change"):
        return _contract(document, path, profile)
    if kind == "sweep" and path is not None:
        return _sweep(document, path)
    if kind == "import":
        from legalaid_sim.importing.mapping import read_mapping

        return Checked(read_mapping(document)[1], {document.path: document})
    found = (*document.problems, *_unknown(document)) if document.data is not None else document.problems
    return Checked(in_file_order(found), {document.path: document})


def _sweep(document: Document, path: FilePath) -> Checked:
    from legalaid_sim.experiments.sweep.spec import sweep_in

    try:
        sweep_in(document, path)
    except InputError as error:
        return Checked(in_file_order(error.problems), {document.path: document})
    return Checked(in_file_order(document.problems), {document.path: document})


def _unknown(document: Document) -> Iterator[Problem]:
    if not isinstance(document.data, dict):
        message = "the file must be a map of 'key: value' lines"
        yield problem_of("CS013", message, document.marks.value(()))
        return
    kind = document.data.get("kind")
    help_text = f"write kind: {', or '.join(KINDS)}"
    if kind is None:
        message = "the file does not say what it is: 'kind' is not there"
        yield problem_of("CS022", message, document.marks.value(()), "kind", help=help_text)
    else:
        message = f"there is no kind of file {show(kind)}.{did_you_mean(kind, KINDS)}"
        yield problem_of("CS022", message, document.marks.value(("kind",)), "kind", help=help_text)


def _scenario(document: Document) -> Checked:
    from legalaid_sim.scenario.load import read_document

    scenario, problems = read_document(document)
    found = [*problems]
    if scenario is not None:
        found += [*_unknown_contracts(scenario, document), *_unknown_measures(scenario, document)]
    if scenario is not None and not any(problem.severity == ERROR for problem in found):
        found += _not_ready(scenario, document)
    return Checked(in_file_order(found), {document.path: document})


def _unknown_measures(scenario: Any, document: Document) -> Iterator[Problem]:
    from legalaid_sim.measures import REGISTRY

    until = scenario.replications.until
    named: list[tuple[str, Path]] = [(name, ("answer_with", name)) for name in scenario.answer_with]
    named += [(until.measure, ("replications", "until", "measure"))] if until else []
    for name, path in named:
        if name not in REGISTRY:
            message = f"there is no measure '{name}'.{did_you_mean(name, list(REGISTRY))}"
            mark = document.marks.key(path)
            yield problem_of("CR069", message, mark, help="`legalaid-sim list measures` gives them all")


def _not_ready(scenario: Any, document: Document) -> list[Problem]:
    """Say what keeps the contracts of a scenario from answering for it, and what makes its answers doubtful."""
    from legalaid_sim.experiments.run.forecast import doubtful
    from legalaid_sim.experiments.shared.plans import plans_of
    from legalaid_sim.experiments.shared.readiness import not_ready

    try:
        plans = plans_of(scenario, FilePath(document.path).parent)
        marks = tuple(document.marks.value(("contracts", n)) for n in range(len(scenario.contracts)))
        found = list(not_ready(scenario, plans, marks or (document.marks.key(("contracts",)),)))
        unready = any(problem.severity == ERROR for problem in found)
        return found if unready else [*found, *doubtful(scenario, plans, document)]
    except ContractError as error:
        return list(error.problems)
    except Refusal as refusal:
        from legalaid_sim.experiments.shared.readiness import CANNOT, OF_REFUSAL

        mark = document.marks.key(("contracts",))
        return [problem_of(OF_REFUSAL.get(refusal.code, CANNOT), f"{refusal.rule}: {refusal.why}", mark)]


def _unknown_contracts(scenario: Any, document: Document) -> Iterator[Problem]:
    from legalaid_sim.contracts.language.load import find_contract, library_names

    for position, regime in enumerate(scenario.contracts):
        name = regime if isinstance(regime, str) else regime.contract
        path = ("contracts", position) if isinstance(regime, str) else ("contracts", position, "contract")
        try:
            known = find_contract(name, FilePath(document.path).parent).is_file()
        except ContractError:
            known = False
        if not known:
            message = f"there is no contract '{name}'.{did_you_mean(name, library_names())}"
            mark = document.marks.value(path)
            yield problem_of("CR039", message, mark, help=f"the library has: {', '.join(library_names())}")


def _contract(document: Document, path: FilePath | None, profile: str) -> Checked:
    return check_contract(document, path, profile)[0]


def check_contract(
    document: Document, path: FilePath | None, profile: str = "working"
) -> tuple[Checked, Any]:
    """Check a contract, and give its compiled terms beside, where it can be compiled: None where not."""
    from legalaid_sim.contracts.language.lint import Page, lint, run_all
    from legalaid_sim.contracts.language.load import read_resolved, resolve_document

    resolved = resolve_document(document, path)
    contract, problems = read_resolved(resolved)
    checked = Checked(problems, resolved.documents)
    if contract is None:
        return checked, None
    sound = not any(problem.severity == ERROR for problem in problems)
    terms, refused = _compiled(contract, resolved) if sound else (None, ())
    ran = run_all(Page(contract, resolved.document), terms) if terms else None
    found = lint(contract, resolved.document, resolved.documents, profile, terms, ran)
    checked.passed, checked.examples = ran.counts if ran else (0, 0)
    checked.outcomes = tuple(ran.outcomes) if ran else ()
    checked.problems = at_most(in_file_order((*problems, *refused, *found)))
    checked.statuses = statuses_of(resolved.data)
    return checked, terms


def _compiled(contract: Any, resolved: Any) -> tuple[Any, tuple[Problem, ...]]:
    from legalaid_sim.contracts.language.load import compile_resolved

    try:
        return compile_resolved(contract, resolved), ()
    except Refusal as refusal:
        path = next((path for path in _paths_of(resolved.data, refusal.rule)), ("contract",))
        mark = resolved.document.marks.value(path)
        return None, (problem_of("CR044", f"{refusal.rule}: {refusal.why}", mark),)
    except NOT_NUMBERS as error:
        mark = resolved.document.marks.value(("contract",))
        return None, (problem_of("CR044", f"some value is missing or is no number ({error})", mark),)


def _paths_of(data: Mapping[str, Any], rule: str) -> Iterator[Path]:
    """Find the block or named value that a rule of a refusal speaks of."""
    name = rule.split(".")[0]
    for room, found in data.items():
        if isinstance(found, list):
            yield from ((room, at, "id") for at, block in enumerate(found) if _is(block, name))
        elif isinstance(found, dict) and name in found:
            yield (room, name)


def _is(block: Any, name: str) -> bool:
    return isinstance(block, dict) and block.get("id") == name


def statuses_of(data: Mapping[str, Any]) -> Counter[str]:
    """Count the numbers of a contract by the status of the source that stands nearest."""
    counts: Counter[str] = Counter()
    for part in NUMBERED:
        _count(data.get(part), "", counts)
    return counts


def _count(found: Any, status: str, counts: Counter[str]) -> None:
    if isinstance(found, dict):
        source = found.get("source")
        nearest = source.get("status", status) if isinstance(source, dict) else status
        for key, value in found.items():
            if key != "source":
                _count(value, nearest, counts)
    elif isinstance(found, list):
        for item in found:
            _count(item, status, counts)
    elif isinstance(found, int | Decimal) and not isinstance(found, bool) and status:
        counts[status] += 1


def counts_in_words(checked: Checked) -> str:
    """Say how many examples pass and how many numbers are only assumed or made up.

    >>> counts_in_words(Checked(passed=9, examples=9, statuses=Counter(assumed=14, fictional=6)))
    "9 of 9 examples pass. 14 numbers are 'assumed', 6 'fictional'."
    """
    said = f"{checked.passed} of {checked.examples} examples pass." if checked.examples else ""
    doubtful = [(status, checked.statuses[status]) for status in DOUBTFUL if checked.statuses[status]]
    if not doubtful:
        return said
    (status, count), *rest = doubtful
    noun = "number is" if count == 1 else "numbers are"
    numbers = ", ".join([f"{count} {noun} '{status}'", *(f"{count} '{status}'" for status, count in rest)])
    return f"{said} {numbers}.".strip()
