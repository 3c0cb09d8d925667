"""Checks beyond the shape of a file: values, references, payment logic, incentives, examples, style.

Profiles: ``draft`` looks at references; ``working`` adds values, payment logic and the incentive notes;
``publish`` looks at everything and treats missing examples and style as errors.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from legalaid_sim.contracts.language.lint import (
    examples,
    hours,
    incentives,
    keys,
    marks,
    nonsense,
    payments,
    references,
    style,
    tables,
    unused,
    values,
    worked,
)
from legalaid_sim.contracts.language.lint.examples import run_all
from legalaid_sim.contracts.language.lint.silence import silence
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.page import Page
from legalaid_sim.diagnostics import in_file_order
from legalaid_sim.errors import ERROR, NOTE, Problem
from legalaid_sim.yamlfile import Document

if TYPE_CHECKING:
    from legalaid_sim.contracts.pricing.terms import CompiledTerms

AREAS: Mapping[str, tuple[str, ...]] = {
    "draft": ("CR",),
    "working": ("CR", "CV", "CP", "CI"),
    "publish": ("CR", "CV", "CP", "CI", "CT", "CX"),
}
ONLY_ON_PUBLISHING = frozenset({"CV130"})
ON_WORKING = frozenset({"CX510", "CX511", "CX505", "CX506"})

Check = Callable[[Page], Iterator[Problem]]
SOUND: tuple[Check, ...] = (references.check, tables.check, payments.sound)
CHECKS: tuple[Check, ...] = (
    values.check, *SOUND, keys.check, marks.check, payments.check, nonsense.check, hours.check, unused.check,
    worked.check, style.check,
)  # fmt: skip


def unsound(contract: Contract, document: Document) -> tuple[Problem, ...]:
    """Find what would keep a readable contract from answering at all: names and files that are not there."""
    page = Page(contract, document)
    return tuple(problem for check in SOUND for problem in check(page) if problem.severity == ERROR)


def lint(
    contract: Contract,
    document: Document,
    documents: Mapping[str, Document],
    profile: str = "working",
    terms: "CompiledTerms | None" = None,
    ran: examples.Ran | None = None,
) -> tuple[Problem, ...]:
    """Find everything that a profile asks about, in file order, less what comments silence.

    Incentives are looked at where compiled ``terms`` are given, examples where they ``ran``.
    """
    page = Page(contract, document)
    found = [problem for check in CHECKS for problem in check(page)]
    looked_at = set(AREAS[profile]) - (set() if terms else {"CI"})
    if terms is not None and "CI" in looked_at:
        found += incentives.check(page, terms)
    if terms is not None and ran is not None:
        found += examples.check(page, terms, ran)
    asked = [p for p in found if _asked(p, profile) and not _of_a_parent(p, document)]
    heard = silence(asked, documents, document.path, looked_at)
    return in_file_order([_graded(p, profile) for p in heard if _asked(p, profile)])


def _asked(problem: Problem, profile: str) -> bool:
    if problem.code in ONLY_ON_PUBLISHING:
        return profile == "publish"
    if (problem.severity == ERROR and problem.code[:2] in ("CR", "CS", "CT")) or problem.code == "CV106":
        return True
    if problem.code in ON_WORKING:
        return profile != "draft"
    return problem.code[:2] in AREAS[profile]


def _of_a_parent(problem: Problem, document: Document) -> bool:
    """Tell style and examples of a parent, which a child does not answer for."""
    return problem.file != document.path and problem.code[:2] in ("CT", "CX")


def _graded(problem: Problem, profile: str) -> Problem:
    grave = profile == "publish" and problem.code[:2] in ("CT", "CX") and problem.severity != NOTE
    return replace(problem, severity=ERROR) if grave else problem


__all__ = ["Page", "lint", "run_all", "unsound"]
