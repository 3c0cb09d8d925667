"""Who may advise and when: posts with their calendars and holders, sessions at desks elsewhere."""

from collections.abc import Iterator
from fractions import Fraction
from zlib import crc32

from legalaid_sim import draws
from legalaid_sim.calendars import MinuteSpan, shifts, working_days
from legalaid_sim.events import COMPANIONS
from legalaid_sim.evidence import Assumptions
from legalaid_sim.scenario.agencies import Post
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import FIRST_DAY, MINUTES_PER_DAY, MINUTES_PER_HOUR, exact, round_half_up
from legalaid_sim.world.records import Holder, PostPlan, Session

ADVISER_COLUMNS = 16
CAREER_COLUMNS = 312
DAY_COLUMNS = 11_000
LAST_VINTAGE = 24
# The one column of an adviser that is read.
ALTRUISM = 0


def posts_of(
    scenario: Scenario, assumptions: Assumptions, seed: int, sick: dict[str, tuple[MinuteSpan, ...]]
) -> Iterator[PostPlan]:
    """Draw all posts with their calendars and possible holders; write into ``sick`` what no diary foresees."""
    row = 0
    for house, agency in enumerate(scenario.houses):
        ids: dict[str, int] = {}
        for post in agency.advisers:
            stem = post.name or post.role.replace("_", "-")
            for _ in range(post.number):
                ids[stem] = ids.get(stem, 0) + 1
                prefix = f"{agency.organisation.name}/" if len(scenario.houses) > 1 else ""
                name = f"{prefix}{stem}-{ids[stem]:02d}"
                yield _post(name, house, post, scenario, assumptions, seed, row, sick)
                row += 1


def _post(
    name: str, house: int, post: Post, scenario: Scenario, assumptions: Assumptions, seed: int, row: int,
    sick: dict[str, tuple[MinuteSpan, ...]],
) -> PostPlan:  # fmt: skip
    first, last = scenario.period.begins, scenario.period.ends
    if post.always_on:
        intervals: list[MinuteSpan] = [(0, (last - first).days * MINUTES_PER_DAY)]
    else:
        days = working_days(first, last, tuple(post.days))
        at_work, ill = _less_absence(days, len(post.days), assumptions, seed, row)
        a_day = round_half_up(post.hours_per_week * 60 / len(post.days))
        intervals = shifts(at_work, a_day)
        if ill and scenario.houses[house].organisation.appointments == "booked":
            sick[name] = tuple(shifts(ill, a_day))
    pay = post.annual_pay if post.annual_pay is not None else assumptions.number("money.adviser_pay")
    whole = exact(assumptions.number("adviser.full_time_hours"))
    full_time = Fraction(1) if post.always_on else min(Fraction(1), exact(post.hours_per_week) / whole)
    if post.role in COMPANIONS and post.annual_pay is None:
        pay = 0.0
    skills = tuple(sorted(post.skill.items())) if isinstance(post.skill, dict) else (("", float(post.skill)),)
    supervision = scenario.houses[house].organisation.supervision_minutes_per_week
    return PostPlan(
        name,
        post.role,
        house,
        frozenset(post.categories or scenario.clients.problems),
        tuple(intervals),
        full_time,
        round_half_up(exact(pay) * full_time * 100),
        round_half_up(assumptions.number("adviser.supervision_minutes_per_week"))
        if supervision is None
        else supervision,
        skills,
        tuple(_holders(assumptions, seed, row)),
    )


def _holders(assumptions: Assumptions, seed: int, row: int) -> Iterator[Holder]:
    altruism = assumptions["adviser.altruism"].inverse()
    later = assumptions.number("adviser.successor_skill")
    for vintage in range(LAST_VINTAGE):
        # One stream a post and vintage: a post added at the end leaves the others' people as they were.
        traits = draws.DrawTable(seed, "adviser", row * LAST_VINTAGE + vintage, ADVISER_COLUMNS).lists(1)[0]
        career = draws.DrawTable(seed, "career", row * LAST_VINTAGE + vintage, CAREER_COLUMNS).lists(1)[0]
        yield Holder(1.0 if vintage == 0 else later, altruism(traits[ALTRUISM]), tuple(career))


def _less_absence(
    days: list[int], days_a_week: int, assumptions: Assumptions, seed: int, row: int
) -> tuple[list[int], list[int]]:
    """Take leave (in weeks, spread by chance over each year) and sickness (in spells) out of a list of days.

    Gives the days at work, and those of sickness alone, which nobody foresees.
    """
    sick = assumptions.number("adviser.sickness_days_per_year") * days_a_week / 5
    spell = max(1, round_half_up(assumptions.number("adviser.sickness_spell_days")))
    leave = round_half_up(assumptions.number("adviser.leave_days_per_year") * days_a_week / 5)
    if sick <= 0 and leave <= 0:
        return days, []
    rested = draws.DrawTable(seed, "sickness", 2 * row, DAY_COLUMNS).lists(1)[0]
    chance = draws.DrawTable(seed, "sickness", 2 * row + 1, DAY_COLUMNS).lists(1)[0]
    away: set[int] = set()
    a_year = max(1, round(52 * days_a_week))
    for start in range(0, len(days), a_year):
        year = days[start : start + a_year]
        weeks = [year[i : i + days_a_week] for i in range(0, len(year), days_a_week)]
        order = sorted(range(len(weeks)), key=lambda w: rested[start + w])
        left = round_half_up(leave * len(year) / a_year)
        for w in order:
            taken = weeks[w][:left]
            away.update(taken)
            left -= len(taken)
            if left <= 0:
                break
    ill = 0
    unforeseen: set[int] = set()
    for n, day in enumerate(days):
        if ill > 0 or chance[n] < sick / (a_year * spell):
            ill = spell - 1 if ill == 0 else ill - 1
            unforeseen.add(day)
    at_work = [day for day in days if day not in away and day not in unforeseen]
    return at_work, [day for day in days if day in unforeseen and day not in away]


def sessions_of(scenario: Scenario, seed: int) -> Iterator[Session]:
    """Put the sessions of every organisation into the calendar; who comes is keyed by desk and day.

    A desk has a stream of its own, with a row a day since the first that any scenario knows.
    """
    first, last = scenario.period.begins, scenario.period.ends
    for house, agency in enumerate(scenario.houses):
        for name, desk in agency.organisation.sessions.items():
            days = working_days(first, last, tuple(desk.days))
            # By name, so that a desk that is added moves no other's days; ``hash`` differs between processes.
            number = crc32(name.encode()) * len(scenario.houses) + house
            table = draws.DrawTable(seed, "session", number, 1)
            rows = table.picked((first - FIRST_DAY).days, days) if days else []
            opens = round_half_up(desk.opens * MINUTES_PER_HOUR)
            for day, came in zip(days, desk.clients.whole()([u for (u,) in rows])):
                yield Session(day * MINUTES_PER_DAY + opens, house, name, desk.minutes, came)
