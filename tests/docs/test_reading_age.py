"""Guides are in plain English: held to a grade of reading, page by page and paragraph by paragraph.

Grade 8 is read at thirteen or fourteen, grade 10 at fifteen or sixteen; a single paragraph may be a little harder.
"""

from pathlib import Path

import pytest

from tests.cli.shell import ROOT
from tests.docs.reading_age import grade, paragraphs_of, prose_of, sentences_of, syllables

PAGE, PARAGRAPH = 8.0, 11.0
# Pages on how it works have names of their field in them.
EXPERT_PAGE, EXPERT_PARAGRAPH = 10.0, 13.0
EXPERT = [ROOT / "docs" / f"{name}.md" for name in ("behaviour", "experiments", "history", "model")]
GUIDES = (
    "analyst", "contract", "data-protection", "ethics", "exports", "index", "new-kind", "reading", "study", "workshop",
)  # fmt: skip
PAGES = (*(ROOT / "docs" / f"{name}.md" for name in GUIDES), ROOT / "README.md", ROOT / "CONTRIBUTING.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_guide_can_be_read_at_fourteen(page: Path) -> None:
    held(page, PAGE, PARAGRAPH)


@pytest.mark.parametrize("page", EXPERT, ids=lambda path: path.stem)
def test_how_it_works_can_be_read_at_sixteen(page: Path) -> None:
    held(page, EXPERT_PAGE, EXPERT_PARAGRAPH)


def held(page: Path, most: float, most_of_one: float) -> None:
    found = grade(sentences_of(prose_of(page.read_text(encoding="utf-8"))))
    assert found <= most, f"{page.name} is of grade {found:.1f}: shorter sentences, plainer words"
    for paragraph in paragraphs_of(page):
        assert grade(sentences_of(paragraph)) <= most_of_one, f"{page.name}: {paragraph}"


def test_the_grade_knows_hard_from_plain() -> None:
    plain = "The client asks for help. An adviser meets her. They talk, and the rent is paid."
    hard = (
        "Notwithstanding contractual provisions concerning remuneration, organisational discretion regarding "
        "prioritisation of relational continuity necessarily remains conditional upon administrative considerations."
    )
    assert grade(sentences_of(plain)) < 4
    assert grade(sentences_of(hard)) > 20
    assert grade([]) == 0.0


def test_the_grade_is_that_of_the_formula() -> None:
    # Three sentences of 4, 4 and 4 words with 15 syllables: 0.39 * 4 + 11.8 * 15 / 12 - 15.59.
    text = "The tenant needs help. She has a landlord. We see her today."
    words = sentences_of(prose_of(text))
    assert [len(sentence) for sentence in words] == [4, 4, 4]
    assert sum(syllables(word) for sentence in words for word in sentence) == 15
    assert grade(words) == pytest.approx(0.39 * 4 + 11.8 * 15 / 12 - 15.59)


def test_only_prose_is_judged() -> None:
    page = (
        "# Heading of inordinate circumlocution\n\nShort text with `some.code_of_it` and [a link](far/away.md).\n\n"
        "| table | remuneration |\n| --- | --- |\n\n```bash\nunintelligible administrative incantation\n```\n"
        "<!-- incomprehensible -->\n- one item\n- two items\n"
    )
    assert sentences_of(prose_of(page)) == [
        ["Short", "text", "with", "it", "and", "a", "link"],
        ["one", "item"],
        ["two", "items"],
    ]
