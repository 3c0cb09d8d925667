"""The log and its records: what every fold relies on."""

import pickle

import pytest

from legalaid_sim import events as e
from legalaid_sim.events import ACTIVITIES, KINDS, Diary, Event, Log, Window

WINDOW = Window(10, 20, 30)


def test_a_log_gives_one_kind_in_order():
    first, second = e.Activated(1, "c1", "c1.p1.f1", "c1.p1"), e.Activated(2, "c2", "c2.p1.f1", "c2.p1")
    log = Log(WINDOW, [first, e.Spent(1, "agency", "salaries", 5), second])
    assert log.of(e.Activated) == [first, second]
    assert log.of(e.Paid) == []
    assert (len(log), next(iter(log)), log.window.closes) == (3, first, 20)


def test_what_is_appended_after_a_look_is_seen_at_the_next():
    log = Log(WINDOW)
    assert log.of(e.Spent) == []
    log.append(e.Spent(1, "agency", "salaries", 5))
    assert log.of(e.Spent) == [e.Spent(1, "agency", "salaries", 5)]


def test_kinds_are_all_that_an_event_can_be():
    assert set(KINDS) == set(Event.__args__)


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_begins_with_its_minute_and_says_what_it_is(kind):
    assert kind._fields[0] == "at"
    assert kind.__doc__
    assert not kind.__doc__.startswith(kind.__name__ + "("), "the docstring is the one namedtuple makes"


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_survives_pickling_and_cannot_be_changed(kind):
    record = kind(*range(len(kind._fields)))
    assert pickle.loads(pickle.dumps(record)) == record
    with pytest.raises(AttributeError):
        record.at = 5


def test_the_diary_has_a_column_for_each_activity_between_available_and_strain():
    columns = Diary._fields
    assert columns[columns.index("available") + 1 : columns.index("strain")] == ACTIVITIES
