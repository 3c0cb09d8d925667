"""What only the whole of a scenario can tell: names that must match, sizes, warnings that name the consequence."""

from collections.abc import Iterator
from copy import deepcopy
from math import fsum
from typing import Any

from legalaid_sim.diagnostics import did_you_mean
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import Problem
from legalaid_sim.evidence import register, resolve
from legalaid_sim.scenario.agencies import Agency, Post
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.regimes import Practice
from legalaid_sim.units import MINUTES_PER_HOUR, MONTHS_PER_YEAR
from legalaid_sim.yamlfile import Document, Path

PEOPLE_LIMIT = 2_000_000
# Of a year: hours at work of a full-time adviser after leave, sickness and bank holidays, roughly.
WEEKS_AT_WORK = 43.0
FAR_TOO_MANY = 1.5
# Roles that take no matters: they answer, listen or run the office.
NO_ADVISERS = ("telephone_operator", "volunteer", "peer_supporter", "admin")
# Ways in that begin with an operator's call.
BY_TELEPHONE = ("telephone_gateway", "telephone_hub")
NEEDS = ("contacts", "contact_minutes", "casework_minutes")


def senseless(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Give every problem that the models cannot see, with its place."""
    yield from _assumptions(scenario, document)
    yield from _guesses(scenario, document)
    yield from _categories(scenario, document)
    yield from _people(scenario, document)
    yield from _whole_years(scenario, document)
    yield from _no_shared_life(scenario, document)
    if not any(problem.severity == "error" for problem in _assumptions(scenario, document)):
        yield from _load(scenario, document)
        yield from _lead_in(scenario, document)


def _assumptions(scenario: Scenario, document: Document) -> Iterator[Problem]:
    known = register()
    for path, value in scenario.assumptions.items():
        place: Path = ("assumptions", path)
        if path not in known:
            message = f"there is no parameter '{path}'.{did_you_mean(path, list(known))}"
            help_text = "`legalaid-sim assumptions SCENARIO` lists them"
            yield problem_of(
                "CR060", message, document.marks.key(place), f"assumptions.{path}", help=help_text
            )
            continue
        low, high = known[path].range
        mean = value if isinstance(value, float) else value.mean
        if not low <= mean <= high and mean != 0:
            message = (
                f"{mean:g} is outside the plausible range of '{path}', {low:g} to {high:g} {known[path].unit}"
            )
            yield problem_of("CV160", message, document.marks.value(place), f"assumptions.{path}")


def _guesses(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Tell guesses of what is not in the file, and those that the file could not hold."""
    data = scenario.model_dump(mode="json")
    for path, guess in scenario.guesses.items():
        place: Path = ("guesses", path)
        try:
            tried = [*(guess.between or ()), *guess.one_of]
            for value in tried:
                Scenario.model_validate(_with(data, path.split("."), value))
        except (KeyError, TypeError, ValueError) as error:
            lost = isinstance(error, KeyError | TypeError)
            message = (
                f"'{path}' is not in a scenario"
                if lost
                else f"'{path}' cannot be all that is guessed: {_why(error)}"
            )
            help_text = "`legalaid-sim schema scenario` lists every key" if lost else "give what it may be"
            yield problem_of("CR080", message, document.marks.key(place), f"guesses.{path}", help=help_text)


def _with(data: dict[str, Any], words: list[str], value: object) -> dict[str, Any]:
    changed = deepcopy(data)
    here = changed
    for word in words[:-1]:
        here = here[word]
    if words[-1] not in here:
        raise KeyError(words[-1])
    # What stands as a whole number is drawn as one.
    whole = isinstance(here[words[-1]], int) and isinstance(value, float)
    here[words[-1]] = int(value) if whole and isinstance(value, float) else value
    return changed


def _why(error: Exception) -> str:
    from pydantic import ValidationError

    return str(error.errors()[0]["msg"]) if isinstance(error, ValidationError) else str(error)


def _categories(scenario: Scenario, document: Document) -> Iterator[Problem]:
    problems = scenario.clients.problems
    known = list(problems)
    allowed = f"kinds of problem here: {', '.join(known)}"
    for place, post in _posts(scenario):
        for n, name in enumerate(post.categories):
            if name not in problems:
                message = f"'{name}' is no kind of problem here.{did_you_mean(name, known)}"
                yield problem_of(
                    "CR061", message, document.marks.value((*place, "categories", n)), help=allowed
                )
    for kind, terms in problems.items():
        for name in terms.follow_ons:
            if name not in problems:
                message = f"'{kind}' may lead to '{name}', which is no kind of problem here.{did_you_mean(name, known)}"
                mark = document.marks.key(("clients", "problems", kind, "follow_ons", name))
                yield problem_of("CR061", message, mark, help=allowed)
        if not any(not post.categories or kind in post.categories for post in _advising(scenario)):
            message = f"no adviser takes '{kind}': whoever comes with it waits until patience runs out"
            mark = document.marks.key(("clients", "problems", kind))
            yield problem_of(
                "CR062", message, mark, help="list it under the categories of a post, or leave them out"
            )
    yield from _nobody_advises(scenario, document)
    yield from _nobody_answers(scenario, document)
    if not any(kind.share > 0 for kind in problems.values()):
        mark = document.marks.key(("clients", "problems"))
        yield problem_of("CV161", "all shares are 0: nobody would have a problem", mark)


def _nobody_advises(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Refuse an organisation in which nobody may take a matter: volunteers listen, operators pass calls on."""
    lists: list[tuple[Path, list[Post]]] = [(("advisers",), scenario.advisers)]
    lists += [(("agencies", n, "advisers"), agency.advisers) for n, agency in enumerate(scenario.agencies)]
    for path, posts in lists:
        if posts and all(post.role in NO_ADVISERS for post in posts):
            roles = " and ".join(sorted({f"{post.role}s".replace("_", " ") for post in posts}))
            message = f"there are only {roles} here, and none of them takes matters: nobody could be advised"
            yield problem_of(
                "CR068",
                message,
                document.marks.key(path),
                help="add a post that advises, such as {role: caseworker}",
            )


def _nobody_answers(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Refuse a telephone that people come through and nobody answers, wherever the scenario says that they do."""
    houses: list[tuple[Path, Agency]] = [((), scenario.houses[0])]
    if scenario.agencies:
        houses = [(("agencies", n), agency) for n, agency in enumerate(scenario.agencies)]
    silent = [(path, agency) for path, agency in houses if not _operators(agency.advisers)]
    places: list[tuple[Path, object]] = [
        ((*path, "organisation", *key), value)
        for path, agency in silent
        for key, value in (
            (("door",), agency.organisation.door),
            (("allocation", "first"), agency.organisation.allocation.first),
        )
    ]
    for place, practice in _practices(scenario) if silent else ():
        places += [((*place, "practice", key), value) for key, value in practice]
    for path, guess in scenario.guesses.items():
        own = [place for place, _ in places if ".".join(map(str, place)) == path]
        places += [(("guesses", path), value) for value in guess.one_of if own and value in BY_TELEPHONE]
    for place, value in places:
        if value in BY_TELEPHONE:
            message = f"people come through '{value}', and no telephone operator is there to answer"
            remedy = (
                "add a post {role: telephone_operator}; for a gateway that others run, write door: referral"
            )
            mark = document.marks.value(place)
            yield problem_of("CR081", message, mark, ".".join(map(str, place)), help=remedy)


def _operators(posts: list[Post]) -> bool:
    return any(post.role == "telephone_operator" for post in posts)


def _practices(scenario: Scenario) -> Iterator[tuple[Path, list[tuple[str, str | None]]]]:
    """Give the door and the first contact of every practice, by where it stands."""
    for n, regime in enumerate(scenario.regimes):
        found: list[tuple[Path, Practice]] = [(("contracts", n), regime.practice)]
        found += [(("contracts", n, "later", k), later.practice) for k, later in enumerate(regime.later)]
        for place, practice in found:
            yield place, [("door", practice.door), ("first", practice.first)]


def _people(scenario: Scenario, document: Document) -> Iterator[Problem]:
    days = (scenario.period.closes - scenario.period.begins).days
    people = scenario.clients.arrivals.per_day * days
    if scenario.clients.arrivals_until is not None:
        people = min(people, scenario.clients.arrivals_until)
    if people > PEOPLE_LIMIT:
        message = f"about {people:,.0f} people would come; one run can hold {PEOPLE_LIMIT:,}"
        mark = document.marks.key(("clients", "arrivals"))
        yield problem_of("CV162", message, mark, help="lower clients.arrivals or period.months")
    names = [agency.organisation.name for agency in scenario.agencies]
    for n, name in enumerate(names):
        if name in names[:n]:
            mark = document.marks.value(("agencies", n, "organisation", "name"))
            yield problem_of("CR063", f"two organisations are called '{name}'", mark)


def _whole_years(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Note a window that holds some months of a contract's year more often than others."""
    months = scenario.period.months
    years, over = divmod(months, MONTHS_PER_YEAR)
    if scenario.regimes and years and over:
        message = (
            f"{months} months are not whole years: what falls at one time of a contract's year, such as matter starts "
            "that run out, counts more than the rest"
        )
        mark = document.marks.value(("period", "months"))
        remedy = f"months: {years * MONTHS_PER_YEAR} or {(years + 1) * MONTHS_PER_YEAR}"
        yield problem_of("CV167", message, mark, help=remedy)


def _no_shared_life(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Note where contracts do not part one life, so that nobody takes a difference for that of a switch."""
    if len(scenario.regimes) < 2 or scenario.switches:
        return
    empty = scenario.start == "empty" or not scenario.period.lead_in_months
    message = (
        "the agency begins with nobody there and nobody waiting: what is counted holds for one that opens its doors"
        if empty
        else "every contract is lived from the first day, so a difference is one of settled states and not of a switch"
    )
    place: Path = ("start",) if "start" in document.data else ("period",)
    remedy = "start: switch parts one shared life, lived for lead_in_months, on the first day that counts"
    yield problem_of("CV169", message, document.marks.key(place), help=remedy)


def _lead_in(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Note a lead-in shorter than a matter and the first return of its problem take."""
    period, assumptions = scenario.period, resolve(scenario.assumptions)
    if scenario.start == "empty" or not scenario.regimes:
        return
    matter = max(
        ((kind.contacts or assumptions["problem.contacts"]).mean - 1)
        * (kind.days_between or assumptions["problem.days_between"]).mean
        for kind in scenario.clients.problems.values()
    )
    returns = assumptions.number("outcome.return_chance") > 0
    days = matter + (assumptions["outcome.return_days"].mean if returns else 0.0)
    lived = (period.starts - period.begins).days
    if lived < days:
        message = (
            f"{lived} days are lived before those that count, and a matter with the first return of its problem takes "
            f"about {days:.0f}: caseloads still grow when counting begins"
        )
        place: Path = ("period", "lead_in_months")
        mark = document.marks.value(place) if "lead_in_months" in document.data["period"] else None
        remedy = "`legalaid-sim steady` says how long is long enough"
        yield problem_of("CV168", message, mark or document.marks.key(("period",)), help=remedy)


def _load(scenario: Scenario, document: Document) -> Iterator[Problem]:
    """Warn where far more work would come than there are hours for: queues would only grow."""
    hours = fsum(
        post.number * (24 * 365 if post.always_on else post.hours_per_week * WEEKS_AT_WORK)
        for _, post in _posts(scenario)
    )
    assumptions = resolve(scenario.assumptions)
    kinds = scenario.clients.problems
    total = fsum(kind.share for kind in kinds.values())
    if not hours or not total:
        return
    each = 0.0
    for kind in kinds.values():
        mean = {name: (getattr(kind, name) or assumptions[f"problem.{name}"]).mean for name in NEEDS}
        minutes = mean["contacts"] * mean["contact_minutes"] + mean["casework_minutes"]
        each += kind.share / total * minutes / MINUTES_PER_HOUR
    load = scenario.clients.arrivals.per_day * 365.25 * each / hours
    countable = scenario.clients.arrivals.per_day * 365.25 <= PEOPLE_LIMIT
    if scenario.clients.arrivals_until is None and countable and load > FAR_TOO_MANY:
        message = (
            f"the work that comes is about {load:.1f} times what the advisers have hours for: waiting lists grow all "
            "the time, and most people give up before they are seen"
        )
        mark = document.marks.key(("clients", "arrivals"))
        yield problem_of("CV163", message, mark, help="fewer arrivals, more posts, or mean it")


def _advising(scenario: Scenario) -> list[Post]:
    """List the posts that take matters; all of them where none does, which is told by itself."""
    posts = [post for _, post in _posts(scenario)]
    return [post for post in posts if post.role not in NO_ADVISERS] or posts


def _posts(scenario: Scenario) -> Iterator[tuple[Path, Post]]:
    for n, post in enumerate(scenario.advisers):
        yield ("advisers", n), post
    for a, agency in enumerate(scenario.agencies):
        for n, post in enumerate(agency.advisers):
            yield ("agencies", a, "advisers", n), post
