from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from legalaid_sim.errors import ResultsError
from legalaid_sim.events import DutyFell, Entitled, Log, MatterClosed, MatterOpened, Person
from legalaid_sim.evidence import register
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.run.recording import telling_matter
from legalaid_sim.experiments.run.running import run
from legalaid_sim.experiments.shared import plans
from legalaid_sim.reports.again import finished_again
from legalaid_sim.reports.receipts import (
    ExplainedMatter,
    _at_the_claim,
    _scenario,
    explain_matter,
    receipt_of,
)
from legalaid_sim.results import open_run
from tests.cli.shell import SMALL, small

CONTRACTS = ("standard-civil-contract-2010", "relational-pilot", "not-for-profit-hours-2004")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("receipts")
    text = SMALL.replace("2011-04-01", "2024-04-01").replace("lead_in_months: 1", "lead_in_months: 3")
    scenario = small(place, text)
    done = run(prepare(scenario, RunOptions(CONTRACTS, replications=1, workers=1, out=place / "out"))).folder
    with pytest.MonkeyPatch.context() as patch:
        # Hundreds of matters ask for the same three contracts, which stay as they were written.
        patch.setattr(plans, "read_written", cache(plans.read_written))
        yield done


@cache
def cases(folder: Path, regime: str) -> list[ExplainedMatter]:
    """Give every matter of a contract; what they are made of is read once, and nothing in them changes."""
    with open_run(folder) as opened:
        scenario = _scenario(opened)
        names = opened.reader.matters(regime, 1)
        return [
            ExplainedMatter(opened, regime, name, opened.reader.story(regime, 1, name), scenario)
            for name in names
        ]


@pytest.mark.parametrize("regime", CONTRACTS)
def test_receipts_agree_with_the_ledger_to_the_penny(folder: Path, regime: str) -> None:
    claimed = 0
    for case in cases(folder, regime):
        receipt = receipt_of(case)
        if receipt is None:
            continue
        claimed += 1
        lines, _ = _at_the_claim(case)
        held: Counter[str] = Counter()
        for line in lines:
            held[line.block] += line.pence
        assert +held == +Counter(receipt.by_block), case.matter
        assert -held == -Counter(receipt.by_block), case.matter
        assert receipt.earned == sum(line.pence for line in lines)
    assert claimed > 20


def test_a_story_holds_one_matter_and_nothing_else(folder: Path) -> None:
    with open_run(folder) as opened:
        log = opened.log(CONTRACTS[0])
        name = log.of(MatterClosed)[3].matter
        story = opened.reader.story(CONTRACTS[0], 1, name)
    assert {event.matter for event in story if hasattr(event, "matter")} <= {name, ""}
    assert story.of(Entitled) == [e for e in log.of(Entitled) if e.matter == name]
    assert list(story) == sorted(story, key=lambda event: event.at)


def test_a_matter_is_explained_under_every_contract(folder: Path) -> None:
    # Before the first day that counts everybody lives the baseline: what was opened since is a contract's own.
    since = {
        case.matter
        for case in cases(folder, CONTRACTS[1])
        if case.opened and case.day(case.opened.at) >= case.scenario.period.starts
    }
    held = (case for case in cases(folder, CONTRACTS[0]) if case.closed and case.story.of(Entitled))
    name = next(case.matter for case in held if case.matter in since)
    text = explain_matter(folder, name)
    for words in (
        f"standard-civil-contract-2010: matter {name}",
        f"relational-pilot: matter {name}",
        "seen by caseworker-0",
        "the ledger and the receipt agree to the penny",
        "Admin that the contract caused (minutes)",
        "standard_fee",
        "Did not apply:",
        "unpaid",
    ):
        assert words in text
    alone = explain_matter(folder, name, "relational-pilot")
    assert alone in text
    assert "standard-civil-contract" not in alone


@pytest.mark.parametrize("regime", CONTRACTS)
def test_admin_is_the_burden_of_the_receipt_or_the_text_says_why_it_is_not(folder: Path, regime: str) -> None:
    said, same = 0, 0
    with open_run(folder) as opened:
        log = opened.log(regime)
        need = {person.client: person.vulnerability for person in log.of(Person)}
        whose = {matter.matter: matter.client for matter in log.of(MatterOpened)}
    longer = register()["vulnerability.forms"].value.fixed or 0.0
    for case in cases(folder, regime):
        receipt = receipt_of(case)
        if receipt is None:
            continue
        took = Counter[str]()
        for duty in case.story.of(DutyFell):
            took[duty.clause] += duty.adviser_minutes + duty.admin_minutes
        both = {
            name: (took[name], receipt.burden_minutes[name])
            for name in took
            if name in receipt.burden_minutes
        }
        times = 1 + longer * (need[whose[case.matter]] - 0.5)
        assert all(found == pytest.approx(asked * times, abs=1.01) for found, asked in both.values()), (
            case.matter
        )
        text = explain_matter(folder, case.matter, regime)
        apart = [f"{name} {found} for {asked}" for name, (found, asked) in both.items() if found != asked]
        assert ("vulnerability.forms" in text) == bool(apart)
        assert all(words in text for words in apart)
        said, same = said + bool(apart), same + (not apart)
        if said > 5 and same:
            break
    assert said > 5


def test_the_matter_suggested_was_opened_and_closed_within_the_window(folder: Path) -> None:
    with open_run(folder) as opened:
        for regime in CONTRACTS:
            log = opened.log(regime)
            born = {matter.matter: matter.at for matter in log.of(MatterOpened)}
            ends = {matter.matter: matter.at for matter in log.of(MatterClosed)}
            name = telling_matter(log)
            assert log.window.opens <= born[name] <= ends[name] < log.window.closes
            # The text is that of this contract, and not of what was held before.
            assert f"under {regime}" in explain_matter(folder, name, regime)
        again = finished_again(folder).example
        assert again == {CONTRACTS[0]: telling_matter(opened.log(CONTRACTS[0]))}


def test_where_all_that_closed_was_opened_before_no_matter_is_suggested(folder: Path) -> None:
    with open_run(folder) as opened:
        log = opened.log(CONTRACTS[0])
        early = min(log.of(MatterClosed), key=lambda event: event.at).matter
        held = [event for event in log if getattr(event, "matter", early) == early]
        assert telling_matter(Log(log.window, held)) == ""


def test_a_matter_that_one_contract_turned_away_is_explained_too(folder: Path) -> None:
    opened = [{case.matter for case in cases(folder, regime)} for regime in CONTRACTS]
    somewhere, everywhere = set.union(*opened), set.intersection(*opened)
    only = sorted(somewhere - everywhere)
    assert only
    text = explain_matter(folder, only[0])
    assert "turned away on" in text or "was not opened under this contract" in text


def test_an_unknown_matter_is_guessed(folder: Path) -> None:
    known = cases(folder, CONTRACTS[0])[0].matter
    with pytest.raises(ResultsError, match=f"holds no matter '{known}x'. Did you mean {known}"):
        explain_matter(folder, f"{known}x")
    with pytest.raises(ResultsError, match=r"has no regime 'nobody'; it has standard-civil-contract-2010"):
        explain_matter(folder, known, "nobody")


def test_a_run_of_one_replication_keeps_only_its_first_log(folder: Path) -> None:
    known = cases(folder, CONTRACTS[0])[0].matter
    with pytest.raises(ResultsError, match=r"holds no run 2 of .*; it has 1$"):
        explain_matter(folder, known, replication=2)
