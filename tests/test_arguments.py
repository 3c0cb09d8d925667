"""Every argument of every public function, asked wrongly in every way that a stranger might."""

from collections.abc import Mapping
from importlib import import_module
from inspect import Parameter, isfunction, signature
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest

import legalaid_sim as la
from legalaid_sim.arguments import (
    USUAL,
    Argument,
    BadArguments,
    Either,
    NumberBetween,
    OneOf,
    Unfit,
    Whole,
    asked,
)
from legalaid_sim.cli import COMMANDS
from tests.cli.shell import SMALL

FUNCTIONS: Mapping[str, Any] = {name: held for name in la.__all__ if isfunction(held := getattr(la, name))}
ARGUMENTS = [(name, word) for name, held in FUNCTIONS.items() for word in signature(held).parameters]
# None of them is anything to any argument but where its sort takes it; none may end in an error of Python's own.
STRANGE: tuple[Any, ...] = (
    object(), None, True, 0, -1, -5, 10**30, 0.5, 3.0, float("nan"), float("inf"), "", " ", "3", "foo", "no such.yaml",
    b"bytes", (), [], {}, set(), [1], [None], ["foo", 2], {"foo": 1}, (1, 2), (2, 1), (0, 5), ("foo", 0), ("foo", 1, 2),
    ("foo", "1"), (1, 2, 3), Path("nowhere"), print, int, [{}], [{"foo": object()}], np.int64(-1), np.float64(2),
    range(3), la.Regime("a", 3), la.Regime("a", (1,)),  # type: ignore[arg-type]
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """A scenario, its world and its log, for the functions that take them."""
    place = tmp_path_factory.mktemp("made") / "small.yaml"
    place.write_text(SMALL)
    scenario = la.load_scenario(place)
    world = la.sample(scenario, 1)
    return {"scenario": scenario, "world": world, "log": la.simulate(world, scenario, "core-and-case")}


def needed(name: str, made: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a function must be given, of files that are not there, or made things where it takes them."""
    words = [
        word
        for word, parameter in signature(FUNCTIONS[name]).parameters.items()
        if parameter.default is Parameter.empty
    ]
    takes_made = name in ("simulate", "sample", "measure")
    others = {"seed": 1, "contract": "no-such", "claims": "no-such.csv"}
    return {
        word: made[word] if takes_made and word in made else others.get(word, "no-such") for word in words
    }


def fits(sort: Argument, value: Any) -> bool:
    try:
        sort.read(value)
    except Unfit:
        return False
    return True


@pytest.mark.parametrize(("name", "word"), ARGUMENTS)
def test_whatever_an_argument_is_given_the_answer_is_for_a_reader(
    name: str, word: str, made: Mapping[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    function, sort, refused = FUNCTIONS[name], FUNCTIONS[name].asked[word], 0
    for value in STRANGE:
        told: la.LegalAidSimError | None = None
        try:
            function(**{**needed(name, made), word: value})
        except la.LegalAidSimError as error:
            told = error
        faults = told.faults if isinstance(told, BadArguments) else ()
        assert fits(sort, value) or any(fault.startswith(word) for fault in faults), (value, str(told))
        refused += bool(faults)
    assert refused > len(STRANGE) // 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("asks", "words"),
    [
        ({"replications": 0}, "replications is 0; a whole number from 1 to 1,000,000, or None is needed"),
        ({"keep": "some"}, "keep is 'some'; 'first' or 'all' or 'none' is needed"),
        ({"workers": -1}, "workers is -1; a whole number from 1 to 512"),
        ({"seed": -5}, "seed is -5; a whole number from 0"),
        ({"replications": "3"}, "replications is '3'; a whole number"),
        ({"wokers": 2}, "there is no wokers. Did you mean workers?"),
        ({"scenario": "kind: scenario\n"}, "scenario is 'kind: scenario\\n'; the name of a file or a path"),
    ],
)
def test_what_strangers_asked_is_told_and_no_folder_is_written(
    asks: dict[str, Any], words: str, tmp_path: Path
) -> None:
    scenario = tmp_path / "small.yaml"
    scenario.write_text(SMALL)
    with pytest.raises(BadArguments, match="cannot be asked") as told:
        la.run(**{"scenario": scenario, "out": tmp_path / "out", **asks})
    assert words in str(told.value)
    assert [place.name for place in tmp_path.iterdir()] == ["small.yaml"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(BadArguments) as told:
        la.sensitivity(method="foo", samples=0, seeds=2, measures=[3])  # type: ignore[call-arg, arg-type, list-item]
    assert [fault.split()[0] for fault in told.value.faults] == [
        "there",
        "measures",
        "method",
        "samples",
        "scenario",
    ]
    with pytest.raises(BadArguments, match="too many positional arguments"):
        la.run("one.yaml", "two.yaml")  # type: ignore[misc]


def test_one_measure_is_a_measure_as_one_contract_is_a_contract(made: Mapping[str, Any]) -> None:
    assert la.measure(made["log"], "continuity.coc") == la.measure(made["log"], ["continuity.coc"])
    assert list(la.measure(made["log"], iter(["money.earned"]))) == ["money.earned"]
    assert len(la.measure(made["log"])) > 50
    with pytest.raises(
        BadArguments, match=r"there is no measure 'continuity.cok'. Did you mean 'continuity.coc'"
    ):
        la.measure(made["log"], "continuity.cok")
    one: Any = np.int64(1)
    assert la.sample(made["scenario"], one).digest == made["world"].digest


def test_an_argument_of_no_sort_cannot_be_written() -> None:
    def new(scenario: str, colour: str) -> None: ...

    with pytest.raises(KeyError, match="colour"):
        asked()(new)
    assert all(list(held.asked) == list(signature(held).parameters) for held in FUNCTIONS.values())
    used = {word for _, word in ARGUMENTS}
    assert set(USUAL) <= used


def typed(name: str) -> dict[str, click.ParamType]:
    command = import_module(f"legalaid_sim.cli.{name}_command").command
    return {
        each.name: each.type
        for each in command.params
        if isinstance(each.type, (click.IntRange, click.FloatRange, click.Choice))
    }


SHARED = [
    (name, word)
    for name, held in FUNCTIONS.items()
    if name in COMMANDS
    for word in held.asked
    if word in typed(name)
]


@pytest.mark.parametrize(("name", "word"), SHARED)
def test_python_and_the_command_line_have_the_same_ranges(name: str, word: str) -> None:
    there: Any = typed(name)[word]
    sort = FUNCTIONS[name].asked[word]
    bare = sort.sorts[0] if isinstance(sort, Either) else sort
    if isinstance(there, click.IntRange):
        assert bare == Whole(there.min, there.max)
    elif isinstance(there, click.FloatRange):
        assert bare.one == NumberBetween(there.min, there.max)
    else:
        assert bare == OneOf(tuple(there.choices))
