"""The digest of a world: every value in it counts, and nothing else does."""

from collections.abc import Iterator
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import pytest

from legalaid_sim.brought import DateDraw
from legalaid_sim.world import World, sample
from tests.builders.scenarios import small
from tests.oracle import BOOKED, BRINGING

PROBLEMS: Any = BRINGING["brought-and-asked-for"]["clients__problems"]
EVERYTHING: dict[str, Any] = {
    **BRINGING["brought-and-asked-for"],
    **BOOKED["booked"],
    "clients__problems": {
        name: {**kind, "date": {"share": share, "days": 20, "at": "court"}}
        for share, (name, kind) in zip((0.5, 1.0), PROBLEMS.items(), strict=True)
    },
    "period": {"starts": "2009-04-01", "months": 1, "lead_in_months": 0, "run_out_months": 0},
    "clients__arrivals": {"per_week": 6},
    "advisers": [{"role": "caseworker", "skill": {"debt": 1.2}}],
    "assumptions": {"organisation.stage_hand_over": 0.1, "outcome.undone_per_month": 0.1},
}


def changed(value: Any) -> Any:
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"{value}x"
    return value + 1


def others(value: Any, most: int = 3, a_row: bool = True) -> Iterator[tuple[str, Any]]:
    """The same structure with one value in it changed, each in turn, or one thing left out; where, and what."""
    if isinstance(value, bool | str | int | float | Fraction):
        yield "", changed(value)
    elif value is None:
        # What may be left out of a world is the date of a problem alone.
        yield "", DateDraw(1, 2, "")
    elif isinstance(value, dict):
        for key, inner in list(value.items())[:most]:
            yield f"[{key}]", {f"{at}x" if at == key else at: each for at, each in value.items()}
            for where, other in others(inner, most):
                yield f"[{key}]{where}", {**value, key: other}
    elif isinstance(value, frozenset):
        yield "+", value | {"another"}
    elif hasattr(value, "_fields"):
        if isinstance(value, DateDraw):
            yield "", None
        for name in value._fields:
            for where, other in others(getattr(value, name), most):
                yield f".{name}{where}", value._replace(**{name: other})
    elif isinstance(value, tuple):
        for at, inner in enumerate(value[:most]):
            for where, other in others(inner, most, a_row=False):
                yield f"[{at}]{where}", (*value[:at], other, *value[at + 1 :])
        if value and a_row:
            yield "[:-1]", value[:-1]
    else:
        raise TypeError(f"a world holds {value!r}")


@pytest.fixture(scope="module")
def world() -> World:
    made = sample(small(**EVERYTHING), 1)
    full = [person for person in made.people if any(plan.follow_ons for plan in person.problems)]
    return replace(made, people=tuple(full[:2]), payer=made.payer[:2], opening=((0, 10), (20, 30)))


def test_no_two_worlds_have_one_digest(world):
    seen = {world.digest: "as it is"}
    for field in fields(World):
        for where, other in others(getattr(world, field.name)):
            digest = replace(world, **{field.name: other}).digest
            assert digest not in seen, f"{field.name}{where} is as {seen[digest]}"
            seen[digest] = f"{field.name}{where}"
    assert len(seen) > 300
    parts = " ".join(seen.values())
    for name in ("follow_ons", "tries", "u_stage", "outlays", "facts", "holders", "u_disclose", "sessions",
                 "date.after", "date.desk", "refill", "between", "sick"):  # fmt: skip
        assert name in parts, f"the world of this test has no {name}"


def test_a_value_that_moves_from_one_thing_to_the_next_moves_the_digest(world):
    first, second = world.people[0].problems[0], world.people[1].problems[0]
    shorter = first._replace(contacts=first.contacts[:-1])
    longer = second._replace(contacts=(first.contacts[-1], *second.contacts))
    people = (
        world.people[0]._replace(problems=(shorter,)),
        world.people[1]._replace(problems=(longer,)),
    )
    plain = tuple(person._replace(problems=person.problems[:1]) for person in world.people)
    assert replace(world, people=people).digest != replace(world, people=plain).digest


def test_the_digest_is_of_values_alone(world):
    again = replace(world, brought=dict(world.brought), people=(*world.people,))
    assert again.digest == world.digest
    assert len(world.digest) == 64
