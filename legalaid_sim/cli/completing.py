"""What a shell is offered for an argument, while it is typed: contracts of the library, measures, files."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def contracts(ctx: click.Context, param: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Offer the contracts of the library that begin so; files where none does."""
    from click.shell_completion import CompletionItem

    from legalaid_sim.contracts.language.load import library_names

    found = [CompletionItem(name) for name in library_names() if name.startswith(begun)]
    return found or [CompletionItem(begun, type="file")]


def measures(ctx: click.Context, param: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Offer the measures that begin so, with what they mean."""
    from click.shell_completion import CompletionItem

    from legalaid_sim.measures import REGISTRY

    return [CompletionItem(m.name, help=m.meaning) for m in REGISTRY.values() if m.name.startswith(begun)]
