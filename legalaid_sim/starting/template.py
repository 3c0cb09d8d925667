"""The commented scenario that ``init`` writes, with what was not asked as the starter has it."""

from collections.abc import Iterable
from pathlib import Path
from string import Template
from types import MappingProxyType

TEMPLATE = Path(__file__).with_suffix(".yaml")
PREFERRED = ("unified-contract-2007", "relational-pilot")
STARTER = MappingProxyType(
    {
        "opening": "# A scenario to start from: a small advice agency, busy and just breaking even under the first"
        " contract, tried under\n# a second one that pays for advisers of the client's own.",
        "title": "A small advice agency",
        "question": "What does this contract do to continuity of adviser and to time spent on admin?",
        "starts": "2008-04-01",
        "per_week": "7",
        "busy": "advisers are busy nine tenths of their time",
        "problems": "    debt: {share: 5, fee_code: DEBT}\n    housing: {share: 3, fee_code: HOUS}\n"
        "    welfare_benefits: {share: 2, fee_code: WFB1}",
        "posts": "  - role: caseworker\n    number: 2\n    hours_per_week: 35\n"
        "  - role: supervisor\n    number: 1\n    hours_per_week: 21",
        "name": "my-agency",
        "region": "elsewhere",
        "other_income": "33500",
        "covers": "with what the first contract pays, it just covers the cost",
        "reserves": "80000",
        "fewest": "6",
        "most": "8",
    }
)


def starter() -> str:
    """Give the text of the starter scenario, with contracts of the library in it."""
    from legalaid_sim.contracts.language.load import library_names

    known = library_names()
    return filled(contracts=[name for name in PREFERRED if name in known] or list(known[:1]))


def filled(contracts: Iterable[str], **texts: str) -> str:
    """Give the template with these texts in it, already written as YAML, and those of the starter elsewhere."""
    text = TEMPLATE.read_text(encoding="utf-8")
    return Template(text).substitute({**STARTER, **texts, "contracts": ", ".join(contracts)})
