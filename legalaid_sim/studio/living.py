"""A run in a process of its own: what ``run`` and ``compare`` do, told world by world on the standard output.

Begun as ``python -m legalaid_sim.studio.living``. Ends as after Ctrl-C when its standard input closes, as it does when
the studio ends in whatever way: nothing is lived that nobody waits for, and worlds that are done are kept.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from legalaid_sim.errors import InputError, LegalAidSimError
from legalaid_sim.experiments.compare.comparing import compare
from legalaid_sim.experiments.compare.question import ComparisonOptions
from legalaid_sim.experiments.run.job import Job, RunOptions, prepare, resumed_by
from legalaid_sim.experiments.run.running import run
from legalaid_sim.experiments.shared.kept_worlds import ENDING, Kept, replication_of
from legalaid_sim.experiments.shared.plans import MECHANICAL
from legalaid_sim.experiments.shared.replicate import estimates
from legalaid_sim.measures import HEADLINES, REGISTRY
from legalaid_sim.reports.html import write_report
from legalaid_sim.reports.numbers import spread_shown
from legalaid_sim.units import counted

WORKERS = 2
INTERRUPTED = 130


def main() -> int:
    """Do what one line on the standard input asks."""
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    place = Path(asked["out"])
    try:
        options = RunOptions(
            tuple(asked["contracts"]),
            replications=asked["worlds"],
            seed=asked["seed"],
            workers=WORKERS,
            out=place,
        )
        job = prepare(Path(asked["scenario"]), options)
        if asked["how"] == "compare":
            compare(
                job, ComparisonOptions(), lambda done, most: _tell(done=done, most=most), finish=write_report
            )
        else:
            kept = Kept(place.parent / f".run-{resumed_by('run', job)[:16]}{ENDING}", resumed_by("run", job))
            run(
                job,
                lambda done, most: _tell(done=done, most=most, early=early(job, kept)),
                finish=write_report,
            )
        _tell(finished=str(place))
    except InputError as error:
        _tell(failed="; ".join(f"{p.file} line {p.line}: {p.message}" for p in error.problems[:5]))
    except LegalAidSimError as error:
        _tell(failed=str(error))
    except KeyboardInterrupt as interruption:
        ends = (interruption, interruption.__cause__)
        notes = [note for end in ends if end is not None for note in getattr(end, "__notes__", ())]
        _tell(stopped="; ".join(notes) or "no world was done yet")
        return INTERRUPTED
    return 0


def early(job: Job, kept: Kept) -> list[list[str]]:
    """Give a row a measure, a cell a contract, of the worlds that are kept so far: looked at early, not an answer."""
    worlds = [replication_of(plain) for plain in kept.read().values()]
    names = tuple(dict.fromkeys((*job.scenario.answer_with, *(measure.name for measure in HEADLINES))))
    regimes = [plan.name for plan in job.plans if not plan.name.endswith(MECHANICAL)]
    if not worlds:
        return []
    drawn, numbers = job.scenario.ignorance, [world.number for world in worlds]
    found = {
        name: estimates([world.lived[name].measures for world in worlds], names, (), drawn, numbers)
        for name in regimes
    }
    head = [f"{counted(len(worlds), 'world')} kept", *regimes]
    return [head, *([REGISTRY[name].label, *_cells(found, regimes, name)] for name in names)]


def _cells(found: Any, regimes: list[str], name: str) -> Iterator[str]:
    yield from (spread_shown(found[regime][name], REGISTRY[name].unit) for regime in regimes)


def _tell(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _end_with_input() -> None:
    # Past the buffer, whose lock would be held while the process ends.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main())
