"""The glossary: each word once, short, used, and told alike by ``explain``, the guides and the report."""

import re

import pytest

from legalaid_sim.authoring.explaining import explain_word
from legalaid_sim.glossary import GLOSSARY, Defined, term_of
from tests.cli.shell import ROOT

LONGEST = 30


def told() -> str:
    """Give all that reports and guides say apart from the glossary itself."""
    code = [
        *(ROOT / "legalaid_sim" / "reports").rglob("*.py"),
        *(ROOT / "legalaid_sim" / "measures").glob("*.py"),
    ]
    pages = [
        *(ROOT / "docs").glob("*.md"),
        ROOT / "README.md",
        *(ROOT / "legalaid_sim" / "reports").rglob("*.html"),
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in (*code, *pages)).casefold()


def test_every_word_is_used_where_readers_meet_it() -> None:
    text = told()
    assert not [
        term.word for term in GLOSSARY if not re.search(rf"\b{re.escape(term.word.casefold())}", text)
    ]


def test_no_word_stands_twice() -> None:
    words = [term.word.casefold() for term in GLOSSARY]
    assert words == sorted(set(words))


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term.word)
def test_a_word_is_told_in_one_short_sentence_and_can_be_asked_for(term: Defined) -> None:
    assert len(term.meaning.split()) <= LONGEST
    assert term.meaning.endswith(".")
    assert ". " not in term.meaning
    assert term_of(term.word.upper()) == term
    assert explain_word(term.word), "a key, a measure or the glossary answers"


def test_a_word_that_nothing_else_explains_is_explained_from_the_glossary() -> None:
    told = " ".join((explain_word("lead-in") or "").split())
    assert told.startswith("lead-in Months that are lived and not counted")
    assert told.endswith("In the field: warm-up period.")
    assert explain_word("paired_difference") == explain_word("paired difference")
    assert explain_word("rent") is None


def test_a_measure_of_that_name_goes_before_the_glossary() -> None:
    assert (explain_word("COC") or "").startswith("continuity.coc\n")
