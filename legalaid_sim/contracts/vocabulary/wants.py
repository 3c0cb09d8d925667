"""What must happen for a block to act: words of the vocabulary, and what they must be where that matters."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from legalaid_sim.contracts.vocabulary.conditions import compile_test, plain, plain_name
from legalaid_sim.contracts.vocabulary.facts import TIME_HEADINGS
from legalaid_sim.contracts.vocabulary.settings import LivedSetting
from legalaid_sim.contracts.vocabulary.words import Word, WordSort, named, values_in

ANYTHING = object()


class Wanted(NamedTuple):
    """Something that must happen: a word of the vocabulary, and what it must be where that matters."""

    sort: WordSort
    name: str
    condition: Any = ANYTHING

    def here(self, setting: LivedSetting) -> bool:
        """Tell whether a run can bring it about in a setting."""
        values = values_in(setting, self.sort, self.name)
        if values is None:
            return True
        if self.condition is ANYTHING:
            return bool(values)
        test, _ = compile_test(self.condition)
        return any(test(plain(value)) for value in values)

    def always(self, setting: LivedSetting) -> bool:
        """Tell whether nothing else can come about in a setting."""
        values = values_in(setting, self.sort, self.name)
        test, _ = compile_test(self.condition)
        return bool(values) and all(test(plain(value)) for value in values or ())

    @property
    def word(self) -> Word | None:
        """The entry of the vocabulary."""
        return named(self.sort, self.name)[0]

    def __str__(self) -> str:
        name = plain_name(self.name)
        if self.condition is ANYTHING:
            return f"{_KINDS[self.sort]} {name}"
        whose, _, fact = name.rpartition(".")
        return f"a {whose or 'matter'} whose {fact} is {compile_test(self.condition)[1]}"


_KINDS: Mapping[WordSort, str] = {
    "event": "the event", "fact": "the fact", "minutes": "minutes of", "costs": "costs of", "count": "the event",
    "stage": "the stage", "call": "calls with", "month": "the month's", "measure": "the measure",
}  # fmt: skip


AnyOf = tuple[Wanted, ...]
# A key of a block by its path within it, and what it needs, one or another.
NeededKey = tuple[str, AnyOf]


def wanted(name: str, condition: Any = ANYTHING) -> AnyOf:
    """A fact by its name; a bare name may be a count as well."""
    fact = Wanted("fact", name, condition)
    bare = plain_name(name)
    return (fact,) if "." in bare or condition is not ANYTHING else (fact, Wanted("count", bare))


def by_heading(name: str) -> Wanted:
    """Work under a heading: as time where it has time, else as costs."""
    return Wanted("minutes" if name in TIME_HEADINGS else "costs", name)


def either(heading: str) -> AnyOf:
    """Work under a heading, as time or as costs."""
    timed = (Wanted("minutes", heading),) if heading in TIME_HEADINGS else ()
    return (*timed, Wanted("costs", heading))
