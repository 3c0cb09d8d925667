import re
from datetime import timedelta

import pytest

from legalaid_sim.errors import ResultsError
from legalaid_sim.events import Aftermath, Contact, Entitled, Log, Outcome, TurnedAway
from legalaid_sim.reports.journeys import all_stories, as_text, story, tellings
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.touched import NO_GAIN, Touched, gain, picked, touched_of
from legalaid_sim.results import open_run
from legalaid_sim.units import MINUTES_PER_DAY, pounds
from tests.reports.made import run_folder


@pytest.fixture(scope="module")
def material():  # type: ignore[no-untyped-def]
    with open_run(run_folder()) as run:
        yield Material(run)


def life(passed: int = 0, days: int | None = 1, refused: int = 0, pence: int = 0) -> Touched:
    return Touched(refused, passed, 0, days, 60, pence)


def test_the_telling_lives_are_the_ends_the_middle_and_the_most_vulnerable() -> None:
    theirs = {f"c{n}": life(3) for n in range(10)}
    frailty = {f"c{n}": n / 10 for n in range(10)}
    ours = {f"c{n}": life(passed) for n, passed in enumerate([4, 2, 2, 2, 2, 2, 2, 0, 2, 1])}
    assert picked(ours, theirs, frailty) == [
        ("largest gain", "c7"),
        ("largest loss", "c0"),
        ("the middle", "c5"),
        ("the middle of the most vulnerable fifth", "c9"),
    ]


def test_nobody_gains_or_loses_by_a_contract_that_changes_nothing() -> None:
    alone = {f"c{n}": life() for n in range(5)}
    (only,) = picked(alone, alone, dict.fromkeys(alone, 0.5))
    assert only == ("touched by nothing in the contract, as everybody", "c2")
    unseen = {"c1": life(days=None)}
    assert picked(unseen, unseen, {"c1": 0.5}) == []
    paid = {name: each._replace(pence=100) for name, each in alone.items()}
    whys = [why for why, _ in picked(paid, alone, dict.fromkeys(alone, 0.5))]
    assert whys
    assert not any("gain" in why or "loss" in why for why in whys), "pay alone is neither"


def test_being_seen_counts_before_refusals_and_these_before_hand_overs() -> None:
    assert gain(life(9, 90, 5), life(days=None)) > gain(life(), life(9, 90, 5))
    assert gain(life(9), life(0, refused=1)) > gain(life(0), life(9))
    assert gain(life(0, 90), life(1, 1)) > gain(life(1, 1), life(1, 90))
    assert gain(life(days=None), life(days=None)) == NO_GAIN


def test_what_chance_decides_after_the_advice_chooses_nobody(material) -> None:  # type: ignore[no-untyped-def]
    log = material.run.log(material.ordered[0])
    turned = Log(log.window, [
        each._replace(resolved=not each.resolved) if isinstance(each, Outcome)
        else each._replace(acted=not each.acted) if isinstance(each, Aftermath) else each
        for each in log
    ])  # fmt: skip
    assert touched_of(turned) == touched_of(log)
    marked = [
        moment.text
        for client in material.run.reader.clients(material.ordered[0], 1)[:40]
        for moment in story(material, material.ordered[0], client).moments
        if ("resolved" in moment.text and "still unresolved" not in moment.text)
        or "what was agreed" in moment.text
    ]
    assert marked
    assert all("by chance" in text for text in marked)


def test_every_contact_is_told_and_none_that_was_not(material) -> None:  # type: ignore[no-untyped-def]
    begins = material.scenario.period.begins
    for regime in material.ordered:
        log = material.run.log(regime)
        for client in material.run.reader.clients(regime, 1)[:25]:
            contacts = [each for each in log.of(Contact) if each.client == client]
            told = [
                moment for moment in story(material, regime, client).moments if " meets " in f" {moment.text}"
            ]
            assert len(told) == len(contacts)
            for moment, contact in zip(told, contacts):
                assert moment.day == begins + timedelta(days=contact.at // MINUTES_PER_DAY)
                assert contact.adviser in moment.text
                assert ("known already" in moment.text) == contact.known


def test_what_is_told_as_earned_is_what_the_ledger_says(material) -> None:  # type: ignore[no-untyped-def]
    for regime in material.ordered:
        earned: dict[str, int] = {}
        for line in material.run.log(regime).of(Entitled):
            earned[line.matter.partition(".")[0]] = earned.get(line.matter.partition(".")[0], 0) + line.pence
        for client in material.run.reader.clients(regime, 1)[:25]:
            facts = dict(story(material, regime, client).facts)
            assert facts["earned by the agency"] == f"£{pounds(earned.get(client, 0)):,}"


def test_a_refusal_is_told_with_its_reason_in_words(material) -> None:  # type: ignore[no-untyped-def]
    regime = material.ordered[0]
    refusals = material.run.log(regime).of(TurnedAway)
    for refusal in refusals[:5]:
        texts = [moment.text for moment in story(material, regime, refusal.client).moments]
        assert any(text.startswith("is turned away by") for text in texts)


def test_the_report_tells_lives_under_two_contracts(material) -> None:  # type: ignore[no-untyped-def]
    found = tellings(material)
    assert 1 <= len(found) <= 4
    for telling in found:
        assert [each.regime for each in telling.stories] == list(material.ordered)
        assert any(each.moments for each in telling.stories)


def test_stories_stand_side_by_side_where_there_is_room(material) -> None:  # type: ignore[no-untyped-def]
    client = material.run.reader.clients(material.baseline, 1)[0]
    stories = all_stories(material, client)
    wide, narrow = as_text(stories, 160), as_text(stories, 60)
    assert " │ " in wide
    assert " │ " not in narrow
    for shown, width in ((wide, 160), (narrow, 60)):
        assert max(map(len, shown.splitlines())) <= width
    assert re.search(r"What was paid, and why", narrow)


def test_an_unknown_client_is_refused_with_the_nearest(material) -> None:  # type: ignore[no-untyped-def]
    client = material.run.reader.clients(material.baseline, 1)[0]
    with pytest.raises(ResultsError, match=rf"knows no client '{client}x' .*Did you mean .*{client}"):
        all_stories(material, f"{client}x")
