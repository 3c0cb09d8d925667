"""``legalaid-sim attribute``: which clauses cause the difference between two contracts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from legalaid_sim.arguments import CLAUSES, WORLDS_OF_PAIRS
from legalaid_sim.cli import options
from legalaid_sim.cli.saving import safe
from legalaid_sim.cli.telling import warn

RESULTS = Path("results")


@click.command("attribute")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--from", "before", required=True, metavar="NAME|FILE", help="The contract to start from.")
@click.option("--to", "after", required=True, metavar="NAME|FILE", help="The contract to arrive at.")
@options.measures("Share this measure out; repeat it. The headline measures where none is named.")
@options.replications("Worlds.", WORLDS_OF_PAIRS, default=5)
@click.option(
    "--exact-up-to",
    type=options.within(CLAUSES),
    default=8,
    show_default=True,
    metavar="N",
    help="Try every set of up to N clauses; draw orders beyond.",
)
@click.option(
    "--orders",
    type=click.IntRange(1, 10_000),
    default=4,
    show_default=True,
    metavar="N",
    help="Orders drawn in each world, each with its reverse.",
)
@options.seed()
@options.workers()
@options.out("Write the JSON object here too, and a report beside it.", "FILE")
@options.as_json()
def command(
    scenario: Path,
    before: str,
    after: str,
    measures: tuple[str, ...],
    replications: int,
    exact_up_to: int,
    orders: int,
    seed: int | None,
    workers: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """\b
    Examples:
      legalaid-sim attribute my.yaml --from unified-contract-2007 --to relational-pilot
      legalaid-sim attribute my.yaml --from old.yaml --to new.yaml -m continuity.coc -r 10

    Share the change of each measure out over the clauses in which two contracts differ. The shares sum to the
    whole change; each has an interval over the worlds of SCENARIO. The same command goes on where it was stopped.
    """
    from legalaid_sim.experiments.attribution.attributing import AttributionOptions, as_data, attribute
    from legalaid_sim.files import written_whole
    from legalaid_sim.reports.attribution import render_attribution
    from legalaid_sim.reports.console import ProgressBar
    from legalaid_sim.reports.studies import write_study
    from legalaid_sim.results.folder import slug

    place = out or RESULTS / slug(scenario.stem) / "attribution.json"
    asked = AttributionOptions(
        before, after, measures, replications, exact_up_to, orders, seed, workers, place
    )
    # The place is tried before the work; without one only what is done on the way is kept, as `run` keeps it.
    with written_whole(safe(out)) if out is not None else _on_the_way(place.parent) as partial:
        with ProgressBar(as_json, "runs") as bar:
            found = attribute(scenario, asked, bar.show, tell=warn)
        text = json.dumps(as_data(scenario, found), indent=2, ensure_ascii=False, allow_nan=False)
        if partial is not None:
            partial.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    if out is not None:
        write_study(safe(out.with_suffix(".html")), json.loads(text))
    click.echo(text if as_json else render_attribution(found))


@contextmanager
def _on_the_way(folder: Path) -> Iterator[None]:
    """Make a folder for what is kept on the way, gone again where nothing is left in it."""
    made = [part for part in (folder, *folder.parents) if not part.exists()]
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        with suppress(OSError):
            for part in made:
                part.rmdir()
