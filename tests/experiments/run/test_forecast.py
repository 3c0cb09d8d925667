"""The forecast on paper held against lives lived, and the starter against what it says of itself."""

from pathlib import Path

import pytest

from legalaid_sim.authoring.checking import check_file
from legalaid_sim.experiments.run.forecast import forecast
from legalaid_sim.experiments.run.job import Job, RunOptions, prepare
from legalaid_sim.experiments.shared.replicate import Trial
from legalaid_sim.experiments.shared.statistics import mean_of
from legalaid_sim.starting import starter

SCENARIOS = Path(__file__).parents[3] / "scenarios"


def mean(job: Job, worlds: int) -> dict[str, float]:
    """Means over worlds of the baseline's measures."""
    trial = Trial(job.scenario, job.plans[:1], "none")
    lived = [trial(number).lived[job.plans[0].name].measures for number in range(1, worlds + 1)]
    return {name: mean_of([each[name] or 0.0 for each in lived]) for name in lived[0]}


def test_the_starter_is_busy_and_breaks_even_under_its_baseline(tmp_path: Path) -> None:
    path = tmp_path / "starter.yaml"
    path.write_text(starter(), encoding="utf-8")
    job = prepare(path, RunOptions())
    found = mean(job, job.rule.at_least)
    assert 0.05 <= found["time.idle_share"] <= 0.15
    income = found["money.earned"] + found["money.other_income"]
    assert income == pytest.approx(found["money.cost"], rel=0.05)
    assert found["money.months_below_zero"] == 0
    assert codes_of(path) == []
    # The paper agrees with the life: two routes to how busy it is and what comes in.
    told = forecast(job.scenario, job.plans[0])
    assert told.busy == pytest.approx(1 - found["time.idle_share"], abs=0.1)
    assert told.income == pytest.approx(income, rel=0.1)
    assert told.cost == pytest.approx(found["money.cost"], rel=0.02)


@pytest.mark.long
@pytest.mark.parametrize(
    "name", ["canning-town-2008", "hours-to-fees", "rural-law-centre", "advice-centre-2008", "housing-2025"]
)
def test_the_forecast_is_right_to_about_a_tenth(name: str) -> None:
    job = prepare(SCENARIOS / f"{name}.yaml", RunOptions())
    told, found = forecast(job.scenario, job.plans[0]), mean(job, 2)
    years = job.scenario.period.months / 12
    assert told.busy == pytest.approx(1 - found["time.idle_share"], abs=0.12)
    income = (found["money.earned"] + found["money.other_income"]) / years
    assert told.income == pytest.approx(income, rel=0.2)
    assert told.cost == pytest.approx(found["money.cost"] / years, rel=0.05)


def noted(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    return codes_of(path)


def codes_of(path: Path) -> list[str]:
    """What is found of the scenario itself; what its contracts wait for in vain is theirs."""
    theirs = ("CR075", "CR078")
    return [problem.code for problem in check_file(str(path)).problems if problem.code not in theirs]


def test_the_first_starter_would_have_been_noted_as_idle_and_poor(tmp_path: Path) -> None:
    poor = starter().replace("other_income: 33500", "other_income: 0").replace("number: 2", "number: 3")
    assert noted(tmp_path / "a.yaml", poor) == ["CV165", "CV166"]


def test_more_people_never_idle_more_and_more_income_is_never_noted(tmp_path: Path) -> None:
    quiet = starter().replace("per_week: 7", "per_week: 2")
    assert "CV165" in noted(tmp_path / "a.yaml", quiet)
    rich = quiet.replace("other_income: 33500", "other_income: 900000")
    assert noted(tmp_path / "b.yaml", rich) == ["CV165"]
    busy = [
        forecast(job.scenario, job.plans[0]).busy
        for rate in (1, 4, 7, 20, 80)
        for job in [_prepared(tmp_path, starter().replace("per_week: 7", f"per_week: {rate}"))]
    ]
    assert busy == sorted(busy)
    assert busy[-1] == 1.0


def _prepared(folder: Path, text: str) -> Job:
    path = folder / "rate.yaml"
    path.write_text(text, encoding="utf-8")
    return prepare(path, RunOptions())


def test_time_out_and_sessions_are_hours_that_nobody_else_has(tmp_path: Path) -> None:
    out = starter().replace("fee_code: DEBT", "fee_code: DEBT, work: {travel: 60}")
    desk = starter().replace(
        "  region: elsewhere ", "  sessions: {court: {days: [tue], minutes: 240}}\n  region: elsewhere "
    )
    plain, *busier = (
        forecast(job.scenario, job.plans[0])
        for job in (_prepared(tmp_path, text) for text in (starter(), out, desk))
    )
    assert all(told.busy > plain.busy for told in busier)


def test_who_may_close_posts_is_not_told_what_a_first_year_brings(tmp_path: Path) -> None:
    closing = starter().replace("other_income: 33500", "may_shrink: true\n  other_income: 0")
    assert noted(tmp_path / "a.yaml", closing) == []
