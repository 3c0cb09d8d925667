"""What is said of why contracts differ: typed, followed, found; for the terminal and in a figure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from legalaid_sim.experiments.attribution.why import Plans, ranked
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import columns
from legalaid_sim.reports.dots import Data, called, dot, dotted, three
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import label_of, plain
from legalaid_sim.reports.numbers import signed, spread
from legalaid_sim.reports.sweep import duration
from legalaid_sim.reports.titles import clause_in_short, unknown_in_words
from legalaid_sim.units import counted

PARTS = ("typed", "followed", "found")
MOST_PANELS, MOST_SAID = 6, 2
# Of a mean: what sums of floats may differ by where all worlds are alike.
AGREED = 1e-9
LEGEND = (
    "typed: the share (Shapley) of clauses that set the measure directly, with nobody responding to pay; followed: "
    "that of all other clauses and of taking up a new contract at all, by hours, queues and accounts; found: what "
    "responding to pay adds. The three sum to the difference; ± is 95 % over worlds, and 'most by' stands where the "
    "difference is beyond it"
)
NOTHING_FOUND = (
    "Nobody responds to pay in this scenario (respond: none), so nothing is found by construction: what is not typed "
    "into the contracts follows from it"
)


def render_outlook(plans: Plans) -> str:
    """Say how much will be lived and how long it may take, by what the run itself took."""
    from legalaid_sim.reports.columns import wrapped

    long = f", about {duration(plans.seconds)}" if plans.seconds is not None else ""
    others = counted(len(plans.work), "contract")
    return wrapped(f"{counted(plans.runs, 'run')} in {counted(plans.worlds, 'world')}, {others} against "
                   f"{plain(plans.baseline)}{long}")  # fmt: skip


def render_why(data: Data) -> str:
    """Set out for the terminal why each contract differs from the baseline."""
    from legalaid_sim.reports.columns import wrapped

    blocks = [_contract(name, held) for name, held in data["contracts"].items()]
    blocks += [wrapped(f"{plain(name)}: {words}") for name, words in data["left_out"].items()]
    said = [f"{NOTHING_FOUND}."] if data["respond"] == "none" else []
    return "\n\n".join([*blocks, "\n".join(wrapped(words) for words in (*said, LEGEND))])


def _contract(name: str, held: Data) -> str:
    from legalaid_sim.reports.columns import terminal_width

    turned = any(split["turned_by"] for split in held["measures"].values())
    rows = [["", "difference", *PARTS, "most by", *(["turned by"] if turned else [])]]
    for measure, split in held["measures"].items():
        if split["total"]["mean"] is None:
            continue
        cells = [measure, *_cells(measure, split), few(plain(_most(split)))]
        rows.append([*cells, *([plain(split["turned_by"] or "")] if turned else [])])
    way = "exactly" if held["exact"] else "over drawn orders"
    head = f"{plain(name)}: {counted(len(held['clauses']), 'clause')}, shared out {way}"
    return f"{head}\n{columns.set_out(rows, terminal_width())}"


def _cells(measure: str, split: Data) -> list[str]:
    unit, total = REGISTRY[measure].unit, total_of(split)
    parts = [Estimate(**split[part]) for part in PARTS]
    return [spread(total, unit, sign=True), *(signed(each.mean, unit, total.half_width) for each in parts)]


def total_of(split: Data) -> Estimate:
    """Give a whole difference; without an interval where all worlds agree but for the last digit."""
    total = Estimate(**split["total"])
    half = total.half_width
    agreed = half is not None and half <= AGREED * abs(total.mean or 0.0)
    return total._replace(low=None, high=None) if agreed else total


def beyond_chance(split: Data) -> bool:
    """Whether a difference can be told from none; where several worlds agree it can, if there is one."""
    total = total_of(split)
    if total.n < 2:
        return False
    if total.low is None or total.high is None:
        return bool(total.mean)
    return total.low > 0 or total.high < 0


def _most(split: Data) -> str:
    """Name the clause that does most, where the difference is beyond chance; empty for none."""
    causes = ranked(split["causes"]) if beyond_chance(split) else ()
    return next((clause for clause, _ in causes), "")


def few(clause: str) -> str:
    """Name a group of clauses by the first of each side, for a narrow column.

    >>> few("duties: short_form, goals, report for matter_form, costs_form")
    'duties: short_form and 2 more for matter_form and 1 more'
    """
    kind, parted, names = clause.partition(": ")
    sides = [side.split(", ") for side in names.split(" for ")]
    told = [f"{side[0]} and {len(side) - 1} more" if len(side) > 1 else side[0] for side in sides]
    return f"{kind}: {' for '.join(told)}" if parted else clause


def why(data: Data) -> Iterator[Figure]:
    """Draw what of each difference is typed, what followed and what was found; set out by which clauses."""
    held = [
        (contract, measure, split)
        for contract, each in data["contracts"].items()
        for measure, split in each["measures"].items()
        if split["total"]["mean"] is not None
    ]
    yield Figure(
        "why",
        "Typed or found",
        " ".join(_sentences(data, held)) or "No difference can be shared out.",
        list(_panels(data, held)),
        FigureTable(
            f"Differences from {called(data, data['baseline'])} in three parts",
            ["contract", "measure", "difference", *PARTS, "most by", "turned by"],
            [
                [called(data, contract), label_of(measure), *_cells(measure, split),
                 clause_in_short(_most(split)) or "–", unknown_in_words(split["turned_by"] or "–")]
                for contract, measure, split in held
            ],
        ),
        [
            ("contract", "measure", "part", "clause", "sets", "mean", "low", "high"),
            *(row for each in held for row in _rows(*each)),
        ],
        list(dict.fromkeys(measure for _, measure, _ in held)),
        f"{LEGEND}. In {counted(data['worlds'], 'world')} of this run; {counted(data['runs'], 'run')}. Which "
        "measures a clause sets is stated by the kind of clause (legalaid_sim/experiments/attribution/typed.py). "
        + " ".join(_left_out(data)),
    )  # fmt: skip


def _left_out(data: Data) -> Iterator[str]:
    for name, why_not in data["left_out"].items():
        yield f"{called(data, name)} is left out: {plain(why_not, 300)}."


def _sentences(data: Data, held: Sequence[tuple[str, str, Data]]) -> Iterator[str]:
    """One for each contract and each of the first measures, those of the question; first what holds by construction."""
    if data["respond"] == "none":
        yield f"{NOTHING_FOUND}."
    for contract in data["contracts"]:
        for _, measure, split in [each for each in held if each[0] == contract][:MOST_SAID]:
            yield _sentence(data, contract, measure, split)


def _sentence(data: Data, contract: str, measure: str, split: Data) -> str:
    total, typed, followed, found = _cells(measure, split)
    if not beyond_chance(split):
        worlds = counted(split["total"]["n"], "world")
        whether = f"Whether '{label_of(measure)}' differs under {called(data, contract)}"
        return f"{whether} cannot be told in {worlds} ({total})."
    by = _typed_by(split)
    turned = (
        f" What turns it most of what is not known: {unknown_in_words(split['turned_by'])}."
        if split["turned_by"]
        else ""
    )
    return (
        f"'{label_of(measure)}' differs by {total} under {called(data, contract)}: {typed} typed{by}, "
        f"{followed} followed, {found} found.{turned}"
    )


def _typed_by(split: Data) -> str:
    first = next((clause for clause, cause in ranked(split["causes"]) if cause["sets"]), "")
    return f" (most by '{clause_in_short(first)}')" if first else ""


def _panels(data: Data, held: Sequence[tuple[str, str, Data]]) -> Iterator[Panel]:
    for contract, measure, split in _first_of_each(held)[:MOST_PANELS]:
        rows = [dot(part, split[part]) for part in PARTS]
        yield Panel(f"{label_of(measure)}: {called(data, contract)}", dotted(rows, measure))


def _first_of_each(held: Sequence[tuple[str, str, Data]]) -> list[tuple[str, str, Data]]:
    """The measures of the question under each contract."""
    names = dict.fromkeys(measure for _, measure, _ in held)
    return [each for each in held if each[1] in list(names)[:MOST_SAID]]


def _rows(contract: str, measure: str, split: Mapping[str, Any]) -> Iterator[Sequence[object]]:
    for part in ("total", *PARTS):
        yield (contract, measure, part, "", "", *three(split[part]))
    for clause, cause in split["causes"].items():
        yield (contract, measure, "share", clause, cause["sets"], *three(cause["share"]))
        yield (contract, measure, "found", clause, cause["sets"], *three(cause["found"]))
