"""What can happen: every event, fact, heading and measure that a contract may speak of, each in one place.

An entry says what the word means, how a worked example states it, and what a scenario must have so that a run raises
it. The engine raises nothing that has no entry; worked examples, ``check``, ``explain`` and the guides read the same
table. A word without ``here`` is one that no run raises: worked examples may state it, and ``needs`` says why.
"""

from collections.abc import Callable, Iterator, Mapping
from math import fsum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from legalaid_sim.scenario.brings import SURE, meant

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Agency, Organisation, Practice, ProblemKind, Scenario

Sort: TypeAlias = Literal["event", "fact", "minutes", "costs", "count", "stage", "call", "month", "measure"]
# The values that something can take in a setting: listed, none at all, or any.
Values: TypeAlias = frozenset[Any] | None
NEVER: Values = frozenset()
ANY: Values = None


class Setting(NamedTuple):
    """Where a contract is lived: one kind of problem, brought to one organisation, under one practice."""

    scenario: "Scenario"
    kind: str
    agency: "Agency"
    practice: "Practice"

    @property
    def problem(self) -> "ProblemKind":
        """What the scenario says of the kind of problem."""
        return self.scenario.clients.problems[self.kind]

    @property
    def organisation(self) -> "Organisation":
        """Who holds the contract."""
        return self.agency.organisation


Here: TypeAlias = Callable[[Setting, str], Values]


class Word(NamedTuple):
    """One word: ``<name>`` in it stands for any name. ``here`` gives what a run can make of it in a setting.

    ``example`` is how a worked example states it (empty: it cannot); ``needs`` what a scenario must have for it or,
    where no run raises it, why it is only told.
    """

    sort: Sort
    name: str
    meaning: str
    example: str
    needs: str = ""
    here: Here | None = None

    @property
    def raised(self) -> bool:
        """Tell whether a run can raise it at all."""
        return self.here is not None


def _always(setting: Setting, rest: str) -> Values:
    return ANY


def _either(setting: Setting, rest: str) -> Values:
    return frozenset({True, False})


def _category(setting: Setting, rest: str) -> Values:
    return frozenset({setting.kind})


def _fee_code(setting: Setting, rest: str) -> Values:
    return frozenset({setting.problem.fee_code})


def _region(setting: Setting, rest: str) -> Values:
    return frozenset({setting.organisation.region})


def _channel(setting: Setting, rest: str) -> Values:
    only = setting.practice.channel or setting.organisation.channel
    preferred = (name for name, share in setting.scenario.clients.channels.items() if share)
    return frozenset(preferred if only == "as_preferred" else (only,))


def _outcome(setting: Setting, rest: str) -> Values:
    return frozenset({setting.problem.outcome, "unresolved"})


def _difficulty(setting: Setting, rest: str) -> Values:
    return frozenset({"easy", "usual", "hard"})


def _registered(setting: Setting, rest: str) -> Values:
    return frozenset({setting.organisation.vat_registered})


def _provider_name(setting: Setting, rest: str) -> Values:
    return frozenset({setting.organisation.name})


def _heads(setting: Setting, rest: str) -> Values:
    return frozenset({setting.organisation.heads})


def _counted_later(setting: Setting, rest: str) -> Values:
    return ANY if setting.organisation.heads_later else NEVER


def _foreseen(setting: Setting, rest: str) -> Values:
    return ANY if setting.organisation.expected_claims else NEVER


def _stage(setting: Setting, rest: str) -> Values:
    return ANY if rest in setting.problem.stages or (not rest and setting.problem.stages) else NEVER


def _happening(setting: Setting, rest: str) -> Values:
    kinds = setting.problem.happenings
    return ANY if rest in kinds or (not rest and kinds) else NEVER


def _call(setting: Setting, rest: str) -> Values:
    first = setting.practice.first or setting.organisation.allocation.first
    door = setting.practice.door or setting.organisation.door
    by_telephone = first == "telephone_hub" or door == "telephone_gateway"
    answered = any(post.role == "telephone_operator" for post in setting.agency.advisers)
    return ANY if by_telephone and answered else NEVER


def _switching(setting: Setting, rest: str) -> Values:
    return ANY if setting.scenario.clients.switching is not None else NEVER


def _bid(setting: Setting, rest: str) -> Values:
    return ANY if setting.organisation.bid is not None else NEVER


def _brought(setting: Setting, rest: str) -> Values:
    shares = setting.problem.facts.get(rest)
    if shares is None:
        return NEVER
    sure = fsum(shares.values()) > 1.0 - SURE
    return frozenset({*(meant(word) for word, share in shares.items() if share), *(() if sure else (None,))})


def _timed(heading: str) -> Here:
    def here(setting: Setting, rest: str) -> Values:
        return ANY if getattr(setting.problem.work, heading) is not None else NEVER

    return here


def _laid_out(setting: Setting, rest: str) -> Values:
    return ANY if any(outlay.chance for outlay in setting.problem.disbursements.values()) else NEVER


def _taxed(setting: Setting, rest: str) -> Values:
    outlays = setting.problem.disbursements.values()
    return ANY if any(outlay.chance and outlay.vat_percent for outlay in outlays) else NEVER


def _cost(setting: Setting, rest: str) -> Values:
    outlays = (*setting.problem.costs.items(), *setting.problem.disbursements.items())
    return ANY if any(name == rest and outlay.chance for name, outlay in outlays) else NEVER


def _counted(setting: Setting, rest: str) -> Values:
    outlay = setting.problem.disbursements.get(rest)
    in_units = outlay is not None and outlay.chance and outlay.units is not None
    return ANY if in_units else _happening(setting, rest)


def _session(setting: Setting, rest: str) -> Values:
    desks = setting.organisation.sessions
    return ANY if rest in desks or (not rest and desks) else NEVER


_DESKS = "organisation.sessions, such as {court: {days: [tue]}}"
_LAID_OUT = "clients.problems.<kind>.disbursements, such as {interpreter: {pounds: 60}}"
_OPERATORS = (
    "posts of role telephone_operator, and door: telephone_gateway or allocation: {first: telephone_hub}"
)
_FACTS = "clients.problems.<kind>.facts, such as {service: {in_court: 0.3}}"
_NOT_WORKED_OUT = "no run works it out by the month"


def _measure(name: str, meaning: str, why_not: str = "") -> Word:
    return Word("measure", name, meaning, "month_ended.measures", why_not, None if why_not else _always)


WORDS: tuple[Word, ...] = (
    # what happens
    Word("event", "matter_opened", "a matter is opened", "matter_opened, or given.matters", "", _always),
    Word("event", "matter_closed", "a matter is closed", "matter_closed", "", _always),
    Word("event", "first_contact", "a matter's first meeting is held", "first_contact", "", _always),
    Word("event", "work_done", "work is done on a matter, or costs of it are claimed", "work_done", "", _always),
    Word("event", "disbursement", "money is paid out for the client", "disbursement", _LAID_OUT, _laid_out),
    Word(
        "event", "disbursements_claimed", "what was paid out is claimed before the end", "disbursements_claimed",
        _LAID_OUT, _laid_out,
    ),
    Word(
        "event", "stage_reached", "a stage is reached", "stage_reached",
        "clients.problems.<kind>.stages, such as {first_meeting: 0.3}", _stage,
    ),
    Word(
        "event", "event_happened", "something counted happens, such as a hearing", "event_happened",
        "clients.problems.<kind>.happenings, such as {hearing: 0.2}", _happening,
    ),
    Word(
        "event", "outcome_recorded", "a result is recorded, or proved to have lasted", "outcome_recorded", "", _always
    ),
    Word("event", "month_ended", "a month ends; cash rules pay after it", "month_ended", "", _always),
    Word("event", "quarter_ended", "the third month of a quarter ends", "month_ended", "", _always),
    Word("event", "year_ended", "the last month of a contract year ends", "month_ended", "", _always),
    Word("event", "authority_asked", "authority to pass a limit is asked for", "authority_asked", "", _always),
    Word("event", "audit_held", "an audit is held", "audit_held", "", _always),
    Word("event", "claim_assessed", "the payer assesses an escaped claim", "claim_assessed", "", _always),
    Word("event", "return_late", "a return is late", "return_late", "", _always),
    Word("event", "duty_missed", "a duty was not done, and that is found", "duty_missed", "", _always),
    Word("event", "call_answered", "an operator has answered a call", "call_answered", _OPERATORS, _call),
    Word(
        "event", "client_switched", "a client takes a budget to another provider", "client_switched",
        "clients.switching, such as {chance: 0.05}", _switching,
    ),
    Word("event", "review", "level payments are reviewed", "review", "", _always),
    # what conditions ask about
    Word(
        "fact", "category", "category of law", "given.matters.category", "clients.problems.<category>", _category
    ),
    Word(
        "fact", "fee_code", "code that the claim is made under", "given.matters.fee_code",
        "clients.problems.<kind>.fee_code", _fee_code,
    ),
    Word(
        "fact", "region", "region of the matter, or else of the provider", "given.matters.region",
        "organisation.region", _region,
    ),
    Word(
        "fact", "channel", "face_to_face, telephone or online", "given.matters.channel",
        "clients.channels, organisation.channel or the practice", _channel,
    ),
    Word(
        "fact", "outcome", "how the matter ended", "matter_closed.outcome",
        "clients.problems.<kind>.outcome; a matter that fails ends unresolved", _outcome,
    ),
    Word("fact", "reopened", "true where it was closed before", "given.matters.reopened", "", _either),
    Word("fact", "opened", "day on which the matter was opened", "given.matters.opened", "", _always),
    Word("fact", "closed", "day on which the matter was closed", "matter_closed", "", _always),
    Word("fact", "months_open", "whole months from opening to closing", "matter_closed", "", _always),
    Word("fact", "client", "who the client is", "given.matters.client", "", _always),
    Word("fact", "ref", "name of the matter", "given.matters.ref", "", _always),
    Word("fact", "early", "true where help came before the crisis point", "given.matters.facts", "", _either),
    Word(
        "fact", "difficulty_band", "easy, usual or hard, by the minutes it needs", "given.matters.facts", "",
        _difficulty,
    ),
    Word(
        "fact", "months_since_last_matter", "whole months since the client's last matter was closed",
        "given.matters.facts", "", _always,
    ),
    Word(
        "fact", "lasted_months", "months for which a result is proved to have lasted", "outcome_recorded", "", _always
    ),
    Word(
        "fact", "stages", "the stages that it has reached", "stage_reached",
        "clients.problems.<kind>.stages, such as {first_meeting: 0.3}", _stage,
    ),
    Word("fact", "<authority>.limit", "pence up to which an authority was given", "authority_asked", "", _always),
    Word("fact", "<name>", "any other fact of the matter", "given.matters.facts", _FACTS, _brought),
    Word("fact", "client.<name>", "a fact of the client", "given.matters.facts", _FACTS, _brought),
    Word(
        "fact", "work.minutes.<heading>", "minutes worked: in all, or by heading", "work_done.<heading>_minutes",
        "", _always,
    ),
    Word(
        "fact", "work.hours.<heading>", "hours worked: in all, or by heading", "work_done.<heading>_hours", "", _always
    ),
    Word("fact", "provider.name", "who holds the contract", "given.provider", "organisation.name", _provider_name),
    Word("fact", "provider.region", "where the provider is", "given.provider", "organisation.region", _region),
    Word(
        "fact", "provider.vat_registered", "whether the provider charges VAT", "given.provider",
        "organisation.vat_registered", _registered,
    ),
    Word("fact", "provider.heads", "eligible population of its area", "given.provider", "organisation.heads", _heads),
    Word("fact", "provider.advisers", "full-time posts that are paid", "given.provider", "", _always),
    Word("fact", "provider.bid", "pence that it bids in a tender", "given.provider", "organisation.bid", _bid),
    Word("fact", "provider.quality", "quality of its bid, of 100", "given.provider", "organisation.bid", _bid),
    Word("fact", "provider.bids", "the bids of all in the area", "given.bids", "organisation.bid", _bid),
    Word(
        "fact", "provider.expected_claims", "pence a year that it is expected to claim", "given.provider",
        "organisation.expected_claims", _foreseen,
    ),
    Word(
        "fact", "provider.<name>", "any other fact of the provider", "given.provider",
        "no run states it: an organisation has a name, a region, VAT, heads and advisers",
    ),
    Word("fact", "row.<column>", "a cell of the row of the block's table", "", "a matter that picks the row", _always),
    # what work is counted under
    Word("minutes", "profit", "preparation and attendance", "work_done.profit_minutes", "", _always),
    Word(
        "minutes", "travel", "travelling", "work_done.travel_minutes",
        "clients.problems.<kind>.work.travel", _timed("travel"),
    ),
    Word(
        "minutes", "waiting", "waiting", "work_done.waiting_minutes",
        "clients.problems.<kind>.work.waiting", _timed("waiting"),
    ),
    Word(
        "minutes", "advocacy", "speaking for the client", "work_done.advocacy_minutes",
        "clients.problems.<kind>.work.advocacy", _timed("advocacy"),
    ),
    Word("costs", "disbursements", "what was paid out, in one sum", "disbursement.net", _LAID_OUT, _laid_out),
    Word(
        "costs", "disbursement_vat", "VAT on what was paid out", "disbursement.vat",
        "clients.problems.<kind>.disbursements with vat_percent", _taxed,
    ),
    Word(
        "costs", "<heading>", "costs claimed under a heading, in pounds", "work_done.<heading>_costs",
        "clients.problems.<kind>.disbursements of that kind, or costs: {counsel: {pounds: 300}}", _cost,
    ),
    Word(
        "count", "<kind>", "how many events of a kind there were (event.<kind>), or units of what was paid out",
        "event_happened.event or disbursement.units", "clients.problems.<kind>.happenings, such as {hearing: 0.2}",
        _counted,
    ),
    Word(
        "stage", "<stage>", "a stage that a matter may reach", "stage_reached.stage",
        "clients.problems.<kind>.stages, such as {first_meeting: 0.3}", _stage,
    ),
    # what is known of a call
    Word("call", "answered_after", "minutes until it was answered", "call_answered.answered_after", _OPERATORS, _call),
    Word(
        "call", "referred_face_to_face", "the caller is passed on to an adviser", "call_answered.result", _OPERATORS,
        _call,
    ),
    Word(
        "call", "<name>", "another result of a call, or a fact of the caller", "call_answered",
        "no run says more of a call than that it is passed on to an adviser",
    ),
    # what a month comes to
    Word("month", "closed", "matters closed", "month_ended.closed", "", _always),
    Word("month", "clients_seen", "people seen", "month_ended.clients_seen", "", _always),
    Word("month", "sessions", "sessions held, at all desks", "month_ended.sessions", _DESKS, _session),
    Word(
        "month", "spent", "what the organisation spent on anything, in pounds", "month_ended.spent", "", _always
    ),
    Word(
        "month", "heads", "eligible population of its area, as it stands then", "month_ended.heads",
        "organisation.heads_later, such as {2027-01-01: 80000}", _counted_later,
    ),
    Word("month", "<desk>", "sessions at one desk, with those seen at each", "month_ended.seen", _DESKS, _session),
    # what targets look at
    _measure("assessed_reduction_share", "percent of fees that assessments took off"),
    _measure("fixed_fee_margin_share", "percent of fees beyond the cost of the work"),
    _measure("escape_share", "percent of claims that escaped"),
    _measure("matters_per_start_share", "percent of allowed matter starts used", _NOT_WORKED_OUT),
    _measure("resolved_share", "percent of closed matters resolved"),
    _measure("days_to_first_contact", "mean days from asking to the first meeting"),
    _measure("turned_away_share", "percent of those who asked and were turned away"),
    _measure("known_adviser_share", "percent of meetings with an adviser met before"),
    _measure("same_adviser_share", "percent of closed matters whose meetings were all with one adviser"),
    _measure("returns_late_share", "percent of returns that were late", _NOT_WORKED_OUT),
    _measure("clients_seen_share", "percent of the area's people seen", _NOT_WORKED_OUT),
    _measure("peer_review_score", "how peers judge the files", "nobody reviews files in a run"),
    _measure("legal_aid_rejection_share", "percent of applications rejected", "no application is rejected in a run"),
)  # fmt: skip

_BY_NAME: Mapping[tuple[str, str], Word] = {(word.sort, word.name): word for word in WORDS}
_FAMILIES = ("client", "provider", "row", "work.minutes", "work.hours")
_SORTS: Mapping[str, Sort] = {"costs": "costs", "event": "count", "count": "count"}


def named(sort: Sort, name: str) -> tuple[Word | None, str]:
    """Find the entry of a word, and what stands for the name in an entry that is open: None where there is none."""
    if sort == "fact":
        return _fact(name)
    found = _BY_NAME.get((sort, name))
    if found is not None:
        return found, ""
    return next(
        ((word, name) for word in WORDS if word.sort == sort and word.name.startswith("<")), (None, name)
    )


def _fact(name: str) -> tuple[Word | None, str]:
    plain = name.removeprefix("matter.")
    family, _, rest = plain.partition(".")
    if family in _SORTS and rest:
        return named(_SORTS[family], rest)
    found = _BY_NAME.get(("fact", plain))
    if found is not None:
        return found, ""
    if rest == "limit":
        return _BY_NAME["fact", "<authority>.limit"], family
    for open_name in _FAMILIES:
        if plain == open_name or plain.startswith(f"{open_name}."):
            word = next(word for word in WORDS if word.name.startswith(f"{open_name}.<"))
            return _of_family(word, open_name, plain.removeprefix(open_name).removeprefix("."))
    return _BY_NAME["fact", "<name>"], plain


def _of_family(word: Word, family: str, rest: str) -> tuple[Word | None, str]:
    """A client's fact is looked for among the matter's as well; time under a heading is that heading's."""
    if family == "client" and ("fact", rest) in _BY_NAME:
        return _BY_NAME["fact", rest], ""
    if family.startswith("work.") and rest:
        return _BY_NAME.get(("minutes", rest), word._replace(here=None, needs=_heading_words(rest))), ""
    return word, rest


def _heading_words(rest: str) -> str:
    return f"no time is counted under '{rest}'"


def values_in(setting: Setting, sort: Sort, name: str) -> Values:
    """Give what a run can make of a word in a setting."""
    word, rest = named(sort, name)
    return NEVER if word is None or word.here is None else word.here(setting, rest)


def of_sort(*sorts: Sort) -> Iterator[Word]:
    """Go through the words of some sorts, in the order of the table."""
    return (word for word in WORDS if word.sort in sorts)


EVENTS = frozenset(word.name for word in of_sort("event"))
RAISED = frozenset(word.name for word in of_sort("event") if word.raised)
