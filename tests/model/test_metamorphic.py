"""What must come of a change, whatever the numbers: relations between two lives of one world."""

import pytest

from tests.model.relations import of_access, of_money, of_relationship, of_surprises, of_work
from tests.model.relations.pairs import MANY, Relation, both, enough, holds

RELATIONS: list[Relation] = [
    relation for table in (of_access, of_relationship, of_work, of_money) for relation in table.RELATIONS
]


def broken(relation: Relation, worlds: int) -> list[str]:
    """Name what did not come of a relation, with both sides."""
    found = both(relation, worlds)
    return [
        f"{name} {way}: {found[name]}" for name, way in relation.comes.items() if not holds(way, found[name])
    ]


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.change)
def test_what_must_come_of_it_comes(relation: Relation) -> None:
    assert not broken(relation, enough(relation)), relation.why


@pytest.mark.long
@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.change)
def test_it_comes_in_many_worlds(relation: Relation) -> None:
    assert not broken(relation, MANY), relation.why


def test_no_change_is_written_down_twice() -> None:
    assert len({relation.change for relation in RELATIONS}) == len(RELATIONS)


@pytest.mark.parametrize("relation", of_surprises.RELATIONS, ids=lambda relation: relation.change)
def test_what_need_not_come_does_not(relation: Relation) -> None:
    # Where one of these begins to hold, its reason no longer does: it goes to the tables of what must come.
    assert len(broken(relation, enough(relation))) == len(relation.comes), relation.why
