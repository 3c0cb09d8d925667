from pathlib import Path

import pytest

from legalaid_sim.cli.saving import save
from legalaid_sim.errors import ResultsError
from tests.cli.shell import run, small

CLAIMS = "claim_id,fee_code,in_start_date,in_concluded_date\n1,DEBT,2024-05-01,2024-09-02\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a link that leads out of it."""
    here, away = tmp_path / "here", tmp_path / "away"
    here.mkdir()
    away.mkdir()
    (here / "link").symlink_to(away)
    (here / "claims.csv").write_text(CLAIMS)
    (here / "sweep.yaml").write_text(
        "kind: sweep\nschema_version: 1\nscenario: small.yaml\n"
        "vary: [{path: clients.arrivals.per_week, values: [2]}]\nreplications: 1\n"
    )
    small(here)
    return here


@pytest.mark.parametrize(
    "words",
    [
        ("resolve", "relational-pilot", "--out", "link/flat.yaml"),
        ("price", "civil-scheme", "--claims", "claims.csv", "--out", "link/priced.csv"),
        ("price", "civil-scheme", "--claims", "claims.csv", "--out", "p.csv", "--receipts", "link/receipts"),
        ("sweep", "sweep.yaml", "--out", "link/swept"),
        ("run", "small.yaml", "-r", "1", "--out", "link/run"),
        ("compare", "small.yaml", "-r", "2", "--out", "link/pair"),
    ],
    ids=lambda words: words[0],
)
def test_no_command_writes_through_a_link_that_leads_out(folder: Path, words: tuple[str, ...]) -> None:
    done = run(*words, cwd=folder)
    assert done.returncode == 2
    assert "the link 'link' leads out to" in done.stderr
    assert list((folder.parent / "away").iterdir()) == []


def test_what_is_there_is_replaced_whole(tmp_path: Path) -> None:
    place = tmp_path / "a.txt"
    save(place, "one")
    save(place, "two")
    assert place.read_text() == "two"
    assert list(tmp_path.iterdir()) == [place]


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"a\.txt: cannot be written: No such file or directory"):
        save(tmp_path / "none/a.txt", "one")
