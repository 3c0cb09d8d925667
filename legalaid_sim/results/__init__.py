"""The results folder: written whole or not at all, read back as the log it was written from."""

from legalaid_sim.results.run import ResultsFolder, Run, open_folder, open_run

__all__ = ["ResultsFolder", "Run", "open_folder", "open_run"]
