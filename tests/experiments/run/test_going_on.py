"""A run or a comparison that was interrupted goes on where it stood, and gives the same bytes."""

import json
from pathlib import Path

import pytest

from legalaid_sim.experiments.compare.comparing import compare
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.run.running import run
from legalaid_sim.experiments.shared import kept_worlds
from legalaid_sim.experiments.shared.replicate import Replication, Trial
from tests.experiments import small

LIVED: list[int] = []
WORLDS = 5


class Watched(Trial):
    """A trial that says which worlds it lives."""

    def __call__(self, number: int) -> Replication:
        LIVED.append(number)
        return super().__call__(number)


def stop_after(worlds: int):  # type: ignore[no-untyped-def]
    def progress(done: int, most: int) -> None:
        if done == worlds:
            raise KeyboardInterrupt

    return progress


def told(folder: Path) -> dict[str, str]:
    """All that must be the same bytes, and the manifest without what tells of the moment."""
    files = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return {**files, "manifest": json.dumps({**manifest, "made": None})}


@pytest.mark.parametrize("work", [run, compare])
def test_an_interrupted_one_goes_on_and_gives_the_same(tmp_path: Path, work) -> None:  # type: ignore[no-untyped-def]
    path = small.scenario(tmp_path)
    whole, out = tmp_path / "whole", tmp_path / "out"
    work(prepare(path, RunOptions(replications=WORLDS, workers=1, out=whole)), trial=Watched)
    job = prepare(path, RunOptions(replications=WORLDS, workers=1, out=out))
    with pytest.raises(KeyboardInterrupt) as interrupted:
        work(job, progress=stop_after(3), trial=Watched)
    assert interrupted.value.__notes__ == ["2 worlds are kept; the same command goes on from there"]
    assert not out.exists()
    # What kill -9 cuts in the middle of a line is lived again.
    (kept,) = tmp_path.glob(f".*{kept_worlds.ENDING}")
    kept.write_bytes(kept.read_bytes()[:-20])
    LIVED.clear()
    work(job, trial=Watched)
    assert LIVED == [1, 3, 4, 5]
    assert told(out) == told(whole)
    assert not list(tmp_path.glob(f".*{kept_worlds.ENDING}"))


def test_worlds_of_other_inputs_are_not_taken_over(tmp_path: Path) -> None:
    path = small.scenario(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run(
            prepare(path, RunOptions(replications=WORLDS, workers=1, out=tmp_path / "out")),
            stop_after(3),
            Watched,
        )
    LIVED.clear()
    run(
        prepare(path, RunOptions(replications=WORLDS, seed=8, workers=1, out=tmp_path / "out")), trial=Watched
    )
    assert LIVED == [1, 2, 3, 4, 5]


def test_after_an_error_nothing_is_kept(tmp_path: Path) -> None:
    def fail(done: int, most: int) -> None:
        if done == 3:
            raise RuntimeError("a fault")

    with pytest.raises(RuntimeError):
        run(
            prepare(
                small.scenario(tmp_path), RunOptions(replications=WORLDS, workers=1, out=tmp_path / "out")
            ),
            fail,
        )
    assert not list(tmp_path.glob(".*"))
