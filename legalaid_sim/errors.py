"""What can go wrong, as data.

::

    LegalAidSimError
    ├── InputError          one or more problems in a file that a person wrote
    │   ├── ScenarioError
    │   ├── ContractError
    │   └── UnreadableFile  the file is missing, not text, or not YAML at all
    ├── Refusal             a contract that cannot price this, with the rule that says so
    ├── DrawsExhausted      a decision asked for more chance than the world holds
    ├── InvariantBroken     an equality that must hold in every run does not
    └── ResultsError        a results folder that cannot be read or written

Every class passes its fields positionally to ``Exception.__init__`` and formats in ``__str__``: SimPy rebuilds an
exception that leaves a process as ``type(e)(*e.args)``, and process pools pickle it the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with, or worth knowing about, a file: where, what was found, what to do.

    ``line`` and ``column`` count from 1; 0 means the whole file. ``width`` is how many characters to underline.
    ``also`` names further places (line, text) of a problem that lies between two places.
    """

    code: str
    name: str
    severity: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    width: int = 1
    path: str = ""
    help: str = ""
    also: tuple[tuple[int, str], ...] = field(default=())

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{where}  {self.code} {self.name}  {self.severity}: {self.said}"

    @property
    def said(self) -> str:
        """The message and what to do about it, on one line."""
        remedy = "; ".join(self.help.splitlines())
        stop = "" if not remedy or self.message.endswith((".", "?")) else "." if remedy[0].isupper() else ";"
        return f"{self.message}{stop} {remedy}".rstrip()


class LegalAidSimError(Exception):
    """Anything this package raises on purpose; the command line shows it without a traceback."""


class InputError(LegalAidSimError):
    """Problems in something a person wrote, all of them, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class ScenarioError(InputError):
    """A scenario file that does not say what a scenario must say."""


class ContractError(InputError):
    """A contract file that does not say what a contract must say."""


class UnreadableFile(InputError):
    """A file that is missing, is not text, or is not YAML."""


# How many come is known only when they have come, so that a run may be what finds it out.
REMEDIES: Mapping[str, str] = {
    "no-tier": "end its tiers with {over: ...}; `legalaid-sim check` of the contract shows the line",
    "no-band": "let its bands leave nothing out, or write otherwise: what is paid in no band",
}


class Refusal(LegalAidSimError):
    """A contract that will not price this: ``code`` is stable, ``rule`` names the block, ``why`` is for a reader."""

    def __init__(self, code: str, rule: str, why: str) -> None:
        super().__init__(code, rule, why)
        self.code, self.rule, self.why = code, rule, why

    def __str__(self) -> str:
        said = f"{self.code} ({self.rule}): {self.why}"
        return f"{said}; {REMEDIES[self.code]}" if self.code in REMEDIES else said


class DrawsExhausted(LegalAidSimError):
    """A decision asked for uniform number ``ordinal`` of ``entity`` where the world holds only ``held``."""

    def __init__(self, purpose: str, entity: str, ordinal: int, held: int) -> None:
        super().__init__(purpose, entity, ordinal, held)
        self.purpose, self.entity, self.ordinal, self.held = purpose, entity, ordinal, held

    def __str__(self) -> str:
        return (
            f"{self.entity} needs draw {self.ordinal} for '{self.purpose}' but the world holds {self.held}. "
            "This scenario makes one person decide more often than a world foresees; shorten it or report it."
        )


class InvariantBroken(LegalAidSimError):
    """An equality that must hold exactly does not: a bug in the simulator, never a fault of the input."""

    def __init__(self, name: str, left: object, right: object, where: str = "") -> None:
        super().__init__(name, left, right, where)
        self.name, self.left, self.right, self.where = name, left, right, where

    def __str__(self) -> str:
        place = f" at {self.where}" if self.where else ""
        return f"invariant '{self.name}' is broken{place}: {self.left} is not {self.right}"


class ResultsError(LegalAidSimError):
    """A results folder that cannot be written, or is not one that can be read."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, why)
        self.path, self.why = path, why

    def __str__(self) -> str:
        return f"{self.path}: {self.why}"
