"""Going through what is written, outside in."""

from collections.abc import Iterator
from typing import Any

from legalaid_sim.yamlfile import Path


def walk(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Go through everything in plain data, outside in, with its path."""
    yield path, data
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from walk(value, (*path, key))
