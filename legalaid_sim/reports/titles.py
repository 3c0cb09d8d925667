"""What pages call contracts: short titles, never the names of files where there is another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from legalaid_sim.evidence import register
from legalaid_sim.experiments.shared.axes import Target, target_of, value_in
from legalaid_sim.experiments.shared.axis import Axis
from legalaid_sim.experiments.shared.places import place_of
from legalaid_sim.experiments.shared.plans import short_title_of
from legalaid_sim.reports.finding import plain, upper

CALLED, MOST_LETTERS = 28, 90
Data = Mapping[str, Any]
ContractData = Mapping[str, Sequence[Data]]


def short_titles(contracts: ContractData) -> dict[str, str]:
    """Give the short title of each of what is lived that is a contract of that name and has one."""
    found = {name: short_title_of(name, held) for name, held in contracts.items()}
    return {name: words for name, words in found.items() if words}


def titled(names: Iterable[str], short: Mapping[str, str]) -> dict[str, str]:
    """Call each name by its short title, or in words; no two alike.

    >>> titled(["my-pilot", "old"], {"old": "Fees, 2007"})
    {'my-pilot': 'My pilot', 'old': 'Fees, 2007'}
    """
    found: dict[str, str] = {}
    for name in names:
        words = plain(short.get(name) or upper(name.replace("-", " ")), CALLED)
        found[name] = words if words not in found.values() else f"{words[: CALLED - 4]} ({len(found) + 1})"
    return found


def titles_of(data: Data, manifest: Data) -> dict[str, str]:
    """Call the contracts of a study, by its own object and by the manifest of its rows where one lies beside it."""
    short = {**data.get("short_titles", {}), **short_titles(manifest.get("contracts", {}))}
    return titled(dict.fromkeys((*manifest.get("contracts", ()), *_named(data))), short)


def _named(data: Data) -> list[str]:
    """Give the contracts that a study speaks of."""
    held = [data.get(key) for key in ("baseline", "from", "to", "contract")]
    held += [
        *data.get("contracts", ()),
        *(each["contract"] for each in data.get("differences", ()) if "contract" in each),
    ]
    return [name for name in held if isinstance(name, str)]


def places_of(manifest: Data, titles: Mapping[str, str]) -> dict[str, str]:
    """Call each thing that was varied in words, by its name in the rows; nothing without a manifest."""
    found = {}
    for name, target in _varied(manifest):
        only = ", ".join(titles.get(each, each) for each in target.only)
        place = place_of(target, _contracts(manifest, target))
        words = f"{place.key} ({place.title})" if place.key else place.title
        found[name] = plain(words, MOST_LETTERS) + (f" ({only})" if only else "")
    return found


def now_of(manifest: Data) -> dict[str, float]:
    """Give the number that stands where each thing was varied, by its name in the rows; nothing where none does."""
    found, scenario = {}, manifest.get("scenario", {}).get("resolved", {})
    for name, target in _varied(manifest):
        value = value_in(target, _contracts(manifest, target), scenario)
        with suppress(TypeError, ValueError):
            found[name] = float(value)
    return found


def _varied(manifest: Data) -> Iterator[tuple[str, Target]]:
    for name, vary in zip(manifest.get("axes", ()), manifest.get("vary", ())):
        yield name, target_of(Axis.model_construct(**{"only": [], **vary}))


def _contracts(manifest: Data, target: Target) -> list[Data]:
    held = manifest.get("contracts", {}).items()
    return [data for name, contracts in held if target.reaches(name) for data in contracts]


def unknown_in_words(name: str, most: int = MOST_LETTERS) -> str:
    """Call what nobody knows by the title of the parameter, else by its path in words.

    >>> unknown_in_words("clients.arrivals.per_week")
    'clients, arrivals, per week'
    """
    known = register().get(name)
    return plain(known.title if known else name.replace(".", ", ").replace("_", " "), most)


def clause_in_short(clause: str) -> str:
    """Name a clause, or a group of them by the first of each side, in few words.

    >>> clause_in_short("standards.own_adviser")
    'own adviser'
    >>> clause_in_short("duties: short_form, goals, report for matter_form, costs_form")
    'short form and 2 more for matter form and 1 more'
    """
    room, dotted, name = clause.partition(".")
    if dotted and " " not in room:
        return plain(name).replace("_", " ")
    kind, parted, names = clause.partition(": ")
    sides = [side.split(", ") for side in names.split(" for ")]
    told = [f"{side[0]} and {len(side) - 1} more" if len(side) > 1 else side[0] for side in sides]
    return plain(" for ".join(told) if parted else kind, MOST_LETTERS).replace("_", " ")
