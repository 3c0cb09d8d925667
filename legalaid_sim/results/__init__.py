"""The results folder: written whole or not at all, read back as the log it was written from."""

from legalaid_sim.results.run import Run, open_run

__all__ = ["Run", "open_run"]
