"""The STRESS-DES checklist, filled from the folder wherever it can be, and honest where it cannot.

Items and their numbers after Monks et al. 2018, Journal of Simulation 13(1), doi
10.1080/17477778.2018.1442155; the words are our own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from legalaid_sim.measures import HEADLINES, REGISTRY
from legalaid_sim.reports.finding import plain
from legalaid_sim.reports.material import Material
from legalaid_sim.units import add_up, counted

SOURCE = "Monks et al. 2018, doi 10.1080/17477778.2018.1442155"
Filled = Literal["by the software", "from the scenario", "not done"]
LIMIT = 3000


class StressItem(NamedTuple):
    """One item: its number and name, who filled it, and what there is to say."""

    number: str
    name: str
    filled: Filled
    text: str


def checklist(material: Material) -> list[StressItem]:
    """Give all twenty items, the components one by one."""
    return [*_objectives(material), *_logic(material), *_data(material), *_runs(material), *_code(material)]


def told(number: str, name: str, text: str, where: str) -> StressItem:
    """Give an item that only a person can fill: from the scenario, or 'not done', and where it is to be said."""
    words = text.strip()
    return (
        StressItem(number, name, "from the scenario", plain(words, LIMIT))
        if words
        else StressItem(number, name, "not done", f"Only people can say it: {where}.")
    )


def made(number: str, name: str, text: str) -> StressItem:
    """Give an item that the software fills."""
    return StressItem(number, name, "by the software", plain(text, LIMIT))


def _objectives(material: Material) -> Iterator[StressItem]:
    about = material.scenario.about
    yield told("1.1", "Purpose of the model", about.purpose, "about.purpose in the scenario")
    yield made(
        "1.2",
        "Outputs",
        f"{len(REGISTRY)} measures, each with unit, formula, population and source under 'Every measure'; "
        f"{len(HEADLINES)} are headline measures. Means over worlds with 95 % intervals by Student's t; "
        "differences are paired by world.",
    )
    yield told("1.3", "Aims of the experiment", about.question, "about.question in the scenario")


def _logic(material: Material) -> Iterator[StressItem]:
    scenario = material.scenario
    yield made(
        "2.1",
        "Overview",
        "A client asks, waits, is seen or leaves; a matter is opened, met on, worked on, perhaps handed "
        "over, closed; the problem is resolved or not, and a problem left unresolved can bring others. "
        "What can happen, and how often it did in the first world, is in the table of events below.",
    )
    yield made(
        "2.2",
        "Logic of the base model",
        f"{plain(material.baseline)} is the contract that the others are set against. Providers respond to "
        "pay: "
        f"{scenario.respond}. " + _allocation(material),
    )
    yield made("2.3", "Logic of the scenarios", _regimes(material))
    yield made(
        "2.4",
        "Algorithms",
        "Decisions compare a number drawn beforehand for that person and occasion with a chance worked out "
        "from the state. Contracts are compiled to tables and rules in whole pence; a receipt gives the "
        "steps for each matter. Where providers respond, effort is chosen against the pay that a contract "
        "would give for it (Ellis and McGuire 1986).",
    )
    yield made(
        "2.5.1",
        "Entities",
        "Clients with one problem or several, each with relational need, vulnerability and preferred "
        "channel; matters; duties that a contract lays on a matter or a month.",
    )
    yield made(
        "2.5.2",
        "Activities",
        "Contact, listening, casework, contract duties, other admin, hand-over, supervision; a minute is "
        "in one of them only.",
    )
    yield made("2.5.3", "Resources", _staff(material))
    yield made(
        "2.5.4",
        "Queues",
        "Each organisation keeps meetings and tasks in order of when they are due; a person without an own "
        "adviser takes whoever is free by the organisation's rule of allocation; people leave a queue when "
        "their patience ends.",
    )
    yield made(
        "2.5.5",
        "Entry and exit",
        f"Arrivals {_arrivals(material)}. People leave by being helped, turned away, giving up, or the end "
        "of the records.",
    )


def _allocation(material: Material) -> str:
    rules = {house.organisation.allocation.first for house in material.scenario.houses}
    return f"A new client goes to: {', '.join(sorted(rule.replace('_', ' ') for rule in rules))}."


def _regimes(material: Material) -> str:
    return "; ".join(
        f"{plain(name)}: contracts "
        f"{', '.join(plain(each['name']) for each in regime['contracts']) or 'none'}, practice "
        f"{_practice(regime['practice'])}"
        for name, regime in material.manifest["regimes"].items()
        if name in material.regimes
    )


def _practice(practice: Mapping[str, object]) -> str:
    told = ", ".join(f"{key} {value}" for key, value in practice.items())
    return told or "as the organisation has it"


def _staff(material: Material) -> str:
    return "; ".join(
        f"{plain(house.organisation.name)}: "
        + ", ".join(
            f"{post.number} {post.role} at {post.hours_per_week:g} hours a week" for post in house.advisers
        )
        for house in material.scenario.houses
    )


def _arrivals(material: Material) -> str:
    rate = material.scenario.clients.arrivals.per_day * 7
    return f"at {rate:,.1f} people a week on average, at random"


def _data(material: Material) -> Iterator[StressItem]:
    about, evidence = material.scenario.about, material.manifest["evidence"]
    yield told("3.1", "Sources of data", "; ".join(about.sources), "about.sources in the scenario")
    yield made(
        "3.2",
        "Preparation of data",
        "None by the software: figures are read as they are written, each with its source.",
    )
    yield made(
        "3.3",
        "Input parameters",
        f"{len(evidence)} parameters of the evidence register, in the table of assumptions below; the "
        "scenario and the contracts whole in the folder 'inputs'.",
    )
    yield made(
        "3.4",
        "Assumptions",
        f"{_assumed(material)} of {len(evidence)} parameters are marked assumed; "
        f"{plain(about.limitations, 600) or 'the scenario names no limitations'}",
    )


def _assumed(material: Material) -> int:
    from legalaid_sim.evidence import register

    used = material.manifest["evidence"]
    return add_up(known.confidence == "assumed" for path, known in register().items() if path in used)


def _runs(material: Material) -> Iterator[StressItem]:
    period, told_ = material.scenario.period, material.manifest["stopping"]
    yield made(
        "4.1",
        "Initialisation",
        f"A terminating simulation; a lead-in of {counted(period.lead_in_months, 'month')} is lived first, so "
        "that queues and caseloads fill. No test for the length of the lead-in was made.",
    )
    yield made(
        "4.2",
        "Run length",
        f"A window of {counted(period.months, 'month')} from {period.starts}, and a run-out of "
        f"{counted(period.run_out_months, 'month')}, lived without new clients. "
        "Time is in whole minutes, money in whole pence.",
    )
    rule = (
        f"stopping when the interval of {told_['measure']} is within {told_['half_width']:g}"
        if told_["measure"]
        else "a number fixed beforehand"
    )
    yield made(
        "4.3",
        "Estimation",
        f"{counted(material.worlds, 'world')}, {rule}; the same under every contract. Differences are adjusted "
        "for being several by Holm's method (1979).",
    )


def _code(material: Material) -> Iterator[StressItem]:
    told_, versions = material.manifest["made"], material.manifest["versions"]
    yield made(
        "5.1", "Software", ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    )
    yield made(
        "5.2",
        "Random numbers",
        f"PCG64 streams keyed by purpose, person and occasion, seed {material.manifest['seed']}; own "
        "inverse distribution functions; all chance is drawn before a contract is looked at, so every "
        "contract meets the same world.",
    )
    yield made(
        "5.3",
        "Execution",
        "Events on SimPy's clock; what falls on one minute is decided when the minute is over, in an order "
        "of the domain and never in that of creation.",
    )
    yield made(
        "5.4",
        "System",
        f"{told_['platform']}, {told_['processor']}; {told_['seconds']:,.0f} seconds"
        + (f" with {told_['workers']} processes" if told_["workers"] else ""),
    )
    yield made(
        "6.1",
        "Access to the model",
        f"legalaid-sim {versions['legalaid-sim']}, MIT licence, commit {told_['commit'] or 'not known'}; "
        "the folder holds all inputs; see 'How to get the same bytes again'.",
    )


def undone(items: Sequence[StressItem]) -> int:
    """Count the items that were not done."""
    return add_up(item.filled == "not done" for item in items)
