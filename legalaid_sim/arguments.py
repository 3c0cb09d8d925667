"""What a question from Python or from the command line may say: sorts of arguments and their ranges, each once.

``asked`` is written above a public function, each of whose arguments has a sort here. A call is read before anything
else is done: all that is wrong with it is told at once, and the function is given values of one form.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from inspect import Parameter, Signature, signature
from math import isfinite
from operator import index
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from legalaid_sim.errors import LegalAidSimError

P = ParamSpec("P")
R = TypeVar("R")
SHOWN = 60


class BadArguments(LegalAidSimError):
    """A function was asked what it cannot be asked: every ``fault``, each with its argument and what is needed."""

    def __init__(self, function: str, faults: tuple[str, ...]) -> None:
        super().__init__(function, faults)
        self.function, self.faults = function, faults

    def __str__(self) -> str:
        return "\n  ".join((f"{self.function}() cannot be asked this:", *self.faults))


class Unfit(Exception):
    """A value that is not of its sort."""


class Argument(Protocol):
    """What an argument may be."""

    @property
    def needs(self) -> str:
        """What is needed, in words."""

    def read(self, given: Any) -> Any:
        """Give the value in the form that functions take, or raise ``Unfit``."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number of a range, both ends in it."""

    least: int
    most: int

    @property
    def needs(self) -> str:
        """What is needed, in words."""
        return f"a whole number from {self.least:,} to {self.most:,}"

    def read(self, given: Any) -> int:
        """Give it as an ``int``; what counts as one elsewhere, as of numpy, does here."""
        try:
            number = index(given)
        except TypeError:
            raise Unfit from None
        if isinstance(given, bool) or not self.least <= number <= self.most:
            raise Unfit
        return number


@dataclass(frozen=True, slots=True)
class NumberBetween:
    """A number of a range, both ends in it."""

    least: float
    most: float

    @property
    def needs(self) -> str:
        """What is needed, in words."""
        return f"a number from {self.least:,} to {self.most:,}"

    def read(self, given: Any) -> float:
        """Give it as a ``float``."""
        if (
            isinstance(given, bool)
            or not isinstance(given, (int, float))
            or not self.least <= given <= self.most
        ):
            raise Unfit
        return float(given)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def needs(self) -> str:
        """What is needed, in words."""
        return " or ".join(map(repr, self.words))

    def read(self, given: Any) -> Any:
        """Give it as it is."""
        if not isinstance(given, str) or given not in self.words:
            raise Unfit
        return given


@dataclass(frozen=True, slots=True)
class Fitting:
    """Whatever a test finds fit, as it is."""

    needs: str
    fits: Callable[[Any], bool]

    def read(self, given: Any) -> Any:
        """Give it as it is."""
        if not self.fits(given):
            raise Unfit
        return given


@dataclass(frozen=True, slots=True)
class Several:
    """One of a sort or several, as a tuple; a text is one, and what cannot be gone through."""

    one: Argument
    needs: str
    least: int = 0

    def read(self, given: Any) -> tuple[Any, ...]:
        """Give them all."""
        if isinstance(given, (str, Path)) or not isinstance(given, Iterable):
            return (self.one.read(given),)
        if isinstance(given, (bytes, Mapping)):
            raise Unfit
        found = tuple(map(self.one.read, given))
        if len(found) < self.least:
            raise Unfit
        return found


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values, each of its sort, for which a test holds."""

    first: Argument
    second: Argument
    needs: str
    fits: Callable[[Any, Any], bool] = lambda first, second: True

    def read(self, given: Any) -> tuple[Any, Any]:
        """Give both."""
        if not isinstance(given, (tuple, list)) or len(given) != 2:
            raise Unfit
        first, second = self.first.read(given[0]), self.second.read(given[1])
        if not self.fits(first, second):
            raise Unfit
        return first, second


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """Something that the package made, of the class of this name in this module; loaded when it is asked for."""

    module: str
    name: str
    needs: str
    fits: Callable[[Any], bool] = lambda given: True

    def read(self, given: Any) -> Any:
        """Give it as it is."""
        made = getattr(import_module(f"legalaid_sim.{self.module}"), self.name)
        if not isinstance(given, made) or not self.fits(given):
            raise Unfit
        return given


@dataclass(frozen=True, slots=True)
class Either:
    """Of the first of these sorts that it fits."""

    sorts: tuple[Argument, ...]

    @property
    def needs(self) -> str:
        """What is needed, in words."""
        return ", or ".join(sort.needs for sort in self.sorts)

    def read(self, given: Any) -> Any:
        """Give it as the first sort that it fits gives it."""
        for sort in self.sorts:
            try:
                return sort.read(given)
            except Unfit:
                continue
        raise Unfit


def _is_name(given: Any) -> bool:
    return isinstance(given, Path) or (isinstance(given, str) and bool(given.strip()))


def _is_size(given: Any) -> bool:
    return not isinstance(given, bool) and isinstance(given, (int, float)) and isfinite(given) and given > 0


def _all_fit(sort: Argument, given: Any) -> bool:
    try:
        return isinstance(given, tuple) and tuple(map(sort.read, given)) == given
    except Unfit:
        return False


def maybe(sort: Argument) -> Either:
    """Give the sort with None for what is left out."""
    return Either((sort, Fitting("None", lambda given: given is None)))


NAME = Fitting("a name or a path, as text or as a Path", _is_name)
FILE = Fitting(
    "the name of a file or a path, as text or as a Path",
    lambda given: _is_name(given) and "\n" not in str(given),
)
TEXT = Fitting("a word, as text", lambda given: isinstance(given, str) and bool(given.strip()))
FLAG = Fitting("True or False", lambda given: isinstance(given, bool))
CALLED = Fitting("a function of two numbers, worlds done and worlds at most", callable)
NAMES = Several(NAME, "a name or a path, or several of them in a list")
TEXTS = Several(TEXT, "a word, or several of them in a list")
SOME_TEXTS = Several(TEXT, "a word, or one or more of them in a list", 1)
ROW = Fitting("a row that is a mapping", lambda given: isinstance(given, Mapping))
CLAIMS = Either((NAME, Several(ROW, "rows that are mappings, in a list")))
SIZE = Fitting("a number above 0", _is_size)
MEASURED = Pair(TEXT, SIZE, "a pair of a measure and a number above 0, such as ('continuity.coc', 0.01)")
SHARD = Pair(
    Whole(1, 1_000_000),
    Whole(1, 1_000_000),
    "a pair of whole numbers such as (3, 200), the third of 200 parts",
    lambda first, last: bool(first <= last),
)

SCENARIO = InstanceOf("scenario.model", "Scenario", "a scenario as load_scenario gives it")
WORLD = InstanceOf("world", "World", "a world as sample gives it")
LOG = InstanceOf("events", "Log", "a log as simulate gives it")
TERMS = InstanceOf("contracts.pricing.terms", "CompiledTerms", "terms as load_terms gives them")
REGIME = InstanceOf(
    "engine.regime",
    "Regime",
    "a Regime with such terms in a tuple",
    lambda given: _all_fit(TERMS, given.terms),
)
CONTRACT = Either((TERMS, REGIME, NAMES))

WORLDS = Whole(1, 1_000_000)
# Worlds for each of many points, and where differences between them are told.
WORLDS_OF_EACH = Whole(1, 10_000)
WORLDS_OF_PAIRS = Whole(2, 10_000)
SEED = Whole(0, 2**63 - 1)
# Those who draw points take seeds of 32 bits.
SEED_OF_POINTS = Whole(0, 2**31 - 1)
WORKERS = Whole(1, 512)
POINTS = Whole(2, 1_000_000)
SAMPLES = Whole(1, 100_000)
CLAUSES = Whole(0, 14)
DRAWS = Whole(0, 10_000)
DAYS = NumberBetween(0, 3660)
PATIENCE = Several(DAYS, f"{DAYS.needs}, or several of them in a list")
KEPT = OneOf(("first", "all", "none"))
METHOD = OneOf(("morris", "sobol", "oat"))
PROFILE = OneOf(("draft", "working", "publish"))


# What arguments of these names are, wherever nothing else is said of one.
USUAL: Mapping[str, Argument] = {
    "scenario": FILE, "file": FILE, "path": FILE, "folder": FILE, "file_or_text": NAME, "name_or_path": NAME,
    "contract": NAME, "contracts": NAMES, "before": NAME, "after": NAME, "baseline": maybe(TEXT),
    "measures": TEXTS, "parameters": TEXTS, "vary": SOME_TEXTS, "goals": SOME_TEXTS,
    "until": maybe(MEASURED), "best": maybe(MEASURED), "equal_money": maybe(FLAG), "ignorance": FLAG,
    "replications": maybe(WORLDS), "seed": maybe(SEED), "workers": maybe(WORKERS), "cluster": maybe(TEXT),
    "shard": maybe(SHARD), "again": FLAG, "out": maybe(NAME), "report": FLAG, "progress": maybe(CALLED),
    "keep": KEPT, "method": METHOD, "profile": PROFILE, "samples": maybe(SAMPLES), "points": POINTS,
    "fresh": WORLDS_OF_PAIRS, "exact_up_to": maybe(CLAUSES), "claims": CLAIMS, "keys": maybe(TEXTS),
    "patience": PATIENCE, "draws": DRAWS, "log": LOG, "names": TEXTS, "world": WORLD,
}  # fmt: skip


def asked(**own: Argument) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give what is written above a function to have its calls read, by the usual sorts of its arguments or its own."""

    def guard(function: Callable[P, R]) -> Callable[P, R]:
        form = signature(function)
        sorts = {name: own[name] if name in own else USUAL[name] for name in form.parameters}

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            held = _read(function.__name__, form, sorts, args, kwargs)
            return function(*held[0], **held[1])

        call.asked = sorts  # type: ignore[attr-defined]
        return call

    return guard


def _read(
    name: str,
    form: Signature,
    sorts: Mapping[str, Argument],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    faults = [_unknown(word, tuple(sorts)) for word in kwargs if word not in sorts]
    try:
        bound = form.bind_partial(*args, **{word: given for word, given in kwargs.items() if word in sorts})
    except TypeError as error:
        raise BadArguments(name, (*faults, f"{error}; it takes {', '.join(sorts)}")) from None
    for word, given in bound.arguments.items():
        try:
            bound.arguments[word] = sorts[word].read(given)
        except Unfit:
            faults.append(f"{word} is {_shown(given)}; {sorts[word].needs} is needed")
    faults += [
        f"{word} is not given; {sorts[word].needs} is needed"
        for word, parameter in form.parameters.items()
        if parameter.default is Parameter.empty and word not in bound.arguments
    ]
    if faults:
        raise BadArguments(name, tuple(faults))
    return bound.args, bound.kwargs


def _unknown(word: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, known, 1)
    meant = f" Did you mean {close[0]}?" if close else ""
    return f"there is no {word}.{meant} It takes {', '.join(known)}"


def _shown(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
