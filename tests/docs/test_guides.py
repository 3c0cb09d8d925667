from pathlib import Path

import pytest

from tests.cli.shell import ROOT
from tests.docs.guide import EXECUTED, FILE_NAME, SHOWN, blocks_of, first_missing, first_unlike, follow

DOCS = ROOT / "docs"
PAGES = (*DOCS.glob("*.md"), ROOT / "CONTRIBUTING.md")
GUIDES = sorted(path for path in DOCS.glob("*.md") if any(block.runs for block in blocks_of(path)))
FAILING = (
    "console\n$ echo one\ntwo\n",
    "console\n$ false\n",
    "console\n$ legalaid-sim --version\nanother version\n",
    "console\n$ legalaid-sim explain 'no such thing'\n",
    "python\nraise SystemExit(1)\n",
    "bash\nfalse\n",
)
LONG = [path for path in GUIDES if any(block.is_long for block in blocks_of(path))]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_everything_a_guide_says_works(guide: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    follow(guide, folder)


@pytest.mark.long
@pytest.mark.parametrize("guide", LONG, ids=lambda path: path.stem)
def test_the_long_parts_work_too(guide: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    follow(guide, folder, with_long=True)


def test_the_guides_that_must_be_there_do_something() -> None:
    assert {"analyst", "contract", "study", "exports"} <= {path.stem for path in GUIDES}


def test_every_block_is_executed_or_says_why_not() -> None:
    for path in PAGES:
        for block in blocks_of(path):
            where = f"{path.name}:{block.line}"
            assert block.language in (*EXECUTED, *SHOWN) or block.note.startswith("not run: "), where
            if block.language == "yaml" and block.runs:
                assert FILE_NAME.match(block.body), f"{where} names no file"


def test_every_fence_is_one_of_those_blocks() -> None:
    for path in PAGES:
        fences = [line for line in path.read_text().splitlines() if line.startswith("```")]
        directives = sum(fence.startswith("```{") for fence in fences)
        assert len(fences) - 2 * directives == 2 * len(list(blocks_of(path))), path.name


def test_what_is_printed_is_compared_line_by_line() -> None:
    assert first_missing(["a … c", "d"], "a b c\nx\nd\n") is None
    assert first_missing(["d", "a … c"], "a b c\nd\n") == "a … c"
    assert first_missing(["a  b"], "a b") is None
    assert first_missing(["a"], "ab") == "a"


def test_numbers_of_the_day_may_differ_and_words_may_not() -> None:
    shown = "Under b it is\nhigher: 9.1 (+0.7 to\n+2)\nmore\nnext: --matter c00002.p1.m10\n"
    assert (
        first_unlike(["Under b it is higher: 8 (+1 to +12)", "…", "next: --matter c00001.p3.m1"], shown)
        is None
    )
    assert first_unlike(["Under b it is lower: 9.1"], shown) == "Under b it is lower: 9.1"
    assert first_unlike(["more", "…", "higher"], shown) == "higher"
    assert first_unlike(["--matter 7"], shown) == "--matter 7"


def test_a_block_that_fails_fails_the_guide(tmp_path: Path) -> None:
    guide = tmp_path / "wrong.md"
    for number, body in enumerate(FAILING):
        guide.write_text(f"```{body}```\n")
        folder = tmp_path / f"work{number}"
        folder.mkdir()
        with pytest.raises(AssertionError, match=r"wrong\.md:1"):
            follow(guide, folder)
