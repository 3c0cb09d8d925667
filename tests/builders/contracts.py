"""Small contracts and matters, through the same reader as a user's file, and those of the library, compiled."""

from datetime import date
from functools import cache
from textwrap import dedent, indent

from legalaid_sim.contracts.pricing.terms import CompiledTerms, compile_terms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.diagnostics import validate
from legalaid_sim.errors import ERROR
from legalaid_sim.experiments.shared.plans import read_written
from legalaid_sim.yamlfile import parse

HEADER = """\
kind: contract
schema_version: 1
contract: test
term: {starts: 2026-04-01, months: 36}
categories: [housing, debt]
regions: [london, elsewhere]
"""
OPENED, CLOSED = date(2026, 5, 1), date(2026, 7, 1)


def contract(text: str, header: str = HEADER) -> Contract:
    """Read a contract whose blocks are given; fail on any problem of its own."""
    made, problems = validate(parse(header + dedent(text)), Contract)
    assert not [problem for problem in problems if problem.severity == ERROR], problems
    assert made is not None
    return made


def terms(text: str, header: str = HEADER) -> CompiledTerms:
    """Read and compile."""
    return compile_terms(contract(text, header))


def payment(block: str) -> CompiledTerms:
    """Compile a contract of payment blocks alone."""
    return terms("payments:\n" + indent(dedent(block).strip("\n"), "  ") + "\n")


def matter(ref: str = "A", /, **known: object) -> MatterFacts:
    """Make a housing matter, opened on 1 May and closed on 1 July 2026 unless said otherwise."""
    facts = MatterFacts(ref, category="housing", opened=OPENED, closed=CLOSED)
    for name, value in known.items():
        setattr(facts, name, value)
    return facts


AGENCY = ProviderFacts(vat_registered=False)
REGISTERED = ProviderFacts(vat_registered=True)

# ---- contracts to live under -------------------------------------------------------------------------------------

LONG_HEADER = """\
kind: contract
schema_version: 1
contract: {name}
term: {{starts: 2007-01-01, months: 120}}
categories: [debt, housing]
"""
FIXED = """\
payments:
  - id: fee
    kind: fixed_fee
    earned: on_close
    dated_by: matter_opened
    amount: {pounds}
"""
HOURLY = """\
payments:
  - id: hours
    kind: hourly
    earned: on_close
    dated_by: matter_opened
    rates: {{profit: {pounds}}}
    time_unit: {{minutes: 1, part_unit: up}}
"""
ARREARS = """\
cash:
  - id: in_arrears
    kind: variable_monthly
    pays_for: all
    paid_on: {working_day: 10, months_after: 1}
"""


@cache
def library(name: str) -> CompiledTerms:
    """Give a contract of the library, compiled."""
    return read_written(name).compiled()


@cache
def of_blocks(blocks: str, name: str = "test") -> CompiledTerms:
    """Compile a small contract, paid in arrears, from its blocks."""
    return compile_terms(contract(blocks + ARREARS, LONG_HEADER.format(name=name)))


def fixed(pounds: float, more: str = "", name: str = "test") -> CompiledTerms:
    """Give a contract that pays one fee for every matter."""
    return of_blocks(FIXED.format(pounds=f"{pounds:.2f}") + more, name)


def hourly(pounds: float, more: str = "", name: str = "test") -> CompiledTerms:
    """Give a contract that pays every minute worked."""
    return of_blocks(HOURLY.format(pounds=f"{pounds:.2f}") + more, name)
