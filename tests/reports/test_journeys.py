import re
from datetime import timedelta
from math import inf

import pytest

from legalaid_sim.errors import ResultsError
from legalaid_sim.events import Contact, Entitled, TurnedAway
from legalaid_sim.experiments.pairing import Life
from legalaid_sim.reports.journeys import all_stories, as_text, gain, picked, story, tellings
from legalaid_sim.reports.material import Material
from legalaid_sim.results import open_run
from legalaid_sim.units import MINUTES_PER_DAY, pounds
from tests.reports.made import run_folder


@pytest.fixture(scope="module")
def material():  # type: ignore[no-untyped-def]
    with open_run(run_folder()) as run:
        yield Material(run)


def life(resolved: int = 0, days: float = 1.0, coc: float | None = None, vulnerability: float = 0.5) -> Life:
    return Life(0.5, vulnerability, resolved, days, coc, 0)


def test_the_telling_lives_are_the_ends_the_middle_and_the_most_vulnerable() -> None:
    theirs = {f"c{n}": life(1, vulnerability=n / 10) for n in range(10)}
    ours = {f"c{n}": life(resolved) for n, resolved in enumerate([0, 1, 1, 1, 1, 1, 1, 3, 1, 2])}
    assert picked(ours, theirs) == [
        ("largest gain", "c7"),
        ("largest loss", "c0"),
        ("the middle", "c5"),
        ("the middle of the most vulnerable fifth", "c9"),
    ]


def test_nobody_is_told_of_twice_and_nobody_who_met_no_adviser() -> None:
    alone = {"c1": life()}
    assert picked(alone, alone) == [
        ("largest gain; largest loss; the middle; the middle of the most vulnerable fifth", "c1")
    ]
    unseen = {"c1": life(days=inf)}
    assert picked(unseen, unseen) == []


def test_problems_count_before_continuity_and_continuity_before_waiting() -> None:
    assert gain(life(1, 9.0), life(0, 1.0)) > gain(life(0, 1.0), life(0, 9.0))
    assert gain(life(0, 9.0, 1.0), life(0, 1.0, 0.5)) > gain(life(0, 1.0, 0.5), life(0, 9.0, 0.5))
    assert gain(life(days=inf), life(days=inf)) == (0, 0.0, 0.0, 0)


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
