import json
import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.errors import ResultsError
from legalaid_sim.events import KINDS, Log, Window
from legalaid_sim.results import open_run
from legalaid_sim.results.database import Writer
from legalaid_sim.results.folder import (
    checked_place,
    is_partial,
    make_folder,
    place_for,
    slug,
    written_whole,
)
from legalaid_sim.results.summary import SummaryRow, read_summary, write_summary
from legalaid_sim.results.tables import columns_of

EXAMPLES = {int: 7, bool: True, float: 0.1, str: "ab"}


def event(kind, at=1):  # type: ignore[no-untyped-def]
    return kind(*(at if c.name == "at" else EXAMPLES[c.python] for c in columns_of(kind)))


def every_kind() -> Log:
    return Log(Window(0, 10, 20), [event(kind, at) for at in (1, 2) for kind in reversed(KINDS)])


def write(path: Path, log: Log | None = None, runs: int = 2) -> Path:
    writer = Writer(path)
    for number in range(1, runs + 1):
        writer.add("fixed", number, 2**63 - 1, "ab" * 32, {"b": None, "a": 0.1 + number}, log)
        log = None
    writer.close()
    return path


def folder(tmp_path: Path) -> Path:
    made = tmp_path / "run"
    made.mkdir()
    write(made / "run.sqlite", every_kind())
    (made / "manifest.json").write_text(json.dumps({"schema_version": 1, "regimes": ["fixed"]}))
    write_summary(made / "measures.csv", [SummaryRow("a", "fixed", 1.6, 1.1, 2.1, 2, "share")])
    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("Canning Town, 2008", "canning-town-2008"),
        ("café ‮ </script>", "cafe-script"),
        ("", "unnamed"),
        ("...", "unnamed"),
        ("x" * 10_000, "x" * 60),
        ("=HYPERLINK(1)", "hyperlink-1"),
    ],
)
def test_names_become_safe_path_parts(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text())
def test_a_slug_is_one_visible_path_part(text: str) -> None:
    part = slug(text)
    assert Path(part).name == part
    assert not part.startswith(".")


def test_two_runs_of_the_same_second_get_two_places(tmp_path: Path) -> None:
    first = place_for(tmp_path, "A b", "20260101T000000Z", "abcdef1234")
    assert first == tmp_path / "a-b" / "20260101T000000Z-abcdef12"
    # The first has only begun, and nothing stands there yet.
    second = place_for(tmp_path, "A b", "20260101T000000Z", "abcdef1234")
    assert second.name == "20260101T000000Z-abcdef12-2"
    for place in (second, first):
        with written_whole(place):
            pass
    assert sorted(path.name for path in first.parent.iterdir()) == [first.name, second.name]
    assert place_for(tmp_path, "A b", "20260101T000000Z", "abcdef1234").name == "20260101T000000Z-abcdef12-3"


def test_a_folder_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "s" / "one"
    with written_whole(place) as partial:
        assert is_partial(partial)
        assert not place.exists()
        (partial / "manifest.json").write_text("{}")
    assert list(place.parent.iterdir()) == [place]


@pytest.mark.parametrize("ending", [KeyboardInterrupt, ValueError, SystemExit])
def test_nothing_is_left_after_an_error(tmp_path: Path, ending: type[BaseException]) -> None:
    def write_and_fail() -> None:
        with written_whole(tmp_path / "s" / "one") as partial:
            (partial / "manifest.json").write_text("{}")
            raise ending

    with pytest.raises(ending):
        write_and_fail()
    assert list((tmp_path / "s").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultsError, match="file: is a file; give the name of a folder"):
        make_folder(tmp_path / "file")
    with pytest.raises(ResultsError, match=r"one: cannot be made: (Not a directory|File exists)"):
        written_whole(tmp_path / "file" / "one").__enter__()


def test_partial_folders_are_not_results(tmp_path: Path) -> None:
    stale = tmp_path / "s" / ".one.123.partial"
    stale.mkdir(parents=True)
    (stale / "manifest.json").write_text("{}")
    with pytest.raises(ResultsError, match="was interrupted while it was written; delete it and run again"):
        open_run(stale)


def test_a_place_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(ResultsError, match="already holds something and is left as it is"):
        checked_place(tmp_path / "full")
    with pytest.raises(ResultsError, match="is a file; give the name of a folder"):
        checked_place(tmp_path / "full" / "x")
    (tmp_path / "empty").mkdir()
    assert checked_place(tmp_path / "empty") == tmp_path / "empty"
    assert checked_place(tmp_path / "new" / "deep") == tmp_path / "new" / "deep"


def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    home = tmp_path / "home"
    (home / "inner").mkdir(parents=True)
    (home / "out").symlink_to(tmp_path / "elsewhere")
    (home / "in").symlink_to(home / "inner")
    for way in (home / "out", home / "out" / "run"):
        with pytest.raises(ResultsError, match=r"the link 'out' leads out to .*elsewhere; links"):
            checked_place(way)
    assert checked_place(home / "in" / "run") == home / "in" / "run"


def test_a_log_read_back_equals_the_one_written(tmp_path: Path) -> None:
    log = every_kind()
    with open_run(folder(tmp_path)) as run:
        found = run.log("fixed")
    assert found.window == log.window
    assert list(found) == list(log)
    assert [type(e) for e in found] == [type(e) for e in log]
    assert all(type(a) is type(b) for x, y in zip(found, log) for a, b in zip(x, y))


def test_measures_read_back(tmp_path: Path) -> None:
    with open_run(folder(tmp_path)) as run:
        assert run.replications("fixed") == [{"a": 1.1, "b": None}, {"a": 2.1, "b": None}]
        assert run.measures == [SummaryRow("a", "fixed", 1.6, 1.1, 2.1, 2, "share")._asdict()]
        assert run.reader.runs()[0] == ("fixed", 1, 2**63 - 1, "ab" * 32, True)
        with pytest.raises(ResultsError, match=r"keeps no log of run 2 of 'fixed'; run again with --log all"):
            run.log(replication=2)
        with pytest.raises(ResultsError, match=r"holds no run 9 of 'fixed'; it has 1 to 2"):
            run.log(replication=9)
        with pytest.raises(ResultsError, match=r"has no regime 'hourly'; it has fixed"):
            run.log("hourly")


def test_the_same_runs_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = write(tmp_path / "1", every_kind()), write(tmp_path / "2", every_kind())
    assert one.read_bytes() == two.read_bytes()


def test_every_column_has_a_unit_and_every_view_can_be_read(tmp_path: Path) -> None:
    database = sqlite3.connect(write(tmp_path / "run.sqlite", every_kind()))
    units = database.execute('SELECT unit FROM "columns"').fetchall()
    assert all(unit for (unit,) in units)
    assert len(units) > sum(len(columns_of(kind)) for kind in KINDS)
    for view in ("ledger", "clients", "matters", "advisers", "events"):
        assert database.execute(f"SELECT count(*) FROM {view}").fetchone()[0] >= 2
    database.close()


def test_damage_is_named(tmp_path: Path) -> None:
    made = folder(tmp_path)
    whole = (made / "run.sqlite").read_bytes()

    def spoilt(content: bytes) -> str:
        (made / "run.sqlite").write_bytes(content)
        with pytest.raises(ResultsError) as caught, open_run(made) as run:
            run.log()
        return str(caught.value)

    assert "run.sqlite" in spoilt(whole[:5000])
    assert "is not a whole database" in spoilt(b"not a database at all" * 100)
    assert "has format 0, and this version reads format 1" in spoilt(b"")
    os.remove(made / "run.sqlite")
    with pytest.raises(ResultsError, match=r"run\.sqlite: is missing: the folder is not complete"):
        open_run(made)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    made = folder(tmp_path)
    database = sqlite3.connect(made / "run.sqlite")
    database.execute("DROP VIEW matters")
    database.execute("DROP TABLE matter_closed")
    database.close()
    with pytest.raises(ResultsError, match="lacks the table 'matter_closed': damaged, or of another version"):
        open_run(made)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is damaged; run the scenario again"),
        ("[]", "is damaged"),
        ("{}", "is damaged"),
        ('{"schema_version": 99}', "has schema_version 99, and this version reads 1"),
    ],
)
def test_a_manifest_of_another_kind(tmp_path: Path, text: str, words: str) -> None:
    made = folder(tmp_path)
    (made / "manifest.json").write_text(text)
    with pytest.raises(ResultsError, match=words):
        open_run(made)


def test_other_folders_are_not_results(tmp_path: Path) -> None:
    with pytest.raises(
        ResultsError, match=r"holds no manifest\.json, so it is not a results folder; give one"
    ):
        open_run(tmp_path)
    with pytest.raises(ResultsError, match="is not a folder"):
        open_run(tmp_path / "nothing")


def test_summaries_are_plain_text_for_spreadsheets(tmp_path: Path) -> None:
    rows = [SummaryRow("a", "=1+1", None, None, None, 0, "GBP"), SummaryRow("b", 'x,"', 0.1, 0.0, 0.2, 3, "")]
    write_summary(tmp_path / "m.csv", rows)
    text = (tmp_path / "m.csv").read_text()
    assert text.splitlines()[0] == "measure,regime,mean,low,high,n,unit,pooled_of"
    assert "a,'=1+1,,,,0,GBP," in text
    assert read_summary(tmp_path / "m.csv")[1] == rows[1]
