import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from legalaid_sim.errors import ResultsError
from legalaid_sim.exports import FORMS, export
from tests.cli.shell import run
from tests.exports.making import folder_of

ENDINGS = {
    "csv": "run-csv",
    "xlsx": "run.xlsx",
    "xes": "run.xes",
    "ocel": "run.ocel.json",
    "json": "run.json",
}


@pytest.mark.parametrize(("form", "name"), ENDINGS.items())
def test_an_export_stands_beside_the_folder_and_is_never_overwritten(
    tmp_path: Path, form: str, name: str
) -> None:
    folder = folder_of(tmp_path / "run")
    done = run("export", "run", "--format", form, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{name}\n", "")
    assert {path.name for path in tmp_path.iterdir()} == {"run", name}
    again = run("export", folder, "--format", form, cwd=tmp_path)
    assert again.returncode == 2
    assert "is left as it is; give another" in again.stderr


@pytest.mark.parametrize("form", ENDINGS)
def test_the_same_folder_gives_the_same_export(tmp_path: Path, form: str) -> None:
    folder = folder_of(tmp_path / "run")
    one, two = (export(folder, form, tmp_path / name) for name in ("one", "two"))
    files = sorted(one.iterdir()) if one.is_dir() else [one]
    assert files
    for path in files:
        twin = two / path.name if two.is_dir() else two
        assert path.read_bytes() == twin.read_bytes()


@pytest.mark.parametrize("form", ENDINGS)
def test_a_link_that_leads_out_is_not_followed(tmp_path: Path, form: str) -> None:
    folder, away, here = folder_of(tmp_path / "run"), tmp_path / "away", tmp_path / "here"
    away.mkdir()
    here.mkdir()
    (here / "link").symlink_to(away)
    with pytest.raises(ResultsError, match=r"the link 'link' leads out to .*; links are not followed"):
        export(folder, form, here / "link" / "out")
    assert list(away.iterdir()) == []


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    folder, kept = folder_of(tmp_path / "run"), tmp_path / "kept.txt"
    kept.write_text("kept")
    (tmp_path / "out.json").symlink_to(kept)
    with pytest.raises(ResultsError, match="is there already and is left as it is"):
        export(folder, "json", tmp_path / "out.json")
    assert kept.read_text() == "kept"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="is a folder; give the name of a file"):
        export(folder_of(tmp_path / "run"), "json", tmp_path)


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultsError, match=r"out\.json: cannot be written: File exists"):
        export(folder_of(tmp_path / "run"), "json", tmp_path / "file/out.json")


@pytest.mark.parametrize("form", ENDINGS)
def test_a_damaged_folder_is_named_and_leaves_nothing(tmp_path: Path, form: str) -> None:
    folder = folder_of(tmp_path / "run")
    whole = (folder / "run.sqlite").read_bytes()
    (folder / "run.sqlite").write_bytes(whole[: len(whole) // 2])
    done = run("export", "run", "--format", form, cwd=tmp_path)
    assert done.returncode == 2
    assert "run again" in done.stderr.replace("the scenario ", "")
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_without_a_table_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "run")
    with sqlite3.connect(folder / "run.sqlite") as database:
        database.execute("DROP TABLE contact")
    database.close()
    with pytest.raises(ResultsError, match="lacks the table 'contact'"):
        export(folder, "json")


def test_regimes_are_for_logs_only(tmp_path: Path) -> None:
    done = run("export", folder_of(tmp_path / "run"), "-f", "csv", "--regime", "plain", cwd=tmp_path)
    assert done.returncode == 2
    assert "--regime goes with xes and ocel" in done.stderr


def test_a_missing_library_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ResultsError, match=r"needs the library pyarrow: .* -m pip install 'pyarrow>=17'"):
        export(folder_of(tmp_path / "run"), "parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_the_command_knows_every_form() -> None:
    from legalaid_sim.cli.export_command import command

    (form,) = (option for option in command.params if option.name == "form")
    assert list(form.type.choices) == list(FORMS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_the_folder_of_a_study_gives_its_rows(form: str, tmp_path: Path) -> None:
    from legalaid_sim.experiments.sweep.job import SweepOptions, prepare_sweep
    from legalaid_sim.experiments.sweep.sweeping import carry_out
    from tests.experiments import sweepers

    job = prepare_sweep(sweepers.written(tmp_path), pipeline=sweepers.light)
    done = carry_out(job, SweepOptions(workers=1, out=tmp_path / "swept"))
    place = export(done.database.parent, form)
    with closing(sqlite3.connect(done.database)) as database:
        total = database.execute('SELECT count(*), sum("money.payer_spend") FROM runs').fetchone()
    if form == "csv":
        rows = list(csv.DictReader((place / "runs.csv").read_text(encoding="utf-8").splitlines()))
        spent = [float(row["money.payer_spend"]) for row in rows]
    elif form == "json":
        told = json.loads(place.read_text(encoding="utf-8"))["tables"]["runs"]
        at = [column["name"] for column in told["columns"]].index("money.payer_spend")
        spent = [row[at] for row in told["rows"]]
    else:
        from openpyxl import load_workbook

        head, *body = load_workbook(place)["runs"].iter_rows(values_only=True)
        spent = [row[head.index("money.payer_spend")] for row in body]
    assert (len(spent), sum(spent)) == (total[0], pytest.approx(total[1]))  # type: ignore[comparison-overlap]
    with pytest.raises(ResultsError, match="keeps no logs for --format xes"):
        export(done.database.parent, "xes")
