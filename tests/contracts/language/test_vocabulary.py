"""The one table of what can happen, and those who read it."""

from typing import get_args

import pytest

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.kinds.controls.kpi import KpiMeasure
from legalaid_sim.contracts.kinds.duties.duty import FallsOn
from legalaid_sim.contracts.language.load import load_terms
from legalaid_sim.contracts.language.playing import EVENTS as TOLD_IN_EXAMPLES
from legalaid_sim.contracts.schema.contract import MonthEnd, When
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.contracts.vocabulary.words import WORDS, named, of_sort
from legalaid_sim.experiments.shared.reaching import settings_of
from legalaid_sim.scenario.regimes import Practice
from tests.builders.scenarios import small


def open_account() -> Account:
    from legalaid_sim.contracts.vocabulary.facts import ProviderFacts

    terms = load_terms("unified-contract-2007")
    return Account(terms, ProviderFacts(), terms.starts)


def test_examples_state_what_the_table_says_that_they_can() -> None:
    said = {word.example for word in of_sort("event") if word.example != "matter_opened, or given.matters"}
    assert said | {"matter_opened"} == set(When.model_fields) - {"on"}
    assert set(TOLD_IN_EXAMPLES) == set(When.model_fields) - {"on", "review"}


def test_duties_fall_on_and_targets_look_at_words_of_the_table() -> None:
    assert set(get_args(FallsOn)) <= {word.name for word in of_sort("event")}
    assert set(get_args(KpiMeasure)) == {word.name for word in of_sort("measure")}
    apart = {"minutes", "measures", "seen"}
    assert {word.name for word in of_sort("month")} - {"<desk>"} == set(MonthEnd.model_fields) - apart


def test_no_account_answers_to_an_event_that_is_not_in_the_table() -> None:
    account = open_account()
    with pytest.raises(LookupError, match="no event 'matter_lost'"):
        account.event("matter_lost", MatterFacts("A"), account.terms.starts)


@pytest.mark.parametrize(
    ("asked", "entry", "rest"),
    [
        ("matter.category", "category", ""),
        ("matter.service", "<name>", "service"),
        ("client.early", "early", ""),
        ("client.age", "client.<name>", "age"),
        ("provider.tier", "provider.<name>", "tier"),
        ("work.hours", "work.hours.<heading>", ""),
        ("work.hours.travel", "travel", ""),
        ("event.hearing", "<kind>", "hearing"),
        ("costs.profit", "<heading>", "profit"),
        ("increase.limit", "<authority>.limit", "increase"),
        ("row.points", "row.<column>", "points"),
    ],
)
def test_a_condition_leads_to_its_entry(asked: str, entry: str, rest: str) -> None:
    word, found = named("fact", asked)
    assert word is not None
    assert (word.name, found) == (entry, rest)


def test_every_word_can_be_asked_in_a_scenario() -> None:
    made = small()
    (agency,) = made.houses
    for setting in settings_of(made, agency, Practice()):
        for word in WORDS:
            assert word.here is None or word.here(setting, "") is None or word.here(setting, "") is not None


def test_explain_and_the_schema_say_what_its_words_mean() -> None:
    from legalaid_sim.authoring.explaining import explain_word
    from legalaid_sim.authoring.jsonschemas import schema_of

    told = " ".join((explain_word("duties.duty.falls_on") or "").split())
    kpi = schema_of("contract")["definitions"]["Kpi"]["properties"]["measure"]["description"]
    for word in of_sort("event"):
        assert (f"{word.name}: {word.meaning}" in told) == (word.name in get_args(FallsOn))
    assert all(f"{word.name}: {word.meaning}" in kpi for word in of_sort("measure"))
    assert "told only: nobody reviews files" in " ".join((explain_word("controls.kpi.measure") or "").split())
