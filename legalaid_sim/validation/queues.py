"""A scenario read as a queue: what theory expects of it, and what was seen of it in a log.

The expected values come from the scenario's own numbers, so that who changes a load sees the answer follow.
"""

from collections.abc import Iterator
from typing import NamedTuple

from legalaid_sim.errors import ERROR, Problem, ScenarioError
from legalaid_sim.events import Asked, Contact, Left, Log
from legalaid_sim.evidence import resolve
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.people import ProblemKind
from legalaid_sim.units import MINUTES_PER_DAY, add_up
from legalaid_sim.validation import oracles
from legalaid_sim.yamlfile import Marks, Path, dotted

FOR_EVER_DAYS = 3660
NOWHERE = Marks()
OFF = {
    "missed.chance": 0,
    "contact.listening_minutes": 0,
    "problem.late_factor": 1,
    "follow_on.chance": 0,
    "outcome.return_chance": 0,
    "adviser.leaving_per_month": 0,
    "adviser.other_admin_minutes_per_day": 0,
}

WAIT = "mean wait, minutes"
WAITING = "share who wait"
LEAVING = "share who leave unseen"


class Queue(NamedTuple):
    """A queue: arrivals a minute, mean service (minutes), its squared variability, servers, mean patience."""

    rate: float
    mean: float
    squared_cv: float
    servers: int
    patience: float | None


def queue_of(scenario: Scenario, marks: Marks = NOWHERE) -> Queue:
    """Read a scenario as a queue; raises ``ScenarioError`` naming all that makes it more than a queue."""
    wrong = [_more(path, words, marks) for path, words in _in_the_way(scenario)]
    if wrong:
        raise ScenarioError(tuple(wrong))
    kind = next(iter(scenario.clients.problems.values()))
    service = _service(kind)
    patience = _patience(scenario)
    return Queue(
        scenario.clients.arrivals.per_day / MINUTES_PER_DAY,
        service.mean,
        squared_cv(service) or 0.0,
        add_up(post.number for post in scenario.houses[0].advisers),
        None if patience.fixed is not None else patience.mean * MINUTES_PER_DAY,
    )


def answers(queue: Queue, marks: Marks = NOWHERE) -> dict[str, float]:
    """What theory says, as ``expected`` does; raises ``ScenarioError`` where there is no exact answer."""
    try:
        return expected(queue)
    except ValueError as error:
        raise ScenarioError((_said("SR004", "no-answer", ("advisers",), str(error), marks),)) from error


def expected(queue: Queue) -> dict[str, float]:
    """What theory says of a queue, by measure; raises ``ValueError`` where there is no exact answer."""
    rate, mean, scv, servers, patience = queue
    if patience is not None:
        found = oracles.erlang_a(rate, mean, servers, patience)
        return {LEAVING: found.leaving, WAITING: found.waiting}
    if scv == 1.0:
        return {WAIT: oracles.mean_wait(rate, mean, servers), WAITING: oracles.erlang_c(rate * mean, servers)}
    if servers == 1:
        return {WAIT: oracles.pollaczek_khinchine(rate, mean, scv), WAITING: rate * mean}
    raise ValueError(f"no exact formula is known for {servers} servers whose service is not exponential")


def theory(queue: Queue) -> str:
    """Name the theory that a queue is held against."""
    if queue.patience is not None:
        return "Erlang A"
    return "Erlang C" if queue.squared_cv == 1.0 else "Pollaczek-Khinchine"


def seen(log: Log) -> dict[str, float]:
    """What a log says of all who asked between the lead-in and the run-out."""
    asked = {ask.problem for ask in log.of(Asked) if log.window.opens <= ask.at < log.window.closes}
    waits = [
        contact.waited
        for contact in log.of(Contact)
        if log.window.opens <= contact.began - contact.waited < log.window.closes
    ]
    left = add_up(gone.problem in asked for gone in log.of(Left))
    return {
        WAIT: add_up(waits) / max(1, len(waits)),
        WAITING: (left + add_up(wait > 0 for wait in waits)) / max(1, len(asked)),
        LEAVING: left / max(1, len(asked)),
    }


def squared_cv(shape: Distribution) -> float | None:
    """Variance over squared mean of a distribution as written; None where no formula is kept here."""
    if shape.fixed is not None:
        return 0.0
    if shape.exponential is not None:
        return 1.0
    if shape.erlang is not None:
        return 1.0 / shape.erlang.stages
    if shape.two_point is not None:
        two = shape.two_point
        return (two.high - two.low) ** 2 * two.share_high * (1.0 - two.share_high) / shape.mean**2
    if shape.uniform is not None:
        return (shape.uniform.high - shape.uniform.low) ** 2 / 12.0 / shape.mean**2
    if shape.lognormal is not None and shape.lognormal.at_most is None:
        return shape.lognormal.cv**2
    return None


def _service(kind: ProblemKind) -> Distribution:
    return kind.contact_minutes or Distribution.model_validate({"fixed": 0})


def _patience(scenario: Scenario) -> Distribution:
    return scenario.clients.patience_days or resolve(scenario.assumptions)["client.patience_days"]


def _in_the_way(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """Everything that makes a scenario more than a queue, as (path, what to write instead)."""
    yield from _clients_in_the_way(scenario)
    yield from _house_in_the_way(scenario)
    assumed = resolve(scenario.assumptions)
    for path, value in OFF.items():
        if assumed[path].fixed != value:
            yield ("assumptions", path), f"must be {value}"


def _clients_in_the_way(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    clients = scenario.clients
    if clients.asks != "any_time":
        yield ("clients", "asks"), "must be any_time"
    if clients.several_problems != 0:
        yield ("clients", "several_problems"), "must be 0"
    if clients.days_before_asking is None or clients.days_before_asking.fixed is None:
        yield ("clients", "days_before_asking"), "must be a number"
    patience = _patience(scenario)
    if patience.exponential is None and (patience.fixed is None or patience.fixed < FOR_EVER_DAYS):
        yield ("clients", "patience_days"), f"must be exponential, or {FOR_EVER_DAYS} (for ever)"
    if len(clients.problems) > 1:
        yield ("clients", "problems"), "must be one kind of problem"
        return
    name, kind = next(iter(clients.problems.items()))
    kind_at = ("clients", "problems", name)
    if kind.contacts is None or kind.contacts.fixed != 1:
        yield (*kind_at, "contacts"), "must be 1"
    if kind.casework_minutes is None or not kind.casework_minutes.is_zero:
        yield (*kind_at, "casework_minutes"), "must be 0"
    service = squared_cv(_service(kind))
    if kind.contact_minutes is None or service is None:
        yield (
            (*kind_at, "contact_minutes"),
            "must be fixed, exponential, erlang, two_point, uniform or an uncut lognormal",
        )
    elif patience.exponential is not None and kind.contact_minutes.exponential is None:
        yield (*kind_at, "contact_minutes"), "must be exponential where patience is"


def _house_in_the_way(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    if len(scenario.houses) > 1:
        yield ("agencies",), "must be one organisation"
        return
    house = scenario.houses[0]
    allocation = house.organisation.allocation
    if allocation.first != "pool":
        yield ("organisation", "allocation", "first"), "must be pool"
    if allocation.own_adviser_patience_days != 0:
        yield ("organisation", "allocation", "own_adviser_patience_days"), "must be 0"
    if allocation.waiting_list_limit is not None:
        yield ("organisation", "allocation", "waiting_list_limit"), "must be left out"
    if house.organisation.supervision_minutes_per_week != 0:
        yield ("organisation", "supervision_minutes_per_week"), "must be 0"
    if not all(post.always_on for post in house.advisers):
        yield ("advisers",), "must all be always_on"


def _more(path: Path, words: str, marks: Marks) -> Problem:
    return _said(
        "SR003", "not-a-queue", path, f"{dotted(path)} {words} for queueing theory to have an answer", marks
    )


def _said(code: str, name: str, path: Path, words: str, marks: Marks) -> Problem:
    mark = marks.value(path)
    place = (mark.file, mark.line, mark.column, mark.width)
    remedy = "`legalaid-sim validate --copy DIR` writes the queueing scenarios to start from"
    return Problem(code, name, ERROR, words, *place, dotted(path), remedy)
