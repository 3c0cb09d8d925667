"""The log and its records: what every fold relies on."""

import ast
import inspect
import pickle
from importlib import import_module
from pathlib import Path

import pytest

import legalaid_sim
from legalaid_sim import events as e
from legalaid_sim.events import ACTIVITIES, KINDS, Diary, Log, Window, make
from legalaid_sim.results.tables import table_of

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


def test_every_kind_of_record_is_an_event_and_is_imported_from_the_front():
    rooms = [import_module(f"legalaid_sim.events.{room}") for room in ("clients", "matters", "money", "work")]
    found = {each for room in rooms for each in vars(room).values() if hasattr(each, "_fields")}
    assert set(KINDS) == found
    assert {kind.__name__ for kind in found} <= set(e.__all__)


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


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_has_a_maker_that_gives_the_same(kind):
    fields = range(len(kind._fields))
    made = getattr(make, table_of(kind))(*fields)
    assert type(made) is kind
    assert made == kind(*fields)


def test_there_is_no_maker_of_nothing():
    makers = {name for name, value in vars(make).items() if inspect.isfunction(value) and name[0] != "_"}
    assert makers == {table_of(kind) for kind in KINDS}


def by_place(text: str) -> list[str]:
    """Give the calls of makers that leave more than the minute to its place."""
    makers = {f"make.{table_of(kind)}" for kind in KINDS}
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [
        f"{call.lineno}: {ast.unparse(call.func)}"
        for call in calls
        if ast.unparse(call.func) in makers and len(call.args) > 1
    ]


def test_makers_are_called_by_name_so_that_no_two_fields_can_be_swapped_in_silence():
    assert by_place("tell(make.left(now, client=one, problem=plan))") == []
    assert by_place("tell(make.left(now, one, problem=plan))") == ["1: make.left"]
    files = sorted(Path(legalaid_sim.__file__).parent.rglob("*.py"))
    # By place: two files of one name are two files.
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    assert sum(text.count("make.") for text in texts.values()) > len(KINDS)
    assert {file: found for file, text in texts.items() if (found := by_place(text))} == {}


# Calls, and what a type checker must say of each; nothing: it is right.
CALLS = {
    'make.contact(10, 5, "c1", "m1", "a1", "org", 1, "telephone", 5, 0, 0, 0, True, 0, 0.0, 0.1)': "",
    'make.contact(10, 5, "c1", "m1", "a1", "org", 1, "telephone", 5, 0)': "Too few arguments",
    'make.contact(10, 5, "c1", "m1", "a1", "org", "telephone", 1, 5, 0, 0, 0, True, 0, 0.0, 0.1)': "Argument 7",
    'make.contact(10, 5, "c1", "m1", "a1", "org", 1, "by post", 5, 0, 0, 0, True, 0, 0.0, 0.1)': "Argument 8",
    'make.contact(10, 5, "c1", "m1", "a1", "org", 1, "online", 5, 0, 0, 0, True, 0, 0.0, 0.1, 7)': "Too many",
    'make.left(10, "c1", "c1.p1", "c1.p1.m1", "between")': "Argument 5",
    'make.still_open(10, "c1", "c1.p1", "", "contacts")': "Argument 5",
    'e.MatterClosed(1, "m", "c", "p", "o", "a", "finished", 1, 1, 1, 1, 1, 0.0)': 'Argument 7 to "MatterClosed"',
    **{f"make.{table_of(kind)}()": "Too few arguments" for kind in KINDS},
}


@pytest.mark.long
def test_a_type_checker_knows_a_field_too_few_or_of_another_type_or_word(tmp_path, monkeypatch):
    api = pytest.importorskip("mypy.api")
    monkeypatch.chdir(Path(__file__).parents[1])
    asked = tmp_path / "asked.py"
    asked.write_text(
        "\n".join(["from legalaid_sim import events as e; from legalaid_sim.events import make", *CALLS])
    )
    told, _, _ = api.run(["--config-file=", "--strict", str(asked)])
    errors = [line for line in told.splitlines() if ": error: " in line]
    for number, (call, wanted) in enumerate(CALLS.items(), start=2):
        found = [line for line in errors if f"{asked.name}:{number}:" in line]
        assert any(wanted in line for line in found) == bool(wanted), f"{call}\n{told}"
