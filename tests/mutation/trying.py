"""A fault tried in a child of this process, by two routes.

Quick: a process has imported the package and collected the tests; a child of it takes the faulty code into the
functions that are there, and lives only the tests that call them. Whole: a child forked before the package is imported,
whose importer hands out the module with the fault in it, lives all tests; so goes what is done on import and what no
test calls. Nothing is written either way: the checkout stays as it is.
"""

import contextlib
import gc
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, FrameType, FunctionType
from typing import Any, Literal, NamedTuple

import pytest

from tests.mutation import ROOT, Mutant

Fate = Literal["killed", "survived", "too slow", "cannot be imported", "out of reach", "not called"]
MEMORY = 6 * 2**30
LONGEST = 24 * 3600
TIMES, FLOOR = 4, 2  # how much longer than without a fault the tests may take, and seconds on top
ARGUMENTS = (
    "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", "-m", "not long",
    "-W", "ignore::pytest.PytestAssertRewriteWarning", "--hypothesis-seed=0",
)  # fmt: skip

Place = tuple[str, int]


class Tried(NamedTuple):
    """What became of one fault, the processor seconds it took and the test that saw it."""

    fate: Fate
    seconds: float
    seen_by: str = ""


def warm() -> None:
    """Import what every child needs and no fault is in."""
    import hypothesis.strategies
    import numpy as np
    import pydantic
    import simpy
    import yaml

    assert "legalaid_sim" not in sys.modules
    del hypothesis, np, pydantic, simpy, yaml


def fates_of(
    mutants: Sequence[Mutant], tests: Sequence[str], called_only: bool = False
) -> Iterator[tuple[Mutant, Tried]]:
    """Try every fault by the quick route, and what it leaves by the whole one; raise where the tests do not pass.

    ``called_only``: what the quick route leaves is not tried.
    """
    began = tried_whole(None, tests, LONGEST)
    if began.fate != "survived":
        raise SystemExit(f"the tests do not pass without a fault ({began.seen_by or began.fate})")
    limit = FLOOR + round(TIMES * began.seconds)
    beyond = []
    for mutant, found in zip(mutants, _quick(mutants, tests), strict=True):
        if found.fate == "out of reach":
            beyond.append(mutant)
        else:
            yield mutant, found
    for mutant in beyond:
        yield mutant, Tried("not called", 0.0) if called_only else tried_whole(mutant, tests, limit)


# ---- the whole route ----------------------------------------------------------------------------------------------


def tried_whole(mutant: Mutant | None, tests: Sequence[str], limit: int) -> Tried:
    """Run all tests with one fault, or with none; ``limit`` in seconds of processor time."""

    def live(tell: Callable[[str], None]) -> int:
        if mutant is not None:
            sys.meta_path.insert(0, _Faulty(mutant))
        return _run_pytest(tests, _Seen(tell))

    return _in_a_child(live, limit)


def _run_pytest(tests: Sequence[str], plugin: object) -> int:
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        return int(pytest.main([*ARGUMENTS, f"--basetemp={folder}/tests", *tests], plugins=[plugin]))


def _in_a_child(live: Callable[[Callable[[str], None]], int], limit: int) -> Tried:
    reading, writing = os.pipe()
    began = os.times()
    child = os.fork()
    if not child:
        code = 3
        try:
            os.close(reading)
            _silent(limit)
            code = live(lambda words: void(os.write(writing, words.encode())))
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    now = os.times()
    seconds = now.children_user + now.children_system - began.children_user - began.children_system
    if os.WIFSIGNALED(status):
        slow = os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL, signal.SIGPROF)
        return Tried("too slow" if slow else "killed", seconds)
    fates: dict[int, Fate] = {0: "survived", 1: "killed"}
    return Tried(fates.get(os.WEXITSTATUS(status), "cannot be imported"), seconds, told.strip())


def void(_: object) -> None:
    """Give nothing."""


def _silent(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    nowhere = os.open(os.environ.get("MUTLOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.dont_write_bytecode = True
    os.chdir(ROOT)


class _Seen:
    """Tells which test failed, and lets no time go on making a failing example small."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell = tell

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        import hypothesis

        quick = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
        hypothesis.settings.register_profile("fault", phases=quick, database=None, deadline=None)
        hypothesis.settings.load_profile("fault")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.tell(f"{report.nodeid}\n")


class _Faulty:
    """Finds one module, with the fault in it."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = mutant.module.removesuffix(".py").replace("/", ".")
        self.path, self.source = str(ROOT / mutant.module), mutant.source

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        return spec_from_file_location(name, self.path, loader=_Loader(name, self.path, self.source))


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.source = source

    def get_code(self, fullname: str) -> Any:
        return compile(self.source, self.path, "exec", dont_inherit=True)


# ---- the quick route ----------------------------------------------------------------------------------------------


def _quick(mutants: Sequence[Mutant], tests: Sequence[str]) -> Iterator[Tried]:
    """Give the fate of every fault by the quick route, or say that it is out of its reach."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            _silent(LONGEST)
            with os.fdopen(writing, "w") as pipe:
                _run_pytest(
                    tests, _Bench(mutants, lambda found: print(json.dumps(found), file=pipe, flush=True))
                )
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        for line in pipe:
            yield Tried(*json.loads(line))
    os.waitpid(child, 0)


class _Bench(_Seen):
    """Collects the tests once and lives them, for every fault, in a child."""

    def __init__(self, mutants: Sequence[Mutant], give: Callable[[Tried], None]) -> None:
        super().__init__(void)
        self.mutants, self.give, self.failed = mutants, give, False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        super().pytest_runtest_logreport(report)
        self.failed = self.failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        gc.freeze()
        calls = self._who_calls(session.items)
        for mutant in self.mutants:
            self.give(self._tried(mutant, session.items, calls.get(mutant.module, {})))
        return True

    def _tried(self, mutant: Mutant, items: list[pytest.Item], calls: dict[Place, dict[int, float]]) -> Tried:
        try:
            changed = list(_changed(mutant))
        except SyntaxError:
            return Tried("cannot be imported", 0.0)
        reached: dict[int, float] = {}
        for function, _ in changed:
            reached |= calls.get(_place(function.__code__), {})
        if not changed or not reached:
            return Tried("out of reach", 0.0)

        def live(tell: Callable[[str], None]) -> int:
            self.tell = tell
            for function, code in changed:
                function.__code__ = code
            for at, seconds in sorted(reached.items(), key=lambda each: (each[1], each[0])):
                # What never ends is seen by the quickest test: the alarm ends the child.
                signal.setitimer(signal.ITIMER_PROF, FLOOR + TIMES * seconds)
                items[at].config.hook.pytest_runtest_protocol(item=items[at], nextitem=None)
                if self.failed:
                    return 1
            return 0

        return _in_a_child(live, FLOOR + round(TIMES * sum(reached.values())))

    def _who_calls(self, items: Sequence[pytest.Item]) -> dict[str, dict[Place, dict[int, float]]]:
        """Give for every function of a module the tests that call it, by place, and the seconds that each takes."""
        paths = {str(ROOT / mutant.module): mutant.module for mutant in self.mutants}

        def live(tell: Callable[[str], None]) -> int:
            for at, item in enumerate(items):
                called: set[tuple[str, str, int]] = set()
                began = time.process_time()
                with _watching(set(paths), called):
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                tell(json.dumps([at, time.process_time() - began, sorted(called)]) + "\n")
            return 0

        calls: dict[str, dict[Place, dict[int, float]]] = {}
        for line in _in_a_child(live, LONGEST).seen_by.splitlines():
            at, seconds, called = json.loads(line)
            for path, name, first in called:
                calls.setdefault(paths[path], {}).setdefault((name, first), {})[at] = seconds
        return calls


@contextlib.contextmanager
def _watching(paths: set[str], called: set[tuple[str, str, int]]) -> Iterator[None]:
    def see(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename in paths:
            called.add((code.co_filename, *_place(code)))

    sys.setprofile(see)
    try:
        yield
    finally:
        sys.setprofile(None)


def _place(code: CodeType) -> Place:
    return code.co_qualname, code.co_firstlineno


def _changed(mutant: Mutant) -> Iterator[tuple[FunctionType, CodeType]]:
    """Give the functions that the fault changes, with their faulty code."""
    path = str(ROOT / mutant.module)
    faulty = {_place(code): code for code in _codes(compile(mutant.source, path, "exec", dont_inherit=True))}
    for function in _functions_of(path):
        code = faulty.get(_place(function.__code__))
        if code is not None and code != function.__code__:
            yield function, code


def _functions_of(path: str) -> list[FunctionType]:
    found = _FUNCTIONS.get(path)
    if found is None:
        gc.unfreeze()
        every = [each for each in gc.get_objects() if isinstance(each, FunctionType)]
        gc.freeze()
        found = _FUNCTIONS[path] = [each for each in every if each.__code__.co_filename == path]
    return found


_FUNCTIONS: dict[str, list[FunctionType]] = {}


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
