"""Find a contract by name or file, work in what it extends and changes, read it as a ``Contract``.

Every key and value of a resolved contract remembers the file and line it came from.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from legalaid_sim.contracts.language.changes import ChangeFailed, Edit, make_change
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.diagnostics import did_you_mean, in_file_order, nearest, validate
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import ERROR, ContractError, Problem, UnreadableFile
from legalaid_sim.yamlfile import Document, Mark, Marks, Path, load_document, parse

if TYPE_CHECKING:
    from legalaid_sim.contracts.pricing.terms import CompiledTerms

LIBRARY = FilePath(__file__).parents[1] / "library"
MOST_ANCESTORS = 3
HEADER = (
    "contract",
    "title",
    "short_title",
    "summary",
    "term",
    "currency",
    "rounding",
    "categories",
    "regions",
)
NAMED = ("values", "tables", "series")
CHILD_ONLY = ("extends", "changes", "change")


@dataclass(slots=True)
class Resolved:
    """A contract with its parents and changes worked in, the origin of each part, the files read."""

    document: Document
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def data(self) -> Any:
        """The flat data, as if it had been written in one file."""
        return self.document.data


def library_names() -> tuple[str, ...]:
    """Name the contracts of the library, in alphabetical order."""
    return tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml")))


def find_contract(name_or_path: str | FilePath, beside: FilePath | None = None) -> FilePath:
    """Find the file of a contract: by its name in the library, or by its path (``beside`` a folder first).

    Raises:
        ContractError: no such name; the message gives the nearest. A path is not tried here.
    """
    given = str(name_or_path)
    if given in library_names():
        return _from_here(LIBRARY / f"{given}.yaml")
    near = [beside / given, beside / f"{given}.yaml"] if beside else []
    found = next((path for path in (*near, FilePath(given)) if _is_file(path)), None)
    if found:
        return found
    if given.endswith((".yaml", ".yml")) or "/" in given or FilePath(given).is_dir():
        return FilePath(given)
    raise ContractError((_not_found(given),))


def load_contract(name_or_path: str | FilePath) -> Contract:
    """Read a contract of the library or of a file, or given as text.

    Raises:
        ContractError: with every problem of the file, in file order.
        UnreadableFile: the file is not text.
    """
    contract, problems, _ = read_contract(name_or_path)
    return _sound(contract, problems)


def read_contract(
    name_or_path: str | FilePath,
) -> tuple[Contract | None, tuple[Problem, ...], dict[str, Document]]:
    """Read a contract: the contract (None when it has errors), all problems, and the files by name."""
    resolved = resolve(name_or_path)
    contract, problems = read_resolved(resolved)
    return contract, problems, resolved.documents


def read_resolved(resolved: Resolved) -> tuple[Contract | None, tuple[Problem, ...]]:
    """Read resolved data as a ``Contract``, adding what is wrong with it to what was wrong before."""
    from legalaid_sim.contracts.language.lint import unsound

    if resolved.data is None:
        return None, in_file_order((*resolved.problems, *resolved.document.problems))
    contract, problems = validate(resolved.document, Contract)
    found = (*resolved.problems, *problems)
    if contract is not None:
        found = (*found, *unsound(contract, resolved.document))
    return contract, in_file_order(found)


def resolve(name_or_path: str | FilePath) -> Resolved:
    """Work the parents and changes of a contract into flat data: of the library, of a file, or written as text."""
    if is_text(name_or_path):
        text = str(name_or_path)
        return resolve_document(parse(text, f"text-{sha256(text.encode()).hexdigest()[:8]}.yaml"))
    path = find_contract(name_or_path)
    return resolve_document(load_document(path), path)


def is_text(given: str | FilePath) -> bool:
    """Say whether a contract is given as its text and not by a name: a name has no line break."""
    return isinstance(given, str) and "\n" in given


def resolve_document(document: Document, path: FilePath | None = None) -> Resolved:
    """Work in what a document extends and changes; ``path`` is where it stands, if anywhere."""
    return _resolve(document, (path.resolve(),) if path else ())


def _from_here(path: FilePath) -> FilePath:
    """Shorten a path under the current folder, for messages that a reader can take in."""
    here = FilePath.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _is_file(path: FilePath) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _not_found(given: str) -> Problem:
    names = library_names()
    hint = did_you_mean(FilePath(given).stem, names)
    message = f"there is no contract '{given[:80]}', neither in the library nor as a file.{hint}"
    return problem_of("CR039", message, Mark(0, 0, 1, given), help=f"the library has: {', '.join(names)}")


def _resolve(document: Document, line: tuple[FilePath, ...]) -> Resolved:
    resolved = Resolved(document, {document.path: document})
    if isinstance(document.data, dict) and any(key in document.data for key in CHILD_ONLY):
        return _with_parent(resolved, line)
    return resolved


def _with_parent(child: Resolved, line: tuple[FilePath, ...]) -> Resolved:
    parent = _parent(child, line)
    if parent is None:
        child.problems += child.document.problems
        child.document = replace(child.document, data=None, problems=())
        return child
    child.documents.update(parent.documents)
    own = child.document
    child.problems = [*parent.problems, *parent.document.problems, *own.problems, *child.problems]
    merged = Document(deepcopy(parent.data), parent.document.marks, own.text, own.path)
    if isinstance(merged.data, dict):
        _inherit(merged, own, child.problems)
        _change(merged, own, child.problems)
    child.document = merged
    return child


def _parent(child: Resolved, line: tuple[FilePath, ...]) -> Resolved | None:
    own = child.document
    name, mark = own.data.get("extends"), own.marks.value(("extends",))
    if not isinstance(name, str):
        message = "changes need a contract to change: name it with 'extends'"
        child.problems.append(
            problem_of("CS010", message, own.marks.key(()), help="write extends: housing-2025")
        )
        return None
    try:
        path = find_contract(name, line[0].parent if line else None)
        if path.resolve() in line:
            child.problems.append(
                problem_of("CR035", f"'{name}' is this contract itself, or extends it", mark)
            )
            return None
        if len(line) > MOST_ANCESTORS:
            message = f"this is the ancestor number {len(line)}; {MOST_ANCESTORS} are allowed"
            child.problems.append(problem_of("CR041", message, mark))
            return None
        return _resolve(load_document(path), (path.resolve(), *line))
    except UnreadableFile as error:
        child.problems.append(problem_of("CR039", f"the file of '{name}' cannot be read: {error}", mark))
    except ContractError:
        hint = did_you_mean(name, library_names())
        child.problems.append(problem_of("CR039", f"there is no contract '{name}' to extend.{hint}", mark))
    return None


def _inherit(merged: Document, own: Document, problems: list[Problem]) -> None:
    """Lay the child's own header, names and examples over the parent's data; what it is called for short is its own."""
    for key in ("examples", "short_title"):
        merged.data.pop(key, None)
        merged.marks = merged.marks.without_under((key,))
    merged.data["contract"] = own.data.get("contract", own.data.get("change", FilePath(own.path).stem))
    for key, value in own.data.items():
        if key in HEADER or key == "examples":
            _replace(merged, own, (key,), value)
        elif key in NAMED and isinstance(value, dict):
            _add_names(merged, own, key, problems)
        elif key not in (*CHILD_ONLY, "kind", "schema_version"):
            message = f"'{key}' of a contract that extends another is altered by changes"
            mark = own.marks.key((key,))
            problems.append(
                problem_of("CR040", message, mark, key, help=f"write changes: [{{add: {key}, block: ...}}]")
            )
    if own.data.get("kind") == "contract" or "change" in own.data:
        merged.marks.values[("contract",)] = own.marks.value(
            ("contract" if "contract" in own.data else "change",)
        )


def _add_names(merged: Document, own: Document, room: str, problems: list[Problem]) -> None:
    for name, value in own.data[room].items():
        if name in merged.data.get(room, {}):
            message = f"'{name}' is already defined in the contract that this one extends"
            mark = own.marks.key((room, name))
            problems.append(
                problem_of("CR040", message, mark, help=f"write changes: [{{set: {room}.{name}, to: ...}}]")
            )
        else:
            merged.data.setdefault(room, {})
            _replace(merged, own, (room, name), value)


def _replace(merged: Document, own: Document, path: Path, value: Any) -> None:
    here = merged.data
    for segment in path[:-1]:
        here = here[segment]
    here[path[-1]] = deepcopy(value)
    merged.marks = merged.marks.grafted(path, own.marks, path)


def _change(merged: Document, own: Document, problems: list[Problem]) -> None:
    changes = own.data.get("changes", [])
    if not isinstance(changes, list):
        problems.append(problem_of("CS013", "'changes' is a list of changes", own.marks.value(("changes",))))
        return
    for position, change in enumerate(changes):
        origin: Path = ("changes", position)
        try:
            edit = make_change(merged.data, change)
            merged.marks = _marked(merged.marks, edit, change, own.marks, origin)
        except ChangeFailed as failed:
            problems.append(_failed(failed, change, own.marks, origin))


def _marked(marks: Marks, edit: Edit, change: Mapping[str, Any], own: Marks, origin: Path) -> Marks:
    """Let what a change wrote remember the change's place."""
    new = (*origin, edit.new)
    if edit.verb == "remove":
        return marks.without(edit.path)
    if edit.verb == "merge":
        for key in change["block"]:
            marks = marks.grafted((*edit.path, key), own, (*new, key))
        return marks
    if edit.verb == "rename":
        return marks.renamed(edit.path, str(change["to"])) if isinstance(edit.path[-1], str) else marks
    if edit.verb == "history":
        marks.values[(*edit.path, "dated", str(change["from"]))] = own.value(new)
        return marks
    return marks.grafted(edit.path, own, new)


def _failed(failed: ChangeFailed, change: Any, marks: Marks, origin: Path) -> Problem:
    verb = next(
        (v for v in ("set", "add", "remove", "rename") if isinstance(change, dict) and v in change), ""
    )
    mark = marks.value((*origin, verb)) if failed.code == "CR037" else marks.value(origin)
    hint = did_you_mean(failed.word, failed.known) if failed.word else ""
    near = nearest(failed.word, failed.known) if failed.word else ""
    shown = (near, *[k for k in failed.known if k != near]) if near else failed.known
    remedy = f"there is: {', '.join(shown[:12])}" if failed.known else ""
    return problem_of(failed.code, f"{failed.why}.{hint}", mark, help=remedy)


def compile_resolved(contract: Contract, resolved: Resolved) -> "CompiledTerms":
    """Compile a contract with the folder of its tables and the place of every block, for receipts."""
    from legalaid_sim.contracts.pricing.terms import compile_terms

    return compile_terms(contract, folder_of(resolved), _places(resolved))


def load_terms(name_or_path: str | FilePath) -> "CompiledTerms":
    """Read and compile a contract of the library or of a file, or given as text.

    Raises:
        ContractError: with every problem of the file, in file order.
        UnreadableFile: the file is not text.
    """
    resolved = resolve(name_or_path)
    return compile_resolved(read_sound(resolved), resolved)


def terms_of(document: Document, path: FilePath | None = None) -> "CompiledTerms":
    """Compile a contract from a document that need not be a file: text as it is being written.

    ``path`` is where it would stand, for what it extends; tables are looked for beside ``document.path``.

    Raises:
        ContractError: with every problem of the text, in its order.
    """
    resolved = resolve_document(document, path)
    return compile_resolved(read_sound(resolved), resolved)


def read_sound(resolved: Resolved) -> Contract:
    """Read resolved data as a ``Contract``.

    Raises:
        ContractError: with every problem, in file order.
    """
    return _sound(*read_resolved(resolved))


def _sound(contract: Contract | None, problems: tuple[Problem, ...]) -> Contract:
    errors = tuple(problem for problem in problems if problem.severity == ERROR)
    if contract is None or errors:
        raise ContractError(errors)
    return contract


def folder_of(resolved: Resolved) -> FilePath:
    """Give the folder of the file that names tables in other files; the contract's own when none does."""
    tables = resolved.data.get("tables", {})
    naming = [name for name, table in tables.items() if isinstance(table, dict) and "file" in table]
    marks = resolved.document.marks
    file = marks.value(("tables", naming[0], "file")).file if naming else ""
    return FilePath(file or resolved.document.path).parent


def _places(resolved: Resolved) -> dict[str, tuple[str, int]]:
    places = {}
    for path, mark in resolved.document.marks.values.items():
        if len(path) == 3 and path[2] == "id":
            block = resolved.data[path[0]][path[1]]
            places[str(block["id"])] = (FilePath(mark.file).name, mark.line)
    return places
