import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.experiments.run.running import Finished
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import HEADLINES, REGISTRY
from legalaid_sim.reports.columns import wrapped
from legalaid_sim.reports.console import ProgressBar, as_object, render_run, render_table
from legalaid_sim.reports.numbers import number, places, spread

CERTAIN = Estimate(0.5, 0.45, 0.55, 10)
NOTHING = Estimate(None, None, None, 0)
ALONE = Estimate(0.5, None, None, 1)


def finished(*regimes: str, found: Estimate = CERTAIN, matter: str = "c1.p1.m1") -> Finished:
    manifest = {
        "scenario": {"title": "A title", "name": "s"},
        "replications": 10,
        "regimes": dict.fromkeys(regimes),
        "seed": 0,
        "digests": {},
    }
    means = {regime: dict.fromkeys(REGISTRY, found) for regime in regimes}
    return Finished(Path("/elsewhere/run"), manifest, means, {regimes[0]: matter})


def test_a_table_shows_every_headline_with_mean_half_width_unit_and_direction() -> None:
    text = render_run(finished("fixed"), 100)
    for measure in HEADLINES:
        assert measure.name in text
    assert "50.0% ± 5.0%" in text
    assert "↓ admin.share" in text
    assert "10 worlds; mean ± half the 95 % interval" in text
    assert text.endswith("next: legalaid-sim explain /elsewhere/run --matter c1.p1.m1")


@pytest.mark.parametrize(("found", "shown"), [(NOTHING, "–"), (ALONE, "50.0%")])
def test_what_is_undefined_is_a_dash_and_one_world_has_no_interval(found: Estimate, shown: str) -> None:
    rows = render_run(finished("fixed", found=found), 100).splitlines()
    row = next(row for row in rows if "continuity.coc" in row)
    assert row.split()[-1] == shown


def test_a_run_that_closed_no_matter_has_no_next_step() -> None:
    assert "next:" not in render_run(finished("fixed", matter=""), 100)


def test_regimes_go_below_one_another_where_the_width_is_used_up() -> None:
    names = [f"contract-{n}" for n in range(6)]
    text = render_table(HEADLINES, finished(*names).estimates, 100)
    assert max(map(len, text.splitlines())) <= 100
    assert text.count("continuity.coc") > 1
    for name in names:
        assert text.count(name) == 1


def test_a_narrow_terminal_gets_no_units_but_every_number() -> None:
    text = render_table(HEADLINES, finished("fixed").estimates, 56)
    assert max(map(len, text.splitlines())) <= 56
    assert "minutes per matter" not in text
    assert text.count("50.0% ± 5.0%") > 5


def test_long_names_are_broken_not_cut() -> None:
    name = "a-contract-with-a-very-long-name-that-goes-on-and-on-and-on"
    text = render_table(HEADLINES, finished(name, "b").estimates, 90)
    heads = [line.split()[0] for line in text.splitlines()[:8] if line.startswith(" " * 40) and line.split()]
    assert "".join(part for part in heads if part != "b") == name


@given(st.text(min_size=1, max_size=300), st.integers(40, 200))
def test_hostile_names_cannot_move_the_cursor(name: str, width: int) -> None:
    text = render_table(HEADLINES, finished(name).estimates, width)
    assert all(letter.isprintable() for line in text.split("\n") for letter in line)


def test_json_has_null_where_nothing_is_defined() -> None:
    told = json.loads(as_object(finished("a", "b", found=NOTHING)))
    assert told["measures"]["continuity.coc"] == {"mean": None, "low": None, "high": None, "n": 0}
    assert list(told["contracts"]) == ["a", "b"]


def test_numbers_have_the_places_of_their_unit() -> None:
    shown = [number(0.12345, "share"), number(-1234.5, "GBP"), number(7.46, "days"), number(123.4, "minutes")]
    assert shown == ["12.3%", "−1,234", "7.5", "123"]


@given(
    st.floats(-1e6, 1e6), st.floats(0, 1e5), st.sampled_from(sorted({each.unit for each in REGISTRY.values()})),
    st.booleans(),
)  # fmt: skip
def test_no_nought_is_below_nought_and_both_sides_go_as_far(
    mean: float, half: float, unit: str, sign: bool
) -> None:
    found = Estimate(mean, mean - half, mean + half, 5)
    half, shown = found.half_width or 0.0, spread(found, unit, sign)
    left, right = shown.removesuffix(" points").split(" ± ")
    digits = [part.strip("+−%").replace(",", "") for part in (left, right)]
    assert len({len(part.partition(".")[2]) for part in digits}) == 1, "as many places on both sides"
    assert ("−" in left) == (mean < 0 and float(digits[0]) > 0)
    scale = 100 if unit == "share" else 1
    reach = 0.5 * 10 ** -places(mean * scale, unit, half * scale) * (1 + 1e-9) + 1e-9
    assert abs(float(digits[0]) - abs(mean) * scale) <= reach


def test_no_bar_where_standard_error_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar() as bar:
        bar.show(1, 2)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("width", range(40, 100))
def test_a_name_is_never_parted_at_a_hyphen(width: int) -> None:
    text = (
        "The payer comes to owe more under relational-pilot than under unified-contract-2007 in six months."
    )
    lines = wrapped(text, width).splitlines()
    assert len(lines) > 1 or width >= len(text)
    assert " ".join(lines) == text
