"""Where a contract is lived, and what a run there can make of each word."""

from collections.abc import Callable
from math import fsum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from legalaid_sim.scenario.brings import SURE, meant

if TYPE_CHECKING:
    from legalaid_sim.scenario.agencies import Agency, Organisation
    from legalaid_sim.scenario.model import Scenario
    from legalaid_sim.scenario.people import ProblemKind
    from legalaid_sim.scenario.regimes import Practice

# The values that something can take in a setting: listed, none at all, or any.
WordValues: TypeAlias = frozenset[Any] | None
NEVER: WordValues = frozenset()
ANY: WordValues = None


class LivedSetting(NamedTuple):
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


ValuesHere: TypeAlias = Callable[[LivedSetting, str], WordValues]


def always(setting: LivedSetting, rest: str) -> WordValues:
    """Anything, everywhere."""
    return ANY


def either(setting: LivedSetting, rest: str) -> WordValues:
    """Yes or no, everywhere."""
    return frozenset({True, False})


def category(setting: LivedSetting, rest: str) -> WordValues:
    """The kind of problem."""
    return frozenset({setting.kind})


def fee_code(setting: LivedSetting, rest: str) -> WordValues:
    """The code that the problem is claimed under."""
    return frozenset({setting.problem.fee_code})


def region(setting: LivedSetting, rest: str) -> WordValues:
    """Where the organisation works."""
    return frozenset({setting.organisation.region})


def channel(setting: LivedSetting, rest: str) -> WordValues:
    """The ways in which clients are seen."""
    only = setting.practice.channel or setting.organisation.channel
    preferred = (name for name, share in setting.scenario.clients.channels.items() if share)
    return frozenset(preferred if only == "as_preferred" else (only,))


def outcome(setting: LivedSetting, rest: str) -> WordValues:
    """What a matter can come to."""
    return frozenset({setting.problem.outcome, "unresolved"})


def difficulty(setting: LivedSetting, rest: str) -> WordValues:
    """How hard a problem can be."""
    return frozenset({"easy", "usual", "hard"})


def registered(setting: LivedSetting, rest: str) -> WordValues:
    """Whether the organisation is registered for VAT."""
    return frozenset({setting.organisation.vat_registered})


def provider_name(setting: LivedSetting, rest: str) -> WordValues:
    """The name of the organisation."""
    return frozenset({setting.organisation.name})


def heads(setting: LivedSetting, rest: str) -> WordValues:
    """The eligible people of its area."""
    return frozenset({setting.organisation.heads})


def counted_later(setting: LivedSetting, rest: str) -> WordValues:
    """Eligible people as they are counted again, where they are."""
    return ANY if setting.organisation.heads_later else NEVER


def foreseen(setting: LivedSetting, rest: str) -> WordValues:
    """Claims of a year, where they are foreseen."""
    return ANY if setting.organisation.expected_claims else NEVER


def stage(setting: LivedSetting, rest: str) -> WordValues:
    """A stage, where the problem has it."""
    return ANY if rest in setting.problem.stages or (not rest and setting.problem.stages) else NEVER


def happening(setting: LivedSetting, rest: str) -> WordValues:
    """Something counted, where it can happen in the problem."""
    kinds = setting.problem.happenings
    return ANY if rest in kinds or (not rest and kinds) else NEVER


def call(setting: LivedSetting, rest: str) -> WordValues:
    """A call with this result, where calls are taken."""
    first = setting.practice.first or setting.organisation.allocation.first
    door = setting.practice.door or setting.organisation.door
    by_telephone = first == "telephone_hub" or door == "telephone_gateway"
    answered = any(post.role == "telephone_operator" for post in setting.agency.advisers)
    return ANY if by_telephone and answered else NEVER


def switching(setting: LivedSetting, rest: str) -> WordValues:
    """Going elsewhere, where clients can."""
    return ANY if setting.scenario.clients.switching is not None else NEVER


def bid(setting: LivedSetting, rest: str) -> WordValues:
    """A bid, where the organisation makes one."""
    return ANY if setting.organisation.bid is not None else NEVER


def brought(setting: LivedSetting, rest: str) -> WordValues:
    """A fact, where problems bring it."""
    shares = setting.problem.facts.get(rest)
    if shares is None:
        return NEVER
    sure = fsum(shares.values()) > 1.0 - SURE
    return frozenset({*(meant(word) for word, share in shares.items() if share), *(() if sure else (None,))})


def timed(heading: str) -> ValuesHere:
    """Minutes of a heading, where problems take them."""

    def here(setting: LivedSetting, rest: str) -> WordValues:
        return ANY if getattr(setting.problem.work, heading) is not None else NEVER

    return here


def laid_out(setting: LivedSetting, rest: str) -> WordValues:
    """Money paid out, where problems need it."""
    return ANY if any(outlay.chance for outlay in setting.problem.disbursements.values()) else NEVER


def taxed(setting: LivedSetting, rest: str) -> WordValues:
    """Tax on money paid out, where there is some."""
    outlays = setting.problem.disbursements.values()
    return ANY if any(outlay.chance and outlay.vat_percent for outlay in outlays) else NEVER


def cost(setting: LivedSetting, rest: str) -> WordValues:
    """Costs of a heading, where problems have them."""
    outlays = (*setting.problem.costs.items(), *setting.problem.disbursements.items())
    return ANY if any(name == rest and outlay.chance for name, outlay in outlays) else NEVER


def counted(setting: LivedSetting, rest: str) -> WordValues:
    """A count of something paid for by the unit, or that happens."""
    outlay = setting.problem.disbursements.get(rest)
    in_units = outlay is not None and outlay.chance and outlay.units is not None
    return ANY if in_units else happening(setting, rest)


def session(setting: LivedSetting, rest: str) -> WordValues:
    """Sessions at a desk, where it is staffed, or where advisers stand by clients on a date."""
    dates = (kind.date for kind in setting.scenario.clients.problems.values())
    desks = {*setting.organisation.sessions, *(date.at for date in dates if date is not None and date.at)}
    return ANY if rest in desks or (not rest and desks) else NEVER
