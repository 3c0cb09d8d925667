"""Write what ``--out`` asks for: whole, and never through a link that leads out of its directory."""

from pathlib import Path


def safe(path: Path) -> Path:
    """Give the path as it is; raises ``ResultsError`` where a link on the way leads out of its directory."""
    from legalaid_sim.results.folder import refuse_exits

    refuse_exits(path)
    return path


def outside_results(path: Path) -> Path:
    """Give a safe path as it is; raises ``ResultsError`` where it lies in a folder of results."""
    from legalaid_sim.results.folder import refuse_results

    refuse_results(path)
    return safe(path)


def save(path: Path, text: str) -> None:
    """Write a text in place of what is there; raises ``ResultsError`` where it cannot be written."""
    from legalaid_sim.files import write_whole

    write_whole(safe(path), text)
