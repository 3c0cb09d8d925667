"""How files, contracts and measures are named in a call from Python."""

from collections.abc import Iterable, Sequence
from pathlib import Path

NameOrPath = str | Path
Contracts = NameOrPath | Sequence[NameOrPath]
Texts = str | Iterable[str]


def several(contracts: Contracts) -> tuple[str, ...]:
    """Give the contracts named, one or more, as text."""
    if isinstance(contracts, (str, Path)):
        return (str(contracts),)
    return tuple(str(contract) for contract in contracts)
