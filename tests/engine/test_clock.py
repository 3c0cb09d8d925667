"""Light calls on SimPy's clock: in order, decisions after all of a minute, nothing at or after the end."""

from pickle import dumps, loads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.engine.clock import Call, Clock, call_at, live, live_by_steps


class Diary:
    """Writes down what happens when, and decides something once where it is told to."""

    def __init__(self, env):
        self.env, self.lines, self.once = env, [], None

    def note(self, call: Call) -> None:
        self.lines.append((self.env.now, call.arg))

    def decide(self, now: int) -> None:
        self.lines.append((now, "decided"))
        if self.once is not None:
            again, self.once = self.once, None
            call_at(self.env, now, self.note, again)


def test_decisions_come_after_all_of_a_minute():
    env = Clock()
    diary = Diary(env)
    for when, what in ((5, "a"), (3, "b"), (5, "c")):
        call_at(env, when, diary.note, what)
    live(env, 100, diary)
    assert diary.lines == [(3, "b"), (3, "decided"), (5, "a"), (5, "c"), (5, "decided")]


def test_what_a_decision_schedules_for_the_same_minute_happens_in_it():
    env = Clock()
    diary = Diary(env)
    diary.once = "at once"
    call_at(env, 7, diary.note, "first")
    live(env, 100, diary)
    assert diary.lines == [(7, "first"), (7, "decided"), (7, "at once"), (7, "decided")]


def test_nothing_happens_at_or_after_the_end():
    env = Clock()
    diary = Diary(env)
    call_at(env, 9, diary.note, "in time")
    call_at(env, 10, diary.note, "too late")
    live(env, 10, diary)
    assert diary.lines == [(9, "in time"), (9, "decided")]


def test_processes_and_calls_share_one_clock():
    env = Clock()
    diary = Diary(env)

    def months():
        for _ in range(2):
            yield env.timeout(30)
            diary.lines.append((env.now, "month"))

    env.process(months())
    call_at(env, 45, diary.note, "between")
    live(env, 100, diary)
    said = [line for line in diary.lines if line[1] != "decided"]
    assert said == [(30, "month"), (45, "between"), (60, "month")]


def test_a_call_can_be_used_again():
    env = Clock()
    diary = Diary(env)
    call = Call(diary.note, "again")

    def twice(_: Call) -> None:
        call.callbacks = (diary.note,)
        env.schedule(call, delay=5)  # type: ignore[arg-type]

    env.schedule(call, delay=1)  # type: ignore[arg-type]
    call_at(env, 2, twice)
    live(env, 100, diary)
    assert [line for line in diary.lines if line[1] == "again"] == [(1, "again"), (7, "again")]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), max_size=30), st.integers(1, 25))
def test_the_loop_does_what_steps_do(calls: list[tuple[int, int]], until: int) -> None:
    """Whatever is called when, and whatever calls set off, at once or later."""

    def lived(loop) -> list[tuple[int, object]]:
        env = Clock()
        diary = Diary(env)

        def again(call: Call) -> None:
            diary.note(call)
            if call.arg:
                call_at(env, env.now + call.arg - 1, again, call.arg - 1)

        diary.once = "at once"
        for when, more in calls:
            call_at(env, when, again, more)
        loop(env, until, diary)
        return diary.lines

    assert lived(live) == lived(live_by_steps)


def test_what_fails_on_the_way_is_raised() -> None:
    for loop in (live, live_by_steps):
        env = Clock()

        def fails(env=env):
            yield env.timeout(1)
            raise ValueError("on the way")

        env.process(fails())
        with pytest.raises(ValueError, match="on the way"):
            loop(env, 10, Diary(env))


def test_living_on_decides_at_no_minute_more() -> None:
    def lived(*stops: int) -> tuple[list[tuple[int, object]], int]:
        env = Clock()
        diary = Diary(env)
        for when, what in ((3, "a"), (7, "b"), (12, "c")):
            call_at(env, when, diary.note, what)
        for stop in stops:
            live(env, stop, diary)
        return diary.lines, len(env._queue)

    assert lived(5, 7, 10, 20) == lived(20)


def test_a_clock_laid_down_keeps_the_order_of_one_minute() -> None:
    env = Clock()
    for what in "abc":
        env.schedule(what, delay=4)
    taken_up = loads(dumps(env))
    taken_up.schedule("d", delay=4)
    assert [entry[3] for entry in sorted(taken_up._queue)] == ["a", "b", "c", "d"]
    assert taken_up.now == env.now == 0
