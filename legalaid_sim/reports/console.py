"""What the terminal shows of a run: a table of headline measures, a progress bar, one JSON object."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.reports.columns import broken, terminal_width, wrapped
from legalaid_sim.reports.numbers import pooling, spread
from legalaid_sim.units import counted

if TYPE_CHECKING:
    from legalaid_sim.experiments.run.running import Finished
    from legalaid_sim.measures import Measure

JSON_VERSION = 1
ARROWS = {"higher": "↑", "lower": "↓", "neither": " "}
LEGEND = (
    "mean ± half the 95 % interval, none where all worlds agree; 4 of 10: worlds that have it; "
    "↑ more, ↓ less is better"
)
GAP = 2
LEAST_COLUMN = 12
BAR_WIDTH = 30
REDRAW_SECONDS = 0.1


def render_run(finished: "Finished", width: int | None = None) -> str:
    """Show a finished run: the answer, the headline measures by contract, where it is, what to do next."""
    from legalaid_sim.measures import HEADLINES

    told = finished.manifest
    said = "\n".join(wrapped(sentence, width) for sentence in answer_of(finished))
    shown = [means[measure.name] for means in finished.estimates.values() for measure in HEADLINES]
    notes = [_worlds(told), LEGEND, pooling(shown)]
    legend = wrapped("; ".join(note for note in notes if note), width)
    head = f"{clipped(told['scenario']['title'], 200)}\n\n{said}\n\n{legend}"
    table = render_table(HEADLINES, finished.estimates, terminal_width() if width is None else width)
    return f"{head}\n\n{table}\n\nresults in {shown_path(finished.folder)}\n{_next_step(finished)}".rstrip()


def render_table(
    measures: "Sequence[Measure]", estimates: Mapping[str, Mapping[str, Estimate]], width: int
) -> str:
    """Set measures against regimes, as many regimes abreast as the width holds."""
    worlds = max((found.n for means in estimates.values() for found in means.values()), default=0)
    cells = {
        regime: [spread(means[m.name], m.unit, worlds=worlds) for m in measures]
        for regime, means in estimates.items()
    }
    column = max([LEAST_COLUMN, *(len(cell) for regime in cells.values() for cell in regime)])
    names = _names(measures, width - column - GAP, width - len(estimates) * (column + GAP))
    stub = max(map(len, names), default=0)
    abreast = max(1, (width - stub) // (column + GAP))
    regimes = list(estimates)
    groups = [regimes[start : start + abreast] for start in range(0, len(regimes), abreast)]
    widths = _widths(regimes, column, (width - stub) // min(len(regimes), abreast) - GAP)
    return "\n\n".join(_block(names, stub, group, cells, widths) for group in groups)


def answer_of(finished: "Finished") -> list[str]:
    """Give the first answer of a run, in sentences; nothing where no contrast was kept."""
    from legalaid_sim.reports.answer import AnswerScope, answer

    if not finished.prices:
        return []
    baseline = finished.prices[0].contract
    lived = AnswerScope.of(finished.manifest["scenario"]["resolved"])
    return answer(
        finished.contrasts, baseline, finished.estimates[baseline], finished.prices, lived, finished.doubts
    )


def as_object(finished: "Finished") -> str:
    """Give the run as one JSON object, as docs/json.md describes it."""
    from legalaid_sim.experiments.shared.doubt_files import doubts_as_data
    from legalaid_sim.experiments.shared.lasting import prices_as_data

    contracts = {
        regime: {"measures": {name: found.as_data() for name, found in means.items()}}
        for regime, means in finished.estimates.items()
    }
    told = finished.manifest
    report = {
        "schema_version": JSON_VERSION,
        "kind": "run",
        "scenario": told["scenario"]["name"],
        "seed": told["seed"],
        "replications": told["replications"],
        "digests": told["digests"],
        "results": shown_path(finished.folder),
        "answer": answer_of(finished),
        "prices": prices_as_data(finished.prices),
        "ignorance": doubts_as_data(finished.doubts),
        "contracts": contracts,
        "measures": next(iter(contracts.values()))["measures"],
    }
    return json.dumps(report, indent=2, ensure_ascii=False, allow_nan=False)


def shown_path(path: Path) -> str:
    """Give a path as short as it can be typed from here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


class ProgressBar:
    """A progress bar on standard error, only where that is a terminal; gone when the work is done."""

    def __init__(self, quiet: bool = False, noun: str = "worlds", before: int = 0) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._began, self._drawn = monotonic(), 0.0
        self._noun, self._before = noun, before

    def __enter__(self) -> "ProgressBar":
        if self._shown:
            # The first world may take a while: something is to be seen from the first second.
            sys.stderr.write(f"[{'·' * BAR_WIDTH}] the first of the {self._noun}\x1b[K")
            sys.stderr.flush()
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def show(self, done: int, most: int) -> None:
        """Draw the bar, at most ten times a second."""
        now = monotonic()
        if self._shown and (now - self._drawn > REDRAW_SECONDS or done == most):
            self._drawn = now
            sys.stderr.write("\r" + self._text(done, most, now) + "\x1b[K")
            sys.stderr.flush()

    def _text(self, done: int, most: int, now: float) -> str:
        return bar_text(done, most, now - self._began, self._noun, self._before)


def bar_text(done: int, most: int, seconds: float, noun: str = "worlds", before: int = 0) -> str:
    """Give the line of the bar; ``before`` were done at the start and took no time.

    >>> bar_text(1, 4, 2.0)
    '[███████·······················] 1 of 4 worlds, about 6 s left'
    """
    filled = BAR_WIDTH * done // most
    left = round(seconds / (done - before) * (most - done)) if done > before else 0
    return f"[{'█' * filled}{'·' * (BAR_WIDTH - filled)}] {done} of {most} {noun}, about {left} s left"


def _names(measures: "Sequence[Measure]", room: int, spare: int) -> list[str]:
    # What a report calls a measure stands beside its name where all contracts still stand abreast; in a narrow
    # terminal the units go.
    longest = max((len(measure.name) for measure in measures), default=0)
    label = max((len(measure.label) for measure in measures), default=0)
    told = [f"{ARROWS[m.better]} {m.name:<{longest}}  {m.label:<{label}}  {m.unit}" for m in measures]
    if max(map(len, told), default=0) <= spare:
        return told
    names = [f"{ARROWS[m.better]} {m.name:<{longest}}  {m.unit}" for m in measures]
    if max(map(len, names), default=0) <= room:
        return names
    return [f"{ARROWS[m.better]} {m.name}" for m in measures]


def _widths(regimes: Sequence[str], column: int, room: int) -> dict[str, int]:
    return {regime: max(column, min(len(regime), room)) for regime in regimes}


def _block(
    names: Sequence[str],
    stub: int,
    regimes: Sequence[str],
    cells: Mapping[str, Sequence[str]],
    widths: Mapping[str, int],
) -> str:
    gap = " " * GAP
    rows = (
        f"{name:<{stub}}" + "".join(f"{gap}{cells[regime][row]:>{widths[regime]}}" for regime in regimes)
        for row, name in enumerate(names)
    )
    return "\n".join([*_headers(stub, regimes, widths), *_spaced(names, rows)])


def _headers(stub: int, regimes: Sequence[str], widths: Mapping[str, int]) -> Iterator[str]:
    # A name too long for its column goes on in the next line.
    pieces = {regime: broken(regime, widths[regime]) for regime in regimes}
    height = max(map(len, pieces.values()))
    for line in range(height):
        parts = [(pieces[name], widths[name]) for name in regimes]
        row = "".join(f"{' ' * GAP}{_nth(part, line):>{width}}" for part, width in parts)
        yield f"{' ' * stub}{row}".rstrip()


def _nth(lines: Sequence[str], index: int) -> str:
    return lines[index] if index < len(lines) else ""


def _spaced(names: Sequence[str], rows: Iterator[str]) -> Iterator[str]:
    # A blank line where the theme changes: continuity, admin, time, access, outcomes, money.
    theme = ""
    for name, row in zip(names, rows):
        here = name[2:].partition(".")[0]
        if theme and here != theme:
            yield ""
        theme = here
        yield row


def clipped(text: str, width: int) -> str:
    """Give a text that cannot move the cursor and is no longer than asked.

    >>> clipped("a\\tb\u202ec", 3)
    'a?…'
    """
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return plain if len(plain) <= width else plain[: width - 1] + "…"


def _worlds(told: Mapping[str, Any]) -> str:
    count = counted(told["replications"], "world")
    return count if len(told["regimes"]) == 1 else f"{count}, the same under every contract"


def _next_step(finished: "Finished") -> str:
    matter = next((matter for matter in finished.example.values() if matter), None)
    if matter is None:
        return ""
    return f"next: legalaid-sim explain {_quoted(shown_path(finished.folder))} --matter {matter}"


def _quoted(text: str) -> str:
    from shlex import quote

    return quote(text)
