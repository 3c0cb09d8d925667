"""A measure: what it says, in what unit, of whom, by which formula, after whom; and its fold."""

from collections.abc import Callable
from dataclasses import dataclass

from legalaid_sim.events import Log
from legalaid_sim.measures.folded import Folded

HIGHER, LOWER, NEITHER = "higher", "lower", "neither"

FOLLOWED = "each followed from first asking for as long as the run-out lasts"
COHORT = f"clients who first asked within the window, {FOLLOWED}"
SEEN = f"{COHORT}; those seen at least once"
SEEN_TWICE = f"{COHORT}; those seen at least twice"
COHORT_MATTERS = f"matters of clients who first asked within the window, {FOLLOWED}"
COHORT_PROBLEMS = f"problems asked about by clients who first asked within the window, {FOLLOWED}"
DONE_WITHIN = "what was done within the window, whoever for"
ADVISER_MONTHS = "all adviser months that end within the window"

OWN = "own definition, 2026"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing a log can say.

    ``name`` is stable and dotted, its first part the theme. ``better`` is ``higher``, ``lower`` or
    ``neither``. A measure of nothing is ``None``, never 0; ``undefined`` says when. ``fold`` reads the folded
    log and nothing else. ``short`` are the few words for tables and
    charts, empty where the name has them; ``also`` what readers call it.
    """

    name: str
    meaning: str
    unit: str
    formula: str
    population: str
    better: str
    fold: Callable[[Folded], float | None]
    source: str = OWN
    undefined: str = "nobody and nothing in the population"
    headline: bool = False
    short: str = ""
    also: str = ""

    @property
    def label(self) -> str:
        """Name the measure in a few words."""
        return self.short or self.name.partition(".")[2].removesuffix("_share").replace("_", " ")

    @property
    def phrase(self) -> str:
        """Give the meaning, up to its colon, so that it can stand within a sentence."""
        words = self.meaning.rstrip(".").partition(":")[0]
        return words[:1].lower() + words[1:]

    @property
    def theme(self) -> str:
        """Give the first part of the name, such as ``continuity`` or ``money``."""
        return self.name.partition(".")[0]

    def __call__(self, log: Log) -> float | None:
        """Take this measure of a log."""
        return self.fold(Folded(log))
