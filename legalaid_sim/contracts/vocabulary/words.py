"""What can happen: every event, fact, heading and measure that a contract may speak of, each in one place.

An entry says what the word means, how a worked example states it, and what a scenario must have so that a run raises
it. The engine raises nothing that has no entry; worked examples, ``check``, ``explain`` and the guides read the same
table. A word without ``here`` is one that no run raises: worked examples may state it, and ``needs`` says why.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

from legalaid_sim.contracts.vocabulary import settings as here
from legalaid_sim.contracts.vocabulary.settings import NEVER, LivedSetting, ValuesHere, WordValues

WordSort: TypeAlias = Literal[
    "event", "fact", "minutes", "costs", "count", "stage", "call", "month", "measure"
]


class Word(NamedTuple):
    """One word: ``<name>`` in it stands for any name. ``here`` gives what a run can make of it in a setting.

    ``example`` is how a worked example states it (empty: it cannot); ``needs`` what a scenario must have for it or,
    where no run raises it, why it is only told.
    """

    sort: WordSort
    name: str
    meaning: str
    example: str
    needs: str = ""
    here: ValuesHere | None = None

    @property
    def raised(self) -> bool:
        """Tell whether a run can raise it at all."""
        return self.here is not None


_DESKS = "organisation.sessions, such as {court: {days: [tue]}}"
_LAID_OUT = "clients.problems.<kind>.disbursements, such as {interpreter: {pounds: 60}}"
_OPERATORS = (
    "posts of role telephone_operator, and door: telephone_gateway or allocation: {first: telephone_hub}"
)


_FACTS = "clients.problems.<kind>.facts, such as {service: {in_court: 0.3}}"
_NOT_WORKED_OUT = "no run works it out by the month"


def _measure(name: str, meaning: str, why_not: str = "") -> Word:
    return Word("measure", name, meaning, "month_ended.measures", why_not, None if why_not else here.always)


WORDS: tuple[Word, ...] = (
    # what happens
    Word("event", "matter_opened", "a matter is opened", "matter_opened, or given.matters", "", here.always),
    Word("event", "matter_closed", "a matter is closed", "matter_closed", "", here.always),
    Word("event", "first_contact", "a matter's first meeting is held", "first_contact", "", here.always),
    Word("event", "work_done", "work is done on a matter, or costs of it are claimed", "work_done", "", here.always),
    Word("event", "disbursement", "money is paid out for the client", "disbursement", _LAID_OUT, here.laid_out),
    Word(
        "event", "disbursements_claimed", "what was paid out is claimed before the end", "disbursements_claimed",
        _LAID_OUT, here.laid_out,
    ),
    Word(
        "event", "stage_reached", "a stage is reached", "stage_reached",
        "clients.problems.<kind>.stages, such as {first_meeting: 0.3}", here.stage,
    ),
    Word(
        "event", "event_happened", "something counted happens, such as a hearing", "event_happened",
        "clients.problems.<kind>.happenings, such as {hearing: 0.2}", here.happening,
    ),
    Word(
        "event", "outcome_recorded", "a result is recorded, or proved to have lasted", "outcome_recorded", "",
        here.always,
    ),
    Word("event", "month_ended", "a month ends; cash rules pay after it", "month_ended", "", here.always),
    Word("event", "quarter_ended", "the third month of a quarter ends", "month_ended", "", here.always),
    Word("event", "year_ended", "the last month of a contract year ends", "month_ended", "", here.always),
    Word("event", "authority_asked", "authority to pass a limit is asked for", "authority_asked", "", here.always),
    Word("event", "audit_held", "an audit is held", "audit_held", "", here.always),
    Word("event", "claim_assessed", "the payer assesses an escaped claim", "claim_assessed", "", here.always),
    Word("event", "return_late", "a return is late", "return_late", "", here.always),
    Word("event", "duty_missed", "a duty was not done, and that is found", "duty_missed", "", here.always),
    Word("event", "call_answered", "an operator has answered a call", "call_answered", _OPERATORS, here.call),
    Word(
        "event", "client_switched", "a client takes a budget to another provider", "client_switched",
        "clients.switching, such as {chance: 0.05}", here.switching,
    ),
    Word("event", "review", "level payments are reviewed", "review", "", here.always),
    # what conditions ask about
    Word(
        "fact", "category", "category of law", "given.matters.category", "clients.problems.<category>", here.category
    ),
    Word(
        "fact", "fee_code", "code that the claim is made under", "given.matters.fee_code",
        "clients.problems.<kind>.fee_code", here.fee_code,
    ),
    Word(
        "fact", "region", "region of the matter, or else of the provider", "given.matters.region",
        "organisation.region", here.region,
    ),
    Word(
        "fact", "channel", "face_to_face, telephone or online", "given.matters.channel",
        "clients.channels, organisation.channel or the practice", here.channel,
    ),
    Word(
        "fact", "outcome", "how the matter ended", "matter_closed.outcome",
        "clients.problems.<kind>.outcome; a matter that fails ends unresolved", here.outcome,
    ),
    Word("fact", "reopened", "true where it was closed before", "given.matters.reopened", "", here.either),
    Word("fact", "opened", "day on which the matter was opened", "given.matters.opened", "", here.always),
    Word("fact", "closed", "day on which the matter was closed", "matter_closed", "", here.always),
    Word("fact", "months_open", "whole months from opening to closing", "matter_closed", "", here.always),
    Word("fact", "client", "who the client is", "given.matters.client", "", here.always),
    Word("fact", "ref", "name of the matter", "given.matters.ref", "", here.always),
    Word("fact", "early", "true where help came before the crisis point", "given.matters.facts", "", here.either),
    Word(
        "fact", "difficulty_band", "easy, usual or hard, by the minutes it needs", "given.matters.facts", "",
        here.difficulty,
    ),
    Word(
        "fact", "months_since_last_matter", "whole months since the client's last matter was closed",
        "given.matters.facts", "", here.always,
    ),
    Word(
        "fact", "lasted_months", "months for which a result is proved to have lasted", "outcome_recorded", "",
        here.always,
    ),
    Word(
        "fact", "stages", "the stages that it has reached", "stage_reached",
        "clients.problems.<kind>.stages, such as {first_meeting: 0.3}", here.stage,
    ),
    Word("fact", "<authority>.limit", "pence up to which an authority was given", "authority_asked", "", here.always),
    Word("fact", "<name>", "any other fact of the matter", "given.matters.facts", _FACTS, here.brought),
    Word("fact", "client.<name>", "a fact of the client", "given.matters.facts", _FACTS, here.brought),
    Word(
        "fact", "work.minutes.<heading>", "minutes worked: in all, or by heading", "work_done.<heading>_minutes",
        "", here.always,
    ),
    Word(
        "fact", "work.hours.<heading>", "hours worked: in all, or by heading", "work_done.<heading>_hours", "",
        here.always,
    ),
    Word("fact", "provider.name", "who holds the contract", "given.provider", "organisation.name", here.provider_name),
    Word("fact", "provider.region", "where the provider is", "given.provider", "organisation.region", here.region),
    Word(
        "fact", "provider.vat_registered", "whether the provider charges VAT", "given.provider",
        "organisation.vat_registered", here.registered,
    ),
    Word(
        "fact", "provider.heads", "eligible population of its area", "given.provider", "organisation.heads",
        here.heads,
    ),
    Word("fact", "provider.advisers", "full-time posts that are paid", "given.provider", "", here.always),
    Word("fact", "provider.bid", "pence that it bids in a tender", "given.provider", "organisation.bid", here.bid),
    Word("fact", "provider.quality", "quality of its bid, of 100", "given.provider", "organisation.bid", here.bid),
    Word("fact", "provider.bids", "the bids of all in the area", "given.bids", "organisation.bid", here.bid),
    Word(
        "fact", "provider.expected_claims", "pence a year that it is expected to claim", "given.provider",
        "organisation.expected_claims", here.foreseen,
    ),
    Word(
        "fact", "provider.<name>", "any other fact of the provider", "given.provider",
        "no run states it: an organisation has a name, a region, VAT, heads and advisers",
    ),
    Word(
        "fact", "row.<column>", "a cell of the row of the block's table", "", "a matter that picks the row",
        here.always,
    ),
    # what work is counted under
    Word("minutes", "profit", "preparation and attendance", "work_done.profit_minutes", "", here.always),
    Word(
        "minutes", "travel", "travelling", "work_done.travel_minutes",
        "clients.problems.<kind>.work.travel", here.timed("travel"),
    ),
    Word(
        "minutes", "waiting", "waiting", "work_done.waiting_minutes",
        "clients.problems.<kind>.work.waiting", here.timed("waiting"),
    ),
    Word(
        "minutes", "advocacy", "speaking for the client", "work_done.advocacy_minutes",
        "clients.problems.<kind>.work.advocacy", here.timed("advocacy"),
    ),
    Word("costs", "disbursements", "what was paid out, in one sum", "disbursement.net", _LAID_OUT, here.laid_out),
    Word(
        "costs", "disbursement_vat", "VAT on what was paid out", "disbursement.vat",
        "clients.problems.<kind>.disbursements with vat_percent", here.taxed,
    ),
    Word(
        "costs", "<heading>", "costs claimed under a heading, in pounds", "work_done.<heading>_costs",
        "clients.problems.<kind>.disbursements of that kind, or costs: {counsel: {pounds: 300}}", here.cost,
    ),
    Word(
        "count", "<kind>", "how many events of a kind there were (event.<kind>), or units of what was paid out",
        "event_happened.event or disbursement.units", "clients.problems.<kind>.happenings, such as {hearing: 0.2}",
        here.counted,
    ),
    Word(
        "stage", "<stage>", "a stage that a matter may reach", "stage_reached.stage",
        "clients.problems.<kind>.stages, such as {first_meeting: 0.3}", here.stage,
    ),
    # what is known of a call
    Word(
        "call", "answered_after", "minutes until it was answered", "call_answered.answered_after", _OPERATORS,
        here.call,
    ),
    Word(
        "call", "referred_face_to_face", "the caller is passed on to an adviser", "call_answered.result", _OPERATORS,
        here.call,
    ),
    Word(
        "call", "<name>", "another result of a call, or a fact of the caller", "call_answered",
        "no run says more of a call than that it is passed on to an adviser",
    ),
    # what a month comes to
    Word("month", "closed", "matters closed", "month_ended.closed", "", here.always),
    Word("month", "clients_seen", "people seen", "month_ended.clients_seen", "", here.always),
    Word("month", "sessions", "sessions held, at all desks", "month_ended.sessions", _DESKS, here.session),
    Word(
        "month", "spent", "what the organisation spent on anything, in pounds", "month_ended.spent", "", here.always
    ),
    Word(
        "month", "heads", "eligible population of its area, as it stands then", "month_ended.heads",
        "organisation.heads_later, such as {2027-01-01: 80000}", here.counted_later,
    ),
    Word("month", "<desk>", "sessions at one desk, with those seen at each", "month_ended.seen", _DESKS, here.session),
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
_SORTS: Mapping[str, WordSort] = {"costs": "costs", "event": "count", "count": "count"}


def named(sort: WordSort, name: str) -> tuple[Word | None, str]:
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


def values_in(setting: LivedSetting, sort: WordSort, name: str) -> WordValues:
    """Give what a run can make of a word in a setting."""
    word, rest = named(sort, name)
    return NEVER if word is None or word.here is None else word.here(setting, rest)


def of_sort(*sorts: WordSort) -> Iterator[Word]:
    """Go through the words of some sorts, in the order of the table."""
    return (word for word in WORDS if word.sort in sorts)


EVENTS = frozenset(word.name for word in of_sort("event"))
