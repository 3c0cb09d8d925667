"""A value is set in a file and everything else stays, comments above all."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.importing.splicing import SplicedValue, spliced, with_value
from legalaid_sim.yamlfile import load_document, parse
from tests.cli.shell import ROOT

SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
SHAPE = {"lognormal": {"mean": 45.5, "cv": 0.4}}


def comments(text: str) -> list[str]:
    return sorted(line[line.index("#") :].strip() for line in text.split("\n") if "#" in line)


def settings_for(data: dict[str, Any]) -> list[SplicedValue]:
    arrivals = ("clients", "arrivals", "per_week")
    parts = ("share", "contacts", "casework_minutes", "days_between")
    kinds = [("clients", "problems", kind, part) for kind in data["clients"]["problems"] for part in parts]
    return [SplicedValue(arrivals, 17.5, "a note"), *(SplicedValue(path, SHAPE, "another") for path in kinds)]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_comment_of_every_scenario_stays(path: Path) -> None:
    document = load_document(path)
    settings = settings_for(document.data)
    text = spliced(document, settings, "fitted: ")
    wanted = document.data
    for setting in settings:
        wanted = with_value(wanted, setting.path, setting.value)
    assert plain(parse(text).data) == plain(wanted)
    assert parse(text).problems == ()
    noted = [line for line in comments(text) if line.startswith("# fitted: ")]
    assert len(noted) == len(settings)
    assert [line for line in comments(text) if line not in noted] == comments(document.text)
    # Once more: notes do not pile up, and nothing else moves.
    assert spliced(parse(text), settings, "fitted: ") == text


def plain(data: Any) -> Any:
    """Data with numbers as they are written."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    return [plain(value) for value in data] if isinstance(data, list) else str(data)


FILE = """\
a: 1  # one
b:  # two
  # three
  c: {d: 'x # y', e: [1, 2], f: {}}  # four
  g:
    # five
    h: 2
    i:
      - 3  # six

  j:
k: {l: {m: 1,
        n: 2}}  # seven
"""
PLACES = ["a", "b.c.d", "b.c.e", "b.c.f", "b.c.f.new", "b.c.new.er", "b.g", "b.g.i", "b.g.new", "b.j", "b.j.new", "k.l",
          "k.l.m", "k.new", "new", "new.er.still", "b.new"]  # fmt: skip


@given(
    st.lists(st.sampled_from(PLACES), min_size=1, max_size=4, unique=True),
    st.sampled_from([7, 2.5, "x: y", SHAPE]),
)
def test_any_value_can_be_set_at_any_place(places: list[str], value: Any) -> None:
    # Of two places of which one lies in the other, the inner one would be set in a value just set.
    apart = [
        one for one in places if not any(f"{one}.".startswith(f"{two}.") and one != two for two in places)
    ]
    settings = [SplicedValue(tuple(place.split(".")), value, "why") for place in apart]
    wanted: Any = parse(FILE).data
    for setting in settings:
        wanted = with_value(wanted, setting.path, setting.value)
    text = spliced(parse(FILE), settings, "set: ")
    assert plain(parse(text).data) == plain(wanted)
    for comment in ("# one", "# two", "# three", "# four", "# five", "# six", "# seven"):
        assert comment in text
