"""Who is best: the order, what is beaten held against Student's t worked out here, nothing beaten by chance."""

import re
from math import sqrt
from statistics import fmean, stdev

import pytest

from legalaid_sim.experiments.shared.statistics import two_sided_p
from legalaid_sim.reports.figures import differences
from legalaid_sim.reports.finding import label_of
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.numbers import range_shown
from legalaid_sim.reports.standings import BEATEN, BEST, MAY_BE, standing, standings
from legalaid_sim.results import open_run
from tests.reports.made import compare_folder, eight_folder


@pytest.fixture(scope="module")
def material():  # type: ignore[no-untyped-def]
    with open_run(eight_folder()) as run:
        yield Material(run)


def planted(material: Material, name: str, values: dict[str, list[float]]) -> Material:
    """The same run with what a measure was in each world put in its place."""
    copy = Material(material.run)
    copy.__dict__["series"] = {
        regime: [{**world, name: value} for world, value in zip(worlds, values[regime], strict=True)]
        for regime, worlds in material.series.items()
    }
    return copy


def test_contracts_stand_in_order_and_are_beaten_as_paired_tests_have_it(material) -> None:  # type: ignore[no-untyped-def]
    name = "admin.share"
    found = standing(material, name)
    means = [material.means[row.regime][name].mean for row in found.rows]
    assert means == sorted(means)  # less admin is better
    held = {regime: [world[name] for world in worlds] for regime, worlds in material.series.items()}
    worlds = list(zip(*held.values(), strict=True))
    for row in found.rows:
        assert row.won == sum(value == min(each) for value, each in zip(held[row.regime], worlds))
    # Without Holm's steps: whoever is beaten by Bonferroni over all ordered pairs is beaten, and nobody above 5 %.
    count = len(held) * (len(held) - 1)
    for row in found.rows:
        gaps = [
            [a - b for a, b in zip(held[row.regime], held[other])] for other in held if other != row.regime
        ]
        chances = [
            two_sided_p(fmean(each) / (stdev(each) / sqrt(len(each))), len(each) - 1)
            if fmean(each) > 0
            else 1.0
            for each in gaps
        ]
        assert row.by is not None or min(chances) * count > 0.05
        assert row.by is None or min(chances) <= 0.05
    beaten = [row.by is not None for row in found.rows]
    assert True in beaten, "a planted scenario in which nobody is beaten shows nothing"
    assert not beaten[0]


def test_a_planted_best_is_found_and_worlds_that_only_vary_beat_nobody(material) -> None:  # type: ignore[no-untyped-def]
    name, regimes = "continuity.coc", list(material.ordered)
    luck = [0.50 + 0.01 * (n * 7 % 12) for n in range(12)]
    better = {regime: [v + (0.2 if regime == regimes[3] else 0.001 * (n * place % 5)) for n, v in enumerate(luck)]
              for place, regime in enumerate(regimes)}  # fmt: skip
    found = standing(planted(material, name, better), name)
    assert [row.said for row in found.rows] == [BEST, *[BEATEN] * 7]
    assert (found.rows[0].regime, found.rows[0].won) == (regimes[3], 12)
    assert {row.by for row in found.rows[1:]} == {regimes[3]}
    turned = {regime: luck[at:] + luck[:at] for at, regime in enumerate(regimes)}
    assert {row.said for row in standing(planted(material, name, turned), name).rows} == {MAY_BE}


def test_the_figure_says_of_each_how_it_stands_and_what_best_was_asked(material) -> None:  # type: ignore[no-untyped-def]
    figure = standings(material)
    assert figure is not None
    assert len(figure.finding.split()) <= 20
    assert [row[0] for row in figure.table.rows[::8]] == [label_of(name) for name in figure.measures]
    for row in figure.table.rows:
        assert re.fullmatch(r"\d+ of 12 worlds", row[3])
        assert row[4] in (BEST, MAY_BE) or row[4].startswith("beaten by ")
    assert "--best asked by “time on admin”" in figure.note


def test_two_contracts_have_no_best_beside_their_difference() -> None:
    with open_run(compare_folder()) as run:
        assert standings(Material(run)) is None


def test_every_cell_of_the_grid_is_the_difference_with_its_interval_and_verdict(material) -> None:  # type: ignore[no-untyped-def]
    figure = differences(material)
    assert figure is not None
    (panel,) = figure.panels
    words = re.findall(r">([^<]+)</text>", panel.drawing.body)
    told = {
        "cannot tell": "cannot tell",
        "no difference that matters": "too small",
        "never seen to differ": "never differs",
    }
    for contrast in material.contrasts:
        gap = contrast.paired.difference
        if gap.low is None:
            continue
        ends = range_shown(gap, contrast.unit, sign=True)
        at = [place for place, each in enumerate(words) if each == ends]
        said = [words[place - 1] for place in at]
        word = told.get(contrast.verdict, contrast.verdict)
        assert any(each.endswith(word) for each in said), (contrast.measure, contrast.contract, said)
    assert panel.narrow is not None
    assert panel.narrow.width <= 345
