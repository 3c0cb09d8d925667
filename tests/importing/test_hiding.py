"""Nothing of a person leaves: not in a file, not on the screen, not through a door that another command has."""

import csv
import io
import os
import stat
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legalaid_sim import rooms
from legalaid_sim.importing.hiding import FEWEST, SecretKey, open_key, without_small
from tests.importing.making import PEOPLE, bulk, export, outcome, published, rows_of, typed, ucn
from tests.importing.test_mapped_tables import MAPPING, with_mapping
from tests.test_house import PACKAGE, imports_of, modules, room_of

KEY = SecretKey(bytes(range(32)))
# No letter is one of a heading or a word of ours; no part of a pseudonym, of hexadecimal digits, can be one of these.
SECRETS = st.text("ghijklmnopqrstuvwxyzGHIJKLMNOP '\"=;,-", min_size=4, max_size=18).map(
    lambda text: f"Xq{text}qX"
)
PLACES = (
    "claim_id",
    "client_id",
    "surname",
    "born",
    "adviser",
    "category",
    "outcome",
    "notes",
    "opened",
    "costs",
)


def everything(folder: Path, said: str) -> str:
    """All that was written and printed, the input and the names of folders apart."""
    written = [
        path for path in folder.rglob("*") if path.is_file() and path.name not in ("in.csv", "map.yaml")
    ]
    return said.replace(str(folder), "") + "".join(path.read_text(encoding="utf-8") for path in written)


def cells(draw: st.DrawFn) -> list[str]:
    return [draw(SECRETS) for _ in PLACES]


@given(st.lists(st.composite(cells)(), min_size=1, max_size=12), st.booleans(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_no_cell_of_a_table_is_in_any_byte_written_or_printed(
    rows: list[list[str]], readable: bool, alike: bool
) -> None:
    # Every cell is a secret: also where a day, an amount, a category should stand, and also if it comes many times.
    mapping = MAPPING.split("columns:", maxsplit=1)[0] + "columns:\n" + "".join(
        f"  {name}: {field}\n"
        for name, field in zip(
            PLACES, ("claim_id", "client_id", "", "", "adviser_id", "category", "outcome", "", "start_date",
                     "net_profit_costs")
        )
        if field
    )  # fmt: skip
    used = [rows[0] if alike else row for row in rows for _ in range(12 if alike else 1)]
    if readable:
        used = [[*row[:8], "13/01/2024", "5.00"] for row in used]
    text = io.StringIO()
    csv.writer(text).writerows([list(PLACES), *used])
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        result = with_mapping(folder, text.getvalue(), mapping=mapping)
        suggested = typed(folder, text.getvalue(), "--suggest", out="other")
        told = everything(folder, result.output + suggested.output + str(result.exception))
        assert not any(cell in told for row in used for cell in row[:8]), told
        # Nor any of them in small letters, or with its marks left out.
        assert "xq" not in told.casefold(), told


@pytest.mark.parametrize("made", ["bulk", "export"])
def test_nobody_of_the_payers_files_is_in_any_byte_written_or_printed(tmp_path: Path, made: str) -> None:
    rows = published()[:60]
    text = bulk(outcome(n, row) for n, row in enumerate(rows)) if made == "bulk" else export(rows)
    result = typed(tmp_path, text)
    assert result.exit_code == 0
    told = everything(tmp_path, result.output)
    numbers = [ucn(n) for n in range(20)] + [f"0319/{n:03d}" for n in range(60)]
    people = [value for value in PEOPLE.values() if value not in ("QG", "QE")]
    assert not any(value in told for value in (*people, *numbers, "1X522G", "14011986", "1986-01-14"))


def test_a_pseudonym_is_the_same_under_one_key_and_another_under_another(tmp_path: Path) -> None:
    rows = published()[:30]
    text = bulk(outcome(n, row) for n, row in enumerate(rows))
    typed(tmp_path, text)
    typed(tmp_path, text, out="again")
    typed(tmp_path, text, "--key", tmp_path / "other.key", out="other")
    first, again, other = (
        [row["matter"] for row in rows_of(tmp_path / name / "cases.csv")]
        for name in ("out", "again", "other")
    )
    assert first == again
    assert not set(first) & set(other)
    assert len(set(first)) == len(rows)


def test_the_key_is_its_owners_alone_and_is_never_shown(tmp_path: Path) -> None:
    result = typed(tmp_path, bulk([outcome(1, published()[0])]))
    kept = tmp_path / "mine.key"
    secret = kept.read_text().strip()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "A key was made: " in result.stdout
    assert secret not in result.output
    assert secret not in repr(SecretKey(bytes.fromhex(secret)))
    assert not any(secret in path.read_text() for path in (tmp_path / "out").iterdir())
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        ("00" * 32, 0o644, "the key can be read by others; let only you read it: chmod 600"),
        ("no key", 0o600, "holds no key of an import"),
        ("00", 0o600, "holds no key of an import"),
    ],
)
def test_a_key_that_is_none_or_no_secret_is_refused(
    tmp_path: Path, content: str, mode: int, words: str
) -> None:
    kept = tmp_path / "mine.key"
    kept.write_text(content)
    kept.chmod(mode)
    result = typed(tmp_path, bulk([outcome(1, published()[0])]))
    assert words in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_a_key_never_stands_with_what_it_made(tmp_path: Path) -> None:
    result = typed(tmp_path, bulk([outcome(1, published()[0])]), "--key", tmp_path / "out/mine.key")
    assert result.exit_code == 2
    assert "would stand with what it made" in result.output
    assert not (tmp_path / "out").exists()


DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@given(st.text(), st.lists(DAYS, max_size=6), st.integers(0, 90), st.lists(DAYS, max_size=8).map(sorted))
def test_days_are_moved_within_the_range_and_over_no_edge(
    client: str, days: list[date], most: int, edges: list[date]
) -> None:
    move = KEY.days_moved(client, days, most, edges)
    assert abs(move.days) <= most
    assert move == KEY.days_moved(client, list(reversed(days)), most, edges)
    for day in days:
        assert [day >= edge for edge in edges] == [day + move >= edge for edge in edges]


def test_every_possible_move_is_about_as_likely() -> None:
    moves = [KEY.days_moved(f"c-{n}", [date(2020, 1, 1)], 2).days for n in range(2000)]
    # 400 of each are expected; five standard deviations are 90.
    assert all(310 < moves.count(move) < 490 for move in range(-2, 3))
    one_sided = {KEY.days_moved(f"c-{n}", [date(2020, 1, 1)], 2, [date(2020, 1, 1)]).days for n in range(200)}
    assert one_sided == {0, 1, 2}
    assert KEY.days_moved("c", [date.max], 0) == timedelta(0)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40)))
def test_no_count_of_under_ten_can_be_worked_out_from_what_is_told(counts: dict[str, int]) -> None:
    told = without_small(counts)
    assert all(count >= FEWEST and counts[name] == count for name, count in told.counts.items())
    hidden = [count for name, count in counts.items() if count and name not in told.counts]
    assert told.withheld == len(hidden)
    if told.total is not None:
        # What is told leaves their sum, and no more: it is that of two cells at least, and of ten people.
        assert told.total - sum(told.counts.values()) == sum(hidden)
        assert not hidden or (len(hidden) >= 2 and sum(hidden) >= FEWEST)


def test_only_the_command_line_and_checks_know_of_imports() -> None:
    # Results, reports, exports and experiments cannot hold an imported case: none of them can name one.
    allowed = {"importing", "cli", "authoring"}
    for path in modules():
        if any(name.startswith("legalaid_sim.importing") for name, _ in imports_of(path)):
            assert room_of(path) in allowed, path
    assert "importing" not in rooms.MODEL
    assert PACKAGE.joinpath("importing").is_dir()


def test_imported_cases_and_their_prices_have_no_place_among_results(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from legalaid_sim.cli.price_command import command as price

    results = tmp_path / "results/agency/run"
    results.mkdir(parents=True)
    (results / "manifest.json").write_text("{}")
    inside = typed(tmp_path, bulk([outcome(1, published()[0])]), out="results/agency/run/mine")
    assert "is in a folder of results" in str(inside.exception)
    kept = typed(tmp_path, bulk([outcome(1, published()[0])]), "--key", results / "mine.key")
    assert "is in a folder of results" in str(kept.exception)
    typed(tmp_path, bulk([outcome(1, published()[0])]))
    for words in (
        ["--out", str(results / "priced.csv")],
        ["--out", "-", "--receipts", str(results / "receipts")],
    ):
        claims = ["civil-scheme", "--claims", str(tmp_path / "out/claims.csv")]
        assert "is in a folder of results" in str(CliRunner().invoke(price, [*claims, *words]).exception)
    assert os.listdir(results) == ["manifest.json"]


DOORS = (
    "report", "export --format csv", "export --format xlsx", "export --format xes", "reproduce", "journey", "why",
)  # fmt: skip


@pytest.mark.parametrize("words", [door.split() for door in DOORS])
def test_no_command_that_passes_things_on_takes_imported_cases(tmp_path: Path, words: list[str]) -> None:
    from click.testing import CliRunner

    from legalaid_sim.cli import group

    typed(tmp_path, bulk([outcome(1, published()[0])]))
    before = sorted(path for path in tmp_path.rglob("*"))
    result = CliRunner().invoke(group, [words[0], str(tmp_path / "out"), *words[1:]])
    assert result.exit_code != 0
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_a_key_is_opened_again_and_made_once(tmp_path: Path) -> None:
    first, made = open_key(tmp_path / "a/mine.key")
    again, made_again = open_key(tmp_path / "a/mine.key")
    assert (made, made_again) == (True, False)
    assert first.pseudonym("matter", "a 1") == again.pseudonym("matter", "A  1 ")
    assert first.pseudonym("matter", " ") == ""
