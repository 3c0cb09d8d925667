"""One client's life under each contract, told from the log and from nothing else.

A line is written only where a record of the log says so; what the log does not say is not told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any, NamedTuple

from legalaid_sim.contracts.vocabulary.facts import ProviderFacts, read_told
from legalaid_sim.errors import ResultsError
from legalaid_sim.events import (
    Activated,
    Aftermath,
    Asked,
    AuthorityAsked,
    Booked,
    CompanionOffered,
    Contact,
    DateCame,
    Disclosed,
    DocumentsMissing,
    DutyFell,
    Entitled,
    Event,
    ExceptionAsked,
    Freed,
    GoalReviewed,
    GoalSet,
    HandOver,
    Left,
    Log,
    MatterClosed,
    MatterOpened,
    Missed,
    Outcome,
    Person,
    Referred,
    StillOpen,
    Told,
    TurnedAway,
)  # fmt: skip
from legalaid_sim.measures.continuity import coc
from legalaid_sim.reports.draw import WIDEST
from legalaid_sim.reports.figure import Panel
from legalaid_sim.reports.finding import plain
from legalaid_sim.reports.lanes import BROAD, lane_of, lanes, told
from legalaid_sim.reports.material import FIRST, Material
from legalaid_sim.reports.touched import picked
from legalaid_sim.units import MINUTES_PER_DAY, add_up, counted, pounds

WORDS = {
    "matter_starts": "no matter start is left",
    "capacity": "the agency is full",
    "scope": "outside the scope of the contract",
    "evidence": "the evidence of means is missing",
    "suspended": "the contract is suspended",
    "channel": "no channel on offer can be used",
    "selection": "the provider chose not to take the case on",
    "closed": "the organisation is closed",
    "budget": "nothing is left of the budget that may be spent here",
    "waiting": "before being seen",
    "referral": "on the way to another agency",
    "switched": "to take the budget to another provider",
    "leaving": "the adviser left",
    "notice": "the adviser has left, as was told in time",
    "duty_rota": "whoever is on duty",
    "pool": "whoever is free",
    "face_to_face": "face to face",
    "telephone": "by telephone",
    "online": "on a screen",
    "completed": "all done",
    "unasked": "never asked about",
    "asked": "asked about, not yet taken on",
    "open": "still being worked on",
}


class Moment(NamedTuple):
    """One line of a life: the day, and what happened."""

    day: date
    text: str


class Fact(NamedTuple):
    """One thing to compare at a glance."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Story:
    """One client's life under one contract."""

    regime: str
    client: str
    facts: Sequence[Fact]
    moments: Sequence[Moment]
    pay: Sequence[str]


class Telling(NamedTuple):
    """A client whose lives are told, why this one, and the lanes of these lives."""

    why: str
    client: str
    stories: Sequence[Story]
    lanes: Panel


def tellings(material: Material, broad: float = BROAD) -> list[Telling]:
    """Pick telling clients by the rule of ``touched`` and tell their lives under the first contract and another."""
    if not material.lives or not material.others:
        return []
    other = farthest(material)
    names = (material.baseline, other)
    frailty = {client: life.vulnerability for client, life in material.lives[material.baseline].items()}
    return [
        Telling(
            why,
            client,
            [story(material, name, client) for name in names],
            drawn(material, names, client, broad),
        )
        for why, client in picked(material.touched[other], material.touched[material.baseline], frailty)
    ]


def drawn(material: Material, names: Sequence[str], client: str, broad: float) -> Panel:
    """Draw a client's lanes under some contracts, on one calendar."""
    logs = {name: material.run.reader.life(name, FIRST, client) for name in names}
    minutes = [event.at for log in logs.values() for event in log if isinstance(event, DRAWN)]
    begins = min(minutes, default=0) // MINUTES_PER_DAY * MINUTES_PER_DAY
    days = (max(minutes, default=0) - begins) / MINUTES_PER_DAY + 1
    letters: dict[str, str] = {}
    held = [lane_of(material.called[name], log, letters, begins) for name, log in logs.items()]
    day = material.scenario.period.begins + timedelta(days=begins // MINUTES_PER_DAY)
    wide, narrow = (lanes(held, days, day, width) for width in (broad, WIDEST))
    return Panel("", wide, f"Client {plain(client)}. {told(held)}", narrow)


def farthest(material: Material) -> str:
    """Name the contract whose COC differs most from the first's, in the mean over all worlds."""
    apart = {
        each.contract: each.paired.difference.mean for each in material.contrasts if each.measure == LEADING
    }
    return max(material.others, key=lambda name: abs(apart.get(name) or 0.0))


LEADING = "continuity.coc"
DRAWN = (Asked, Contact, DutyFell, Entitled, Left, TurnedAway)


def all_stories(material: Material, client: str, regimes: Sequence[str] = ()) -> list[Story]:
    """Tell a client's life under every contract, or under those named.

    Raises ``ResultsError`` for a client whom no log of the folder names.
    """
    names = [material.run.regime(name) for name in regimes] or list(material.ordered)
    found = [story(material, name, client) for name in names]
    if not any(each.moments for each in found):
        raise ResultsError(str(material.run.folder), _unknown(material, names[0], client))
    return found


def _unknown(material: Material, regime: str, client: str) -> str:
    held = material.run.reader.clients(regime, FIRST)
    near = get_close_matches(client, held, 3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    where = "The view 'clients' of run.sqlite has them all"
    return f"knows no client '{plain(client)}' in the first world.{hint} {where}"


def story(material: Material, regime: str, client: str) -> Story:
    """Tell one client's life under one contract, in the first world."""
    log = material.run.reader.life(regime, FIRST, client)
    begins = material.scenario.period.begins
    problems = {asked.problem: asked.category for asked in log.of(Asked)}
    moments = [
        Moment(begins + timedelta(days=event.at // MINUTES_PER_DAY), plain(words, 400))
        for event in log
        if (words := _words(event, problems))
    ]
    return Story(regime, client, list(_facts(log)), moments, list(_pay(material, regime, log)))


def _words(event: Event, problems: Mapping[str, str]) -> str:
    tell = TELLERS.get(type(event))
    return tell(event, problems) if tell else ""


def _called(problem: str, problems: Mapping[str, str]) -> str:
    return f"{problems.get(problem, 'a problem').replace('_', ' ')} ({problem.partition('.')[2]})"


def _said(word: str) -> str:
    return WORDS.get(word, word.replace("_", " "))


def _asked(e: Asked, problems: Mapping[str, str]) -> str:
    again = "asks again" if e.returning else "asks"
    crisis = "before its crisis point" if e.early else "after its crisis point"
    return (
        f"{again} {e.organisation} for help with {_called(e.problem, problems)}, {_said(e.channel)}, {crisis}"
    )


def _turned(e: TurnedAway, problems: Mapping[str, str]) -> str:
    by = f" (clause '{e.clause}')" if e.clause else ""
    return f"is turned away by {e.organisation}: {_said(e.reason)}{by}"


def _left(e: Left, problems: Mapping[str, str]) -> str:
    return f"gives up on {_called(e.problem, problems)}, {_said(e.reason)}"


def _opened(e: MatterOpened, problems: Mapping[str, str]) -> str:
    pays = f"under {e.contract}" if e.contract else "paid for by nobody"
    less = f"; {e.planned} of the {e.needed} minutes it needs are planned" if e.planned < e.needed else ""
    return f"{e.adviser} takes on {_called(e.problem, problems)}, {pays}{less}"


def _met(e: Contact, problems: Mapping[str, str]) -> str:
    who = f"meets {e.adviser}, {'known already' if e.known else 'for the first time'}"
    parts = [
        f"{e.core + e.listening + e.retelling} min {_said(e.channel)}",
        *([f"{e.listening} min of it listening"] if e.listening else []),
        *([f"tells the story again, {e.retelling} min"] if e.retelling else []),
        f"trust {e.trust_before:.2f} to {e.trust_after:.2f}",
    ]
    return f"{who}: {', '.join(parts)}"


def _passed(e: HandOver, problems: Mapping[str, str]) -> str:
    return f"is passed from {e.before} to {e.after}: {_said(e.reason)}"


def _sent_on(e: Referred, problems: Mapping[str, str]) -> str:
    to = f"to {e.to}" if e.to else "with nowhere left to go"
    return f"is sent on {to}: {_said(e.reason)}; {'gets there' if e.reached else 'does not get there'}"


def _disclosed(e: Disclosed, problems: Mapping[str, str]) -> str:
    return f"tells {e.adviser} of a problem kept back until now: {_called(e.problem, problems)}"


def _begins(e: Activated, problems: Mapping[str, str]) -> str:
    parent = _called(e.parent, problems)
    return f"a further problem begins, as {parent} is still unresolved: {_called(e.problem, problems)}"


def _reviewed(e: GoalReviewed, problems: Mapping[str, str]) -> str:
    said = {"reached": "reaches the goal that was agreed", "lapsed": "the time for the goal has run out"}
    return said.get(e.state, "")


def _ended(e: MatterClosed, problems: Mapping[str, str]) -> str:
    return (
        f"{_called(e.problem, problems)} is closed: {_said(e.reason)}, {e.given} minutes given of "
        f"{e.needed} needed"
    )


def _decided(e: Outcome, problems: Mapping[str, str]) -> str:
    fell = "resolved" if e.resolved else "not resolved"
    return f"{_called(e.problem, problems)} is {fell}; by chance, {e.chance:.0%} of such end well"


def _after(e: Aftermath, problems: Mapping[str, str]) -> str:
    did = [
        "by chance does what was agreed" if e.acted else "by chance does not do what was agreed",
        *(["asks for advice elsewhere"] if e.elsewhere else []),
        *(["appeals"] if e.appealed else []),
    ]
    return ", ".join(did)


def _unfinished(e: StillOpen, problems: Mapping[str, str]) -> str:
    return f"the records end; {_called(e.problem, problems)}: {_said(e.stage)}"


def _books(e: Booked, problems: Mapping[str, str]) -> str:
    return (
        f"has a meeting with {e.adviser} booked, {counted((e.slot - e.at) // MINUTES_PER_DAY, 'day')} ahead"
    )


TELLERS: Mapping[type, Callable[[Any, Mapping[str, str]], str]] = {
    Asked: _asked, TurnedAway: _turned, Left: _left, MatterOpened: _opened, Contact: _met, HandOver: _passed,
    Referred: _sent_on, Disclosed: _disclosed, Activated: _begins, GoalReviewed: _reviewed,
    MatterClosed: _ended, Outcome: _decided, Aftermath: _after, StillOpen: _unfinished,
    AuthorityAsked: lambda e, _: f"{e.organisation} asks the payer for leave under '{e.clause}': {_said(e.result)}",
    DateCame: lambda e, _: f"sees the date come: {_said(e.fate)}",
    DocumentsMissing: lambda e, _: f"does not send the documents that {e.minutes} min of work rest on",
    Booked: _books,
    Freed: lambda e, _: f"the meeting booked with {e.adviser} falls through: {_said(e.reason)}",
    ExceptionAsked: lambda e, _: f"may {'' if e.granted else 'not '}be given more than procedure foresees",
    Missed: lambda e, _: f"does not come to a meeting with {e.adviser}",
    GoalSet: lambda e, _: f"agrees on a goal and a time for it with {e.adviser}",
    CompanionOffered: lambda e, _: f"is {'' if e.offered else 'not '}offered a companion at {e.organisation}",
}  # fmt: skip


def _facts(log: Log) -> Iterator[Fact]:
    contacts, asked = log.of(Contact), log.of(Asked)
    for person in log.of(Person)[:1]:
        yield Fact("need of a relationship", f"{person.relational_need:.2f}")
        yield Fact("vulnerability", f"{person.vulnerability:.2f}")
    if asked:
        met = [contact.began for contact in contacts if contact.ordinal]
        days = (met[0] - asked[0].at) / MINUTES_PER_DAY if met else None
        yield Fact("first seen", "never" if days is None else f"after {days:.1f} days")
    yield Fact("contacts", str(len(contacts)))
    yield Fact("advisers met", str(len({contact.adviser for contact in contacts})))
    index = coc([contact.adviser for contact in contacts])
    yield Fact("same adviser", "–" if index is None else f"{index:.2f}")
    yield Fact("time with advisers", f"{add_up(c.core + c.listening + c.retelling for c in contacts)} min")
    again = [contact.retelling for contact in contacts if contact.retelling]
    yield Fact("told the story again", f"{counted(len(again), 'time')}, {add_up(again)} min")
    yield from _ends(log, contacts)


def _ends(log: Log, contacts: Sequence[Contact]) -> Iterator[Fact]:
    resolved = {outcome.problem for outcome in log.of(Outcome) if outcome.resolved}
    known = {asked.problem for asked in log.of(Asked)}
    hidden = {event.problem for event in log.of(StillOpen) if event.stage == "unasked"}
    yield Fact("problems resolved, partly by chance", f"{len(resolved)} of {len(known)} asked about")
    if hidden:
        yield Fact("never asked about", str(len(hidden)))
    if contacts:
        yield Fact("trust at the last contact", f"{contacts[-1].trust_after:.2f}")
    yield Fact("earned by the agency", f"£{pounds(add_up(line.pence for line in log.of(Entitled))):,}")


def _pay(material: Material, regime: str, log: Log) -> Iterator[str]:
    for opened in log.of(MatterOpened):
        lines = [line for line in log.of(Entitled) if line.matter == opened.matter]
        if not lines:
            yield f"{opened.matter}: no line in the ledger"
            continue
        why = reasons(material, regime, log, opened)
        for line in lines:
            because = why.get(line.block)
            yield plain(
                f"{opened.matter}: {line.block} £{pounds(line.pence):,}{f', {because}' if because else ''}",
                400,
            )


def reasons(material: Material, regime: str, log: Log, opened: MatterOpened) -> dict[str, str]:
    """Give, by block, why a matter earned what it did, from the receipt worked out again; else nothing."""
    told = [event for event in log.of(Told) if event.matter == opened.matter]
    terms = material.terms(regime, opened.contract)
    if not told or terms is None:
        return {}
    house = next(
        h.organisation for h in material.scenario.houses if h.organisation.name == opened.organisation
    )
    provider = ProviderFacts(house.name, house.region, house.vat_registered, house.heads)
    facts, ranks = read_told(told[-1].facts)
    day = material.scenario.period.begins + timedelta(days=told[-1].at // MINUTES_PER_DAY)
    receipt = terms.receipt(facts, provider, day, ranks)
    return {step.block: step.how for step in receipt.steps if step.pence}


def as_text(stories: Sequence[Story], width: int) -> str:
    """Set stories side by side where the width holds them, else one below another."""
    column = (width - 3 * (len(stories) - 1)) // len(stories)
    if column < LEAST_COLUMN:
        return "\n\n".join("\n".join(_block(each, width)) for each in stories)
    return "\n".join(_abreast([_block(each, column) for each in stories], column))


LEAST_COLUMN = 44


def _abreast(blocks: Sequence[Sequence[str]], column: int) -> Iterator[str]:
    for row in range(max(map(len, blocks))):
        cells = (block[row] if row < len(block) else "" for block in blocks)
        yield " │ ".join(f"{cell:<{column}}" for cell in cells).rstrip()


def _block(told: Story, width: int) -> list[str]:
    from textwrap import wrap

    lines = [*wrap(f"{plain(told.regime)}: client {told.client}", width), ""]
    longest = max((len(fact.name) for fact in told.facts), default=0)
    lines += [f"{fact.name:<{longest}}  {fact.value}" for fact in told.facts]
    lines += ["", *([] if told.moments else ["does not ask for help in these records"])]
    for moment in told.moments:
        lines += wrap(f"{moment.day}  {moment.text}", width, subsequent_indent=" " * 12)
    lines += ["", "What was paid, and why"]
    return lines + [
        line for entry in told.pay or ["nothing"] for line in wrap(entry, width, subsequent_indent="  ")
    ]
