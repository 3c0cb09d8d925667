"""Six answers make a scenario that reads, that answers, and that says of itself what is so."""

from pathlib import Path

import pytest

from legalaid_sim.authoring.checking import check_text
from legalaid_sim.contracts.language.load import library_names
from legalaid_sim.errors import ERROR
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.shared.replicate import Trial
from legalaid_sim.experiments.shared.statistics import mean_of
from legalaid_sim.starting.asking import (
    LEAST_BUSY,
    MOST_BUSY,
    QUESTIONS,
    Answers,
    Question,
    faults,
    interviewed,
    outcome,
    scenario_of,
)
from legalaid_sim.starting.template import STARTER, starter
from tests.cli.shell import line, run

DEFAULT = Answers()


def errors_of(text: str, place: Path) -> list[str]:
    return [problem.message for problem in check_text(text, str(place)).problems if problem.severity == ERROR]


@pytest.mark.parametrize(
    "answers",
    [
        DEFAULT,
        DEFAULT._replace(region="london", advisers="12", problems="debt"),
        DEFAULT._replace(advisers="1 x 7"),
        DEFAULT._replace(now="not-for-profit-hours-2004", against="unified-contract-2007"),
        DEFAULT._replace(now="civil-scheme", against="telephone-gateway", problems="housing 7, debt 3"),
        DEFAULT._replace(now="core-and-case", against="core-and-case"),
    ],
    ids=str,
)
def test_where_people_are_not_said_advisers_are_busy_and_the_agency_breaks_even(
    answers: Answers, tmp_path: Path
) -> None:
    from legalaid_sim.experiments.run.forecast import forecast

    place = tmp_path / "a.yaml"
    made = scenario_of(answers, place)
    assert errors_of(made.text, place) == []
    assert LEAST_BUSY <= made.busy <= MOST_BUSY
    assert made.better is None
    place.write_text(made.text, encoding="utf-8")
    job = prepare(place, RunOptions())
    told = forecast(job.scenario, job.plans[0])
    assert told.busy == pytest.approx(made.busy)
    spent = told.income - told.cost
    assert spent >= -300 if made.spare else abs(spent) <= 300
    assert (STARTER["covers"] in made.text) is not made.spare
    assert "CV166" not in [problem.code for problem in check_text(made.text, str(place)).problems]


@pytest.mark.parametrize(
    "answers",
    [DEFAULT, DEFAULT._replace(advisers="3 x 35", problems="housing 7, debt 3", now="civil-scheme")],
    ids=str,
)
def test_a_life_lived_is_busy_nine_tenths_of_the_time_and_breaks_even(
    answers: Answers, tmp_path: Path
) -> None:
    place = tmp_path / "a.yaml"
    place.write_text(scenario_of(answers, place).text, encoding="utf-8")
    job = prepare(place, RunOptions())
    trial = Trial(job.scenario, job.plans[:1], "none")
    lived = [trial(number).lived[job.plans[0].name].measures for number in range(1, 4)]
    assert 0.05 <= mean_of([each["time.idle_share"] or 0.0 for each in lived]) <= 0.15
    income = mean_of([(each["money.earned"] or 0) + (each["money.other_income"] or 0) for each in lived])
    assert income == pytest.approx(mean_of([each["money.cost"] or 0.0 for each in lived]), rel=0.1)


def test_answers_that_leave_advisers_idle_or_drowned_are_told_with_what_would_not(tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    idle = scenario_of(DEFAULT._replace(per_week="2"), place)
    assert idle.busy < LEAST_BUSY
    assert "nobody waits" in outcome(idle)
    assert STARTER["busy"] not in idle.text
    assert "arrivals: {per_week: 2}" in idle.text
    drowned = scenario_of(DEFAULT._replace(per_week="40"), place)
    assert drowned.busy > MOST_BUSY
    assert "goes undone" in outcome(drowned)
    for made in (idle, drowned):
        assert made.better is not None
        better = scenario_of(DEFAULT._replace(per_week=f"{made.better:g}"), place)
        assert better.better is None
        assert f"{made.better:g} a week would make it nine tenths" in outcome(made)


WRONG = {
    "region": ("paris", "london"),
    "advisers": ("two x 35", "'two'"),
    "per_week": ("lots", "'lots'"),
    "problems": ("dept 3", "Did you mean 'debt'?"),
    "now": ("unified-contract-2008", "Did you mean 'unified-contract-2007'?"),
    "against": ("relational-pilto", "Did you mean 'relational-pilot'?"),
}


@pytest.mark.parametrize("field", WRONG)
def test_an_answer_is_refused_in_the_readers_words_and_asked_for_again(field: str, tmp_path: Path) -> None:
    typed, words = WRONG[field]
    asked, told = [], []
    wrong = iter([typed])

    def ask(question: Question, default: str) -> str:
        asked.append(question.field)
        return next(wrong, default) if question.field == field else default

    assert interviewed(ask, told.append, tmp_path / "a.yaml") == DEFAULT
    assert words in " ".join(told)
    assert asked.count(field) == 2
    assert list(dict.fromkeys(asked)) == [each.field for each in QUESTIONS] == list(Answers._fields)


NASTY = (
    "",
    "{a: b}",
    "[1",
    "0",
    "-1",
    "1e9",
    "x x x",
    "debt 0",
    "# no",
    "'",
    '"',
    "a: b",
    "\t",
    "99999999",
    "$title",
)


@pytest.mark.parametrize("field", Answers._fields)
def test_nothing_that_is_typed_breaks_the_questions(field: str, tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    for typed in NASTY:
        answers = DEFAULT._replace(**{field: typed})
        told = faults(answers, place)
        assert all(told)
        if not told:
            assert errors_of(scenario_of(answers, place).text, place) == [], typed


def test_every_contract_of_the_library_can_be_answered_or_is_refused_in_words(tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    taken = [
        name
        for name in library_names()
        if not faults(DEFAULT._replace(against=name, problems="housing"), place)
    ]
    assert len(taken) > len(library_names()) / 2
    for name in taken[::4]:
        made = scenario_of(DEFAULT._replace(against=name, problems="housing"), place)
        assert errors_of(made.text, place) == []


def test_typed_at_the_terminal(tmp_path: Path) -> None:
    import subprocess

    from tests.cli.shell import environment

    typed = "london\n3 x 35\n\nhousing 2, debt\ncivil-scheem\ncivil-scheme\n\n"
    done = subprocess.run(
        line("init", "mine.yaml", "--ask"), input=typed, cwd=tmp_path, env=environment(), capture_output=True,
        text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "there is no contract 'civil-scheem'. Did you mean 'civil-scheme'?" in done.stdout
    assert "advisers are busy nine tenths of their time" in done.stdout
    assert run("check", "mine.yaml", cwd=tmp_path).returncode == 0
    text = (tmp_path / "mine.yaml").read_text()
    assert "debt: {share: 1, fee_code: DEBT}" in text
    ended = subprocess.run(
        line("init", "other.yaml", "--ask"), input="london\n", cwd=tmp_path, env=environment(),
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert ended.returncode == 130
    assert "nothing was written" in ended.stderr
    assert not (tmp_path / "other.yaml").exists()


def test_the_starter_is_the_template_as_it_was() -> None:
    assert "$" not in starter()
    assert "contracts: [unified-contract-2007, relational-pilot]" in starter()
