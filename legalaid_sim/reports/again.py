"""A finished run read back from its folder, as the run itself gave it."""

from pathlib import Path

from legalaid_sim.events import MatterClosed, MatterOpened
from legalaid_sim.experiments.run.recording import telling_matter
from legalaid_sim.experiments.run.running import Finished
from legalaid_sim.experiments.shared.doubt_files import doubts_from
from legalaid_sim.experiments.shared.ratios import pooled_among
from legalaid_sim.experiments.shared.replicate import estimates
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports.material import FIRST, Material
from legalaid_sim.results import open_run


def finished_again(folder: Path) -> Finished:
    """Read a results folder back; raises ``ResultsError`` where it is none."""
    with open_run(folder) as run:
        material = Material(run)
        series = {name: list(run.reader.measures(name)) for name in run.regimes}
        names, drawn = tuple(REGISTRY), material.scenario.ignorance
        pooled = pooled_among(series, names, drawn)
        means = {name: estimates(values, names, pooled, drawn) for name, values in series.items()}
        first = run.regimes[0]
        kept = (first, FIRST, True) in {(row[0], row[1], row[4]) for row in run.reader.runs()}
        closed = run.reader.part(first, FIRST, (MatterOpened, MatterClosed)) if kept else None
        example = {first: telling_matter(closed)} if closed else {}
        doubts = doubts_from(material.beside("ignorance.json"))
        return Finished(
            folder, run.manifest, means, example, material.contrasts, material.prices, tuple(doubts)
        )
