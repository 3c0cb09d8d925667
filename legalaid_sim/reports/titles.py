"""What pages call contracts: short titles, never the names of files where there is another."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from legalaid_sim.experiments.shared.plans import short_title_of
from legalaid_sim.reports.finding import plain, upper

CALLED = 28
Data = Mapping[str, Any]
Contracts = Mapping[str, Sequence[Data]]


def short_titles(contracts: Contracts) -> dict[str, str]:
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
