import re

import pytest

from legalaid_sim import __version__
from legalaid_sim.evidence import register
from legalaid_sim.reports import quality, trail
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.stress import checklist, undone
from legalaid_sim.results import open_run
from tests.reports.made import run_folder

ITEMS = [
    "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5", "3.1",
    "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1",
]  # fmt: skip


@pytest.fixture(scope="module")
def material():  # type: ignore[no-untyped-def]
    with open_run(run_folder()) as run:
        yield Material(run)


def test_the_checklist_has_its_twenty_items_and_none_is_blank(material) -> None:  # type: ignore[no-untyped-def]
    found = checklist(material)
    assert [item.number for item in found] == ITEMS
    assert all(item.text.strip() for item in found)


def test_what_nobody_wrote_is_told_as_not_done(material) -> None:  # type: ignore[no-untyped-def]
    found = {item.number: item for item in checklist(material)}
    assert found["3.1"].filled == "not done"
    assert found["1.1"] == (
        "1.1",
        "Purpose of the model",
        "from the scenario",
        "A folder to write reports from.",
    )
    assert undone(list(found.values())) == 1


def test_the_quality_log_names_roles_and_tests_or_says_that_there_are_none(material) -> None:  # type: ignore[no-untyped-def]
    found = {item.name: item for item in quality.log_of(material)}
    assert found["commissioner"].filled == "not done"
    assert found["face validity"].text == "two advisers read the story of a client and knew it"
    assert found["external validity"].filled == "not done"
    assert "in each of 16 runs (residual 0)" in found["equalities that must hold exactly"].text


def test_what_is_not_done_names_a_key_that_fills_it(material) -> None:  # type: ignore[no-untyped-def]
    """Each key that is named, filled in, takes its mark away."""
    left = [item for item in (*checklist(material), *quality.log_of(material)) if item.filled == "not done"]
    keys = [re.search(r"about\.([a-z.]+) in the scenario", item.text) for item in left]
    assert [item.name for item, key in zip(left, keys) if key is None] == ["assumptions"]
    about = material.scenario.about
    for key in filter(None, keys):
        name, _, inner = key[1].partition(".")
        now = getattr(about, name)
        words = {**now, inner: "said"} if inner else ["said"] if isinstance(now, list) else "said"
        about = about.model_copy(update={name: words})
    copy = Material(material.run)
    copy.__dict__["scenario"] = material.scenario.model_copy(update={"about": about})
    assert undone([*checklist(copy), *quality.log_of(copy)]) == 1
    assert (
        f"{len(left)} of {len(ITEMS) + len(quality.log_of(material))} items nobody has said yet"
        in trail.trail(material).said
    )


def test_every_parameter_is_in_the_register_as_it_was_used(material) -> None:  # type: ignore[no-untyped-def]
    rows = {row[0]: row for row in quality.assumptions(material).rows}
    assert list(rows) == list(register())
    assert all(row[2] for row in rows.values())


def test_the_table_of_checks_is_of_this_version_and_all_hold() -> None:
    assert quality.validation()["version"] == __version__
    assert len(quality.validation()["checks"]) > 20
    assert {row[4] for row in quality.validation_table().rows} == {"holds"}


def test_sources_are_counted_by_status(material) -> None:  # type: ignore[no-untyped-def]
    table = quality.sources(material)
    assert tuple(table.head[1:]) == quality.STATUSES
    assert all(sum(map(int, row[1:])) > 0 for row in table.rows)


def test_events_are_counted_as_the_log_has_them(material) -> None:  # type: ignore[no-untyped-def]
    table = quality.happenings(material)
    assert table is not None
    counts = [sum(int(row[place + 1].replace(",", "")) for row in table.rows) for place in range(2)]
    assert counts == [len(material.run.log(name)) for name in material.ordered]


def test_only_changes_marked_as_moving_results_are_told() -> None:
    new = "## 2.0\n\n- A thing. **moves results**\n- Another.\n\n"
    text = f"# Changelog\n\n{new}## 1.0\n\n- **moves results** Old\n  one.\n"
    assert list(trail._entries(text)) == [("2.0", "A thing."), ("1.0", "Old one.")]


def test_the_command_can_be_typed_again(material) -> None:  # type: ignore[no-untyped-def]
    assert trail.commands(material)[-1] == "legalaid-sim reproduce RUN_DIR"
