"""Libraries that only some exports need, asked for by the name under which the package offers them."""

from importlib import import_module
from typing import Any

from legalaid_sim.errors import ResultsError
from legalaid_sim.extras import install_line


def wanted(module: str, extra: str) -> Any:
    """Import a library; raises ``ResultsError`` that says how to get it where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        words = f"needs the library {module.partition('.')[0]}: {install_line(extra)}"
        raise ResultsError(f"--format {extra}", words) from error
