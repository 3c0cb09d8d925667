"""A whole contract as its parts see it: what is looked up in it by kinds of block, which it is itself made of."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from legalaid_sim.contracts.blocks.named import NamedAmount, Series, Table, Term


class Named(Protocol):
    """What holds values with names."""

    @property
    def values(self) -> Mapping[str, NamedAmount]:
        """Values by name."""


class WrittenContract(Named, Protocol):
    """A contract as it was written, every list of blocks in its order."""

    @property
    def contract(self) -> str:
        """Its name."""

    @property
    def title(self) -> str | None:
        """Its name for readers."""

    @property
    def term(self) -> Term:
        """When it starts and how long it runs."""

    @property
    def categories(self) -> Sequence[str]:
        """Categories of law that it covers."""

    @property
    def regions(self) -> Sequence[str]:
        """Regions that it tells apart."""

    @property
    def tables(self) -> Mapping[str, Table]:
        """Tables by name."""

    @property
    def series(self) -> Mapping[str, Series]:
        """Series by name."""

    @property
    def payments(self) -> Sequence[Any]:
        """Blocks that pay."""

    @property
    def duties(self) -> Sequence[Any]:
        """Blocks that ask for work."""

    @property
    def cash(self) -> Sequence[Any]:
        """Blocks that say when money moves."""

    @property
    def permissions(self) -> Sequence[Any]:
        """Blocks that permit."""

    @property
    def adjustments(self) -> Sequence[Any]:
        """Blocks by which values follow an index."""

    @property
    def examples(self) -> Sequence[Any]:
        """Worked examples."""
