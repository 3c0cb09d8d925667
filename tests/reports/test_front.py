"""The front of a search, worked out again from the rows of its folder, and what each point changes in words."""

import json
import re
import sqlite3
from collections.abc import Mapping
from math import exp, fsum, lgamma, pi, sqrt
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import pytest

from legalaid_sim.events import Entitled, Log
from legalaid_sim.experiments.search.pareto import Goal, axis_text, read_axis
from legalaid_sim.experiments.search.proposals import Hunt
from legalaid_sim.experiments.search.searching import search
from legalaid_sim.experiments.shared.replicate import Pipeline
from legalaid_sim.experiments.sweep.job import SweepOptions
from legalaid_sim.reports.draw import WIDEST
from legalaid_sim.reports.figure import Figure
from legalaid_sim.reports.studies import figures_of, write_study
from tests.experiments import fakes, small, sweepers

FORM, RETURN = (
    "contract.duties.short_form.minutes.adviser",
    "contract.duties.quarterly_return.minutes.per_return",
)
GOALS = ("money.payer_spend", "admin.share")


PART = 10_000_000


def living(world, scenario, regime):  # type: ignore[no-untyped-def]
    """What is gained in money by short forms is lost in admin; long returns cost both. Two numbers in one sum."""
    duties = {duty.id: duty for duty in regime.terms[0].contract.duties}
    form = int(duties["short_form"].minutes.adviser)
    back = int(duties["quarterly_return"].minutes.per_return)
    spend = 1000 + 40 * form + back + world.seed % (3 + form % 4)
    admin = 4_000_000 - 60_000 * form + 500 * back + world.seed % 40_000 * (1 + form % 3)
    return sweepers.richer(fakes.simulate(world, scenario, regime), PART * spend + admin)


def measured(log: Log, asked: object = None) -> dict[str, float | None]:
    pence = log.of(Entitled)[0].pence
    return {GOALS[0]: float(pence // PART), GOALS[1]: pence % PART / PART}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("optuna")
    place = tmp_path_factory.mktemp("front")
    vary = (read_axis(f"{FORM}=2,4,9,20"), read_axis(f"{RETURN}=30,120,300"))
    hunt = Hunt("relational-pilot", vary, (Goal("min", GOALS[0]), Goal("min", GOALS[1])), 12, 2, fresh=5)
    pipeline = Pipeline(fakes.sample, living, fakes.hold, measured)
    search(small.scenario(place), hunt, SweepOptions(workers=1, out=place / "out"), pipeline=lambda: pipeline)
    return place / "out"


@pytest.fixture(scope="module")
def data(folder: Path) -> Mapping[str, Any]:
    return dict(json.loads((folder / "search.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def figure(data: Mapping[str, Any]) -> Figure:
    (found,) = figures_of(data)
    return found


def student(level: float, freedom: int) -> float:
    """The t that leaves (1 - level) / 2 above it, by adding up the density and halving."""
    scale = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * pi)

    def below(t: float, steps: int = 2000) -> float:
        width = t / steps
        density = [(1 + (at * width) ** 2 / freedom) ** (-(freedom + 1) / 2) for at in range(steps + 1)]
        return 0.5 + scale * width * (fsum(density) - (density[0] + density[-1]) / 2)

    low, high = 0.0, 200.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < (1 + level) / 2 else (low, middle)
    return low


def gains(
    folder: Path, data: Mapping[str, Any]
) -> dict[tuple[Any, ...], dict[str, tuple[float, float, float]]]:
    """Every point's gain in every goal with its interval, from rows and the contract as it is, world by world."""
    points = [tuple(each["values"].values()) for each in (*data["choices"], *data["dropped"])]
    level = 1 - 0.05 / (len(points) * len(GOALS))
    found: dict[tuple[Any, ...], dict[str, tuple[float, float, float]]] = {}
    with sqlite3.connect(folder / "sweep.sqlite") as rows:
        for point in points:
            for goal in GOALS:
                query = f'SELECT replication, "{goal}" FROM runs WHERE "{FORM}" = ? AND "{RETURN}" = ?'
                query += " AND replication > 2"
                usual = data["as_it_is"]["by_world"][goal]
                apart = [value - usual[str(world)] for world, value in rows.execute(query, point)]
                assert len(apart) == 5
                reach = student(level, 4) * stdev(apart) / sqrt(5)
                found.setdefault(point, {})[goal] = fmean(apart), fmean(apart) - reach, fmean(apart) + reach
    return found


def test_gains_are_what_the_rows_say(folder: Path, data: Mapping[str, Any]) -> None:
    wanted = gains(folder, data)
    assert len(wanted) > 2
    assert data["choices"]
    for each in (*data["choices"], *data["dropped"]):
        for goal in GOALS:
            told = each["gains"][goal]["fresh"]
            assert (told["mean"], told["low"], told["high"]) == pytest.approx(
                wanted[tuple(each["values"].values())][goal], rel=1e-5, abs=1e-9
            )


def test_every_point_is_drawn_where_its_gains_are(
    folder: Path, data: Mapping[str, Any], figure: Figure
) -> None:
    """Two points fix the scales; the others, and all ends of intervals, must then lie where they should."""
    wanted = gains(folder, data)
    points = [wanted[tuple(each["values"].values())] for each in (*data["choices"], *data["dropped"])]
    body = figure.panels[0].drawing.body
    *dots, origin = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', body)
    drawn = [(float(x), float(y)) for x, y in dots]
    assert len(drawn) == len(points)
    assert figure.panels[0].drawing.width == WIDEST
    for place, goal in enumerate(GOALS):
        means = [point[goal][0] for point in points]
        zero, far = float(origin[place]), max(range(len(means)), key=lambda at: abs(means[at]))
        scale = (drawn[far][place] - zero) / means[far]
        for mean, spot in zip(means, drawn):
            assert spot[place] == pytest.approx(zero + scale * mean, abs=0.3)
        for point, spot in zip(points, drawn):
            for end in point[goal][1:]:
                at = zero + scale * end
                shape = re.findall(r'<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)"', body)
                ends = [(float(line[place]), float(line[1 - place])) for line in shape]
                ends += [(float(line[2 + place]), float(line[3 - place])) for line in shape]
                assert any(abs(a - at) < 0.3 and abs(b - spot[1 - place]) < 0.3 for a, b in ends), (goal, end)


def test_numbers_in_words_are_those_of_the_rows(
    folder: Path, data: Mapping[str, Any], figure: Figure
) -> None:
    wanted = gains(folder, data)
    spend = next(panel for panel in figure.panels if panel.heading == "payer's spending, in cash")
    for each, said in zip((*data["choices"], *data["dropped"]), spend.label.partition(": ")[2].split("; ")):
        numbers = [
            float(n.replace("−", "-").replace(",", "")) for n in re.findall(r"[+−]?\d[\d,.]*(?=[ )]|$)", said)
        ]
        mean, low, high = wanted[tuple(each["values"].values())][GOALS[0]]
        assert numbers[-3:] == pytest.approx([mean, low, high], abs=0.6)


def test_each_point_says_what_it_changes_in_the_words_of_the_contract(
    data: Mapping[str, Any], figure: Figure
) -> None:
    held = (*data["choices"], *data["dropped"])
    assert len(figure.words) == len(held)
    for (name, lines), each in zip(figure.words, held):
        form, back = each["values"].values()
        assert name == ("dropped" + name[7:] if each["why_dropped"] else Path(each["file"]).stem)
        first, second = lines[:2]
        assert first.startswith(
            "One short form, who the client is and that help was agreed, minutes adviser: "
        )
        if form == 4:
            assert first.endswith(": 4, as it is")
        else:
            assert f": {form}, where it is 4 (“When a matter is opened: {form} minutes of an adviser" in first
        assert second.startswith(
            "A page a quarter, people seen, by whom, and what was achieved, minutes per return: "
        )
        assert second.endswith(", as it is") if back == 120 else f"{back} minutes of admin for each" in second
        assert all("." not in line.partition(":")[0] for line in lines)
        assert bool(each["why_dropped"]) == lines[-1].startswith("Dropped: ")


def test_the_page_says_first_what_was_found(folder: Path, data: Mapping[str, Any]) -> None:
    page = write_study(folder / "page.html", data).read_text(encoding="utf-8")
    title = re.search(r"<h1><bdi>(.*?)</bdi></h1>", page)
    assert title
    kept = len(data["choices"])
    assert title[1].startswith(
        f"{kept} set" if kept else "No terms tried are told to better Relational pilot"
    )
    assert "relational-pilot" not in re.sub(
        r'href="data:[^"]*"', "", page.partition('<section id="trail"')[0]
    )


@pytest.mark.parametrize(
    "text", ["a.b=1..2", "a.b=0.00001..2000000:3", "a.b=x,y", "a.b=1,2.5,true", "assumptions.a.b=1..3"]
)
def test_what_is_varied_is_read_again_as_it_was_written(text: str) -> None:
    axis = read_axis(text)
    assert read_axis(axis_text(axis)) == axis


def test_the_quantile_is_that_of_the_tables() -> None:
    assert student(0.95, 4) == pytest.approx(2.7764451052, abs=1e-4)
