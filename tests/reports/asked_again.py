"""A results folder asked again in SQL: the numbers that cells and sentences are held to."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from math import inf, sqrt
from pathlib import Path
from statistics import correlation, fmean, stdev
from typing import NamedTuple

from legalaid_sim.experiments.shared.plans import MECHANICAL
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports.material import Material
from tests.reports.queries import MEASURES, World

STUDENT = {2: 12.706204736432102, 3: 4.302652729911275}  # 97.5 % of t with n - 1 degrees of freedom
NUMBER = re.compile(r"(?<![\w.])([+−-]?)£?(\d[\d,]*(?:\.\d+)?)(?:\s?(%|points|hours(?! a)))?")
ANY = ("never", "–")
Number = float | None
Cell = str | Sequence[Number]  # words that must be there, or the numbers in their order


@cache
def _world(path: Path, regime: str, replication: int) -> World:
    # Its tables are made of the log once, and every cell asks them.
    return World(sqlite3.connect(f"file:{path}?mode=ro", uri=True), regime, replication)


class Folder:
    """The folder as SQL sees it: a connection for every run, and every drawn measure of each."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.ordered = material.ordered
        self.called = material.called
        self.first = {name: self.world(name, 1) for name in material.ordered}
        every = [*material.ordered, *(f"{name}{MECHANICAL}" for name in material.ordered)]
        self.values = {name: [self._measured(self.world(name, n)) for n in (1, 2, 3)] for name in every}
        self.cases = {name: [self._cases(self.world(name, n)) for n in (1, 2, 3)] for name in every}

    def world(self, regime: str, replication: int) -> World:
        return _world(self.material.run.folder / "run.sqlite", regime, replication)

    @staticmethod
    def _measured(world: World) -> dict[str, Number]:
        return {name: world.one(read.query) for name, read in MEASURES.items()}

    @staticmethod
    def _cases(world: World) -> dict[str, float]:
        return dict(world.rows("SELECT measure, whole FROM counted WHERE run = :run"))

    def is_pooled(self, measure: str) -> bool:
        """Say whether a contract has a world without, or on average fewer than 30 cases."""
        held = [[world.get(measure, 0) for world in self.cases[name]] for name in self.ordered]
        return any(sum(cases) > 0 and (0 in cases or fmean(cases) < 30) for cases in held)

    def sums(self, regime: str, measure: str) -> list[tuple[float, float]]:
        """What is summed, and cases, of the worlds that have any; the value is that of the query."""
        worlds = zip(self.series(regime, measure), self.cases[regime])
        return [
            (value * held[measure], held[measure])
            for value, held in worlds
            if value is not None and measure in held
        ]

    def series(self, regime: str, measure: str) -> list[Number]:
        return [world[measure] for world in self.values[regime]]

    def mean(self, regime: str, measure: str) -> list[Number]:
        """Mean and half the interval, or both its ends."""
        known, sums = REGISTRY[measure], self.sums(regime, measure)
        share = known.unit in ("share", "from 0 to 1", "index")
        shown = stands_for(sums) if self.is_pooled(measure) else self.series(regime, measure)
        few = counted(sums, shown, share) if len(sums) > 1 else None
        if few is not None and (self.is_pooled(measure) or few.is_rare):
            return [few.mean, *few.ends(STUDENT[len(sums)])]
        return bounded(spread(shown), known.unit, measure.endswith("_gap"))

    def cell(self, regime: str, measure: str, worlds: bool = False) -> list[Number]:
        """The mean as a table shows it: with its cases where they are pooled, and with the worlds that have it."""
        found, held = self.mean(regime, measure), [v for v in self.series(regime, measure) if v is not None]
        pooled = (
            [sum(cases for _, cases in self.sums(regime, measure))]
            if self.is_pooled(measure) and held
            else []
        )
        return [*found, *pooled, *([len(held), 3] if worlds and len(held) < 3 else [])]

    def gap(self, regime: str, measure: str, kind: str = "") -> list[Number]:
        """Mean difference from the first contract, and half its interval."""
        names = [f"{name}{kind}" for name in (regime, self.ordered[0])]
        both = [n for n in range(3) if all(self.values[name][n][measure] is not None for name in names)]
        series = [[self.series(name, measure)[n] for n in both] for name in names]
        counts = [[self.cases[name][n].get(measure) for n in both] for name in names]
        if None in counts[0] or not both:
            return spread([a - b for a, b in zip(*series)])  # type: ignore[operator]
        sums = [[(v * c, c) for v, c in zip(*side)] for side in zip(series, counts)]  # type: ignore[operator]
        pooled, share = self.is_pooled(measure), REGISTRY[measure].unit in ("share", "from 0 to 1", "index")
        shown = [stands_for(side) for side in sums] if pooled else series
        gaps = [a - b for a, b in zip(*shown)]  # type: ignore[operator]
        few = [counted(side, each, share) for side, each in zip(sums, shown)] if len(both) > 1 else [None]
        if (
            kind
            or None in few
            or max(gaps) - min(gaps) < 1e-12
            or not (pooled or any(f.is_rare for f in few if f))
        ):
            return spread(gaps)
        return [fmean(gaps), *ends_apart([f for f in few if f], shown, STUDENT[len(both)])]


class Few(NamedTuple):
    """A share or rate of few counts: its mean, and the variance of that mean if the truth were ``x``."""

    mean: float
    cases: float
    clusters: float
    share: bool

    @property
    def is_rare(self) -> bool:
        return (min(self.mean, 1 - self.mean) if self.share else self.mean) * self.cases / self.clusters < 30

    def variance(self, x: float) -> float:
        return x * (1 - x if self.share else 1) * self.clusters / self.cases

    def ends(self, t: float) -> tuple[float, float]:
        """Look for the values that lie just so many standard errors, as they would have them, from the mean."""
        found = []
        for far in (0.0, 1.0 if self.share else self.mean + 100 * t * t * self.clusters / self.cases):
            inside, outside = self.mean, far
            for _ in range(200):
                middle_ = (inside + outside) / 2
                near = abs(self.mean - middle_) <= t * sqrt(max(0.0, self.variance(middle_)))
                inside, outside = (middle_, outside) if near else (inside, middle_)
            found.append(inside)
        return found[0], found[1]


def stands_for(sums: Sequence[tuple[float, float]]) -> list[Number]:
    """Give the pooled ratio moved by what each world does to it."""
    if not sums:
        return []
    ratio = sum(part for part, _ in sums) / sum(whole for _, whole in sums)
    return [ratio + len(sums) * (part - ratio * whole) / sum(w for _, w in sums) for part, whole in sums]


def counted(sums: Sequence[tuple[float, float]], shown: Sequence[Number], share: bool) -> Few | None:
    """Give what is counted; None where sums are none of whole events."""
    if any(abs(part - round(part)) > 1e-6 or part < -1e-9 for part, _ in sums):
        return None
    cases, mean = sum(whole for _, whole in sums), fmean(each for each in shown if each is not None)
    mean = 0.0 if abs(mean) < 1e-12 else 1.0 if share and abs(mean - 1) < 1e-12 else mean
    alone = Few(mean, cases, 1.0, share).variance(mean)
    found = stdev([each for each in shown if each is not None]) ** 2 / len(shown) / alone if alone > 0 else 1
    return Few(mean, cases, max(1.0, found), share)


def ends_apart(few: Sequence[Few], shown: Sequence[Sequence[Number]], t: float) -> tuple[float, float]:
    """Put the interval of a difference together from both sides, with their correlation over worlds."""
    most = max(each.clusters for each in few)
    one, other = (each._replace(clusters=most) if each.is_rare else each for each in few)
    varies = all(max(side) - min(side) > 1e-12 for side in shown)  # type: ignore[type-var, operator]
    r = correlation(*shown) if varies else 0.0  # type: ignore[arg-type]
    (a, b), (c, d), gap = one.ends(t), other.ends(t), one.mean - other.mean
    down, up = (one.mean - a, d - other.mean), (b - one.mean, other.mean - c)
    low, high = (sqrt(max(0.0, x * x + y * y - 2 * r * x * y)) for x, y in (down, up))
    return gap - low, gap + high


def spread(values: Iterable[Number]) -> list[Number]:
    held = [value for value in values if value is not None]
    if not held:
        return [None]
    if len(held) == 1:
        return [held[0]]
    if len(set(held)) == 1:
        return [held[0]]
    return [fmean(held), STUDENT[len(held)] * stdev(held) / sqrt(len(held))]


def bounded(found: list[Number], unit: str, gap: bool) -> list[Number]:
    """Give a mean and half its interval; its two ends in place of the half where what can be cuts one off."""
    if len(found) < 2 or found[0] is None or found[1] is None or unit.startswith("GBP"):
        return found
    share = unit in ("share", "from 0 to 1", "index")
    least = (-1.0 if share else -inf) if gap else 0.0
    low, high = max(least, found[0] - found[1]), min(1.0 if share else inf, found[0] + found[1])
    even = abs((high - found[0]) - (found[0] - low)) < 1e-12
    return found if even else [found[0], low, high]


def ends(found: Sequence[Number]) -> list[Number]:
    """Give low and high of a mean and half its interval."""
    if len(found) < 2 or found[0] is None or found[1] is None:
        return []
    return list(found[1:]) if len(found) == 3 else [found[0] - found[1], found[0] + found[1]]


def numbers(text: str) -> list[tuple[float, float]]:
    """Give the numbers of a text, each with half a unit of its last place; what is said of two is said once."""
    found = []
    whole = re.sub(r"([\d.]) (to|±) ([+−]?[\d.,]+) (points|hours)", r"\1 \4 \2 \3 \4", text)
    whole = re.sub(r"([\d.]) \(([^()]*points)\)", r"\1 points (\2)", whole)
    for sign, digits, unit in NUMBER.findall(whole):
        scale = {"": 1.0, "hours": 1 / 24}.get(unit, 0.01)
        places = len(digits.partition(".")[2])
        value = float(digits.replace(",", "")) * (-1 if sign in ("−", "-") else 1)
        found.append((value * scale, (0.5 * 10**-places) * scale + 1e-9))
    return found


def says(text: str, cell: Cell) -> bool:
    """Say whether a cell shows these words, or exactly these numbers as far as it shows places."""
    if isinstance(cell, str):
        return cell in text
    wanted = [value for value in cell if value is not None]
    if not wanted:
        return text in ANY
    shown = numbers(text)
    return len(shown) == len(wanted) and all(abs(a - b) <= reach for (a, reach), b in zip(shown, wanted))
