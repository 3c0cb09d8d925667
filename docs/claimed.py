"""What the paper claims of one-to-one work, the mechanism that tells each, and the page of how much it does."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from legalaid_sim.experiments.shared.statistics import Estimate, bonferroni, estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports.numbers import digits, places, scale_of

MADE = "<!-- Made by docs/claims.py; run it again, change no line here. -->\n"
ABOUT = """\
# The paper's claims

*Side by side and Implications for Public Services* (Council on Social Action, paper 3, 2008) says what makes help from
one person to another good. Each claim has a mechanism here: what happens in the model because of it. `python
docs/claims.py` lives it switched on and switched off in the same worlds, says first how long that takes, and writes
this page. {engine}

**Real** is a claim whose mechanism moves its own measure and something that a client would notice: {noticed}.
**Thin** is one that moves its own measure and none of these. **Against** is one whose own measure moves the other way
than the claim says. **Not seen** is one whose own measure does not move. To move is to lie beyond chance: 95 % over
{known} worlds with what is shipped, and for what a client would notice all of it together (Bonferroni). What is real
here is at work in the model; that it is so among people is not shown by it. **Typed** are the numbers, written by
somebody, of which a claim's own measure follows by counting: what is found there is what a client notices, and no more.

The size is what the mechanism adds, ± what chance leaves of it. In brackets is where nine in ten lie of {drawn} worlds
that each draw their own values of what is only assumed, chance taken out; *chance alone* where it leaves nothing of
that. Scenarios are cut to {months} months, a few
to 12, 18 or 24. Shares are in points.
"""
LEFT_OUT = """\
## Left out

No mechanism stands for these, so nothing is said of them:
"""
NOTICED = (
    "access.days_to_first_contact_mean", "access.never_seen", "access.helped_before_crisis", "continuity.known_adviser",
    "continuity.retelling_minutes_per_matter", "time.listening_minutes_per_client", "outcomes.resolved_share",
    "outcomes.went_elsewhere", "access.days_to_follow_up",
)  # fmt: skip
WORDS = {
    "access.days_to_first_contact_mean": "days until seen",
    "access.never_seen": "never being seen",
    "access.helped_before_crisis": "being helped before the crisis",
    "continuity.known_adviser": "meeting an adviser they know",
    "continuity.retelling_minutes_per_matter": "minutes of telling it again",
    "time.listening_minutes_per_client": "minutes of being listened to",
    "outcomes.resolved_share": "having the problem resolved",
    "outcomes.went_elsewhere": "having to go elsewhere",
    "access.days_to_follow_up": "days until the next meeting",
}
MONTHS = {"period.months": 8, "period.lead_in_months": 3, "period.run_out_months": 4}
TOWN, AREA = "canning-town-2008", "one-area"
JUDGEMENT, VOLUNTEERS = "judgement-or-procedure", "volunteers-or-time"
HUB, STAGES, WAYS = "city-bureau-hub", "five-stages-of-personalisation", "three-ways-of-managing"
PILOT, FEE, HOURS = "relational-pilot", "unified-contract-2007", "not-for-profit-hours-2004"


class Claim(NamedTuple):
    """One claim of the paper: what it says, on which page, and how it is told here.

    ``on`` and ``off`` give values of the mechanism: of the register by name, of the scenario by path, of the contract
    after ``contract.``; ``typed`` says the numbers of which the claim's own measure follows by counting. ``regimes``
    are the scenario's regimes with it and without. ``same_as`` are measures that a client would notice and that say the
    claim's own measure again. ``against`` is the measure that stands for the claim's own one where its mechanism is
    off, such as of full-timers where nobody works part-time. ``way`` is the side to which the claim has its measure
    move, 1 for more and -1 for less; 0 where it says that something differs and not how.
    """

    says: str
    page: str
    scenario: str
    regimes: tuple[str, str]
    measure: str
    off: Mapping[str, Any] = {}
    on: Mapping[str, Any] = {}
    same_as: tuple[str, ...] = ()
    against: str = ""
    months: int = MONTHS["period.months"]
    typed: str = ""
    way: int = 1

    @property
    def settled(self) -> tuple[str, ...]:
        """Names of all that is given a value, on either side or on both."""
        return tuple(dict.fromkeys([*self.on, *self.off]))

    @property
    def mechanism(self) -> tuple[str, ...]:
        """Names of what is switched; the regimes themselves where nothing else is."""
        missing = object()
        unlike = [name for name in self.settled if self.on.get(name, missing) != self.off.get(name, missing)]
        return tuple(unlike) or self.regimes

    @property
    def noticed(self) -> tuple[str, ...]:
        """What a client would notice beside the claim's own measure."""
        return tuple(name for name in NOTICED if name not in (self.measure, *self.same_as))


def under(name: str) -> tuple[str, str]:
    """Give one regime for both sides."""
    return name, name


KNOWN = ("continuity.known_adviser", "continuity.retelling_minutes_per_matter")
# As shipped two people in a hundred have anything untold while they are advised. Half as many come, with twice as much.
MUCH_KEPT_BACK = {"client.several_problems": 0.9, "client.hidden_share": 0.9, "clients.arrivals.per_week": 9}
CLAIMS = (
    Claim(
        "Somebody to talk to, who listens", "4", TOWN, under(PILOT), "time.listening_minutes_per_client",
        off={"contact.listening_minutes": 0},
        typed="16 minutes a meeting against 0",
    ),
    Claim(
        "Feeling valued by somebody who gives you their time, and so coming to the meeting", "4", TOWN, under(PILOT),
        "time.missed_share", off={"contact.listening_minutes": 0}, way=-1,
    ),
    Claim(
        "Going on with the same person, so that trust can grow", "4", TOWN, under(PILOT), "continuity.coc",
        off={"contract.standards.own_adviser.patience_days": 0}, same_as=("continuity.known_adviser",),
        typed="28 days of patience against 0",
    ),
    Claim(
        "Going on with the same person, where meetings are booked",
        "4 and 10",
        "rural-law-centre",
        under(PILOT),
        "continuity.coc",
        off={"contract.standards.own_adviser.patience_days": 0, "organisation.appointments": "booked"},
        on={"organisation.appointments": "booked"},
        same_as=("continuity.known_adviser",),
        typed="28 days of patience against 0",
    ),
    Claim(
        "Trust lets people say what they keep back, where most have something to keep back",
        "4",
        TOWN,
        under(PILOT),
        "access.disclosed_early",
        off={"client.disclosure": 0, **MUCH_KEPT_BACK},
        on=MUCH_KEPT_BACK,
    ),
    Claim(
        "Each takes something along: people come to do more for themselves", "4", TOWN, under(PILOT),
        "outcomes.capability_gained", off={"capability.gain": 0, "capability.goal": 0},
        typed="shares of 0.2 and 0.1 against 0",
    ),
    Claim(
        "Being pushed and challenged: what was agreed is acted on",
        "4",
        TOWN,
        under(PILOT),
        "outcomes.advice_acted_on",
        off={"goal.effect": 0},
    ),
    Claim(
        "Helping early, before things are at their worst: going out to people",
        "5",
        "rural-law-centre",
        ("fees-with-outreach", FEE),
        "access.helped_before_crisis",
        months=24,
    ),
    Claim(
        "Goals and a time frame", "5", TOWN, under(PILOT), "goals.set_per_matter",
        off={"goal.listening_minutes": 10_000},
        typed="6 minutes that a goal takes against 10,000",
    ),
    Claim(
        "Weighing together what one has and how best to use it",
        "4",
        TOWN,
        under(PILOT),
        "goals.set_per_matter",
        off={"contract.standards.own_judgement.allowed": False},
    ),
    Claim(
        "As little administration as can be", "5", TOWN, under(FEE), "admin.share",
        off={
            "contract.duties.legal_help_form.minutes": {"adviser": 18, "admin": 12},
            "contract.duties.claim_line.minutes": {"adviser": 4, "admin": 8},
            "contract.duties.monthly_return.minutes.per_claim_line": 4,
        },
        on={
            "contract.duties.legal_help_form.minutes": {"adviser": 0, "admin": 0},
            "contract.duties.claim_line.minutes": {"adviser": 0, "admin": 0},
            "contract.duties.monthly_return.minutes.per_claim_line": 0,
        },
        way=-1,
        typed="0 minutes against 18, 4 and 4 of an adviser",
    ),
    Claim(
        "Technology where it helps: by telephone and screen, for those who like it", "5", HUB, under("walk-in"),
        "time.face_to_face_share", off={"clients.channels": {"face_to_face": 1}}, way=-1,
    ),
    Claim(
        "Advice without a name, on a screen, brings what shames earlier",
        "5",
        HUB,
        ("no-name", "walk-in"),
        "access.helped_before_crisis",
    ),
    Claim(
        "Small and diverse providers: some would use no other than their own",
        "5",
        AREA,
        under(FEE),
        "access.never_seen",
        off={"client.only_own": 0},
        months=18,
    ),
    Claim(
        "Traditional administration against public value", "6", WAYS, ("public-value", "traditional-administration"),
        "time.with_clients_share",
    ),
    Claim(
        "New public management against public value", "6", WAYS, ("public-value", "new-public-management"),
        "time.with_clients_share",
    ),
    Claim(
        "A more radical stage of personalisation is more than a friendlier front", "7", STAGES,
        ("personalisation-4-co-production", "personalisation-1-friendlier-front"), "continuity.coc",
        same_as=("continuity.known_adviser",),
        typed="21 days of patience against 0",
    ),
    Claim(
        "More say over how money is spent: clients hold it and choose", "7", STAGES,
        ("direct-payments", "personalisation-2-navigation"), "access.turned_away_budget", way=0,
    ),
    Claim(
        "Targets and administration put the relationship under strain", "9", TOWN, under(FEE), "outcomes.strain",
        off={"adviser.strain_admin": 0, "adviser.strain_overload": 0},
        typed="weights of 0.3 against 0",
    ),
    Claim(
        "People who move jobs break it off", "10", TOWN, under(PILOT), "continuity.handovers_per_matter",
        off={"adviser.leaving_per_month": 0},
        months=24,
    ),
    Claim(
        "People who work part time are there less often", "10", "part-time-and-moves", under("three-days"),
        "continuity.same_again_part_time", against="continuity.same_again_full_time",
        off={
            "advisers": [
                {"role": "supervisor", "number": 1, "skill": 1.1},
                {"role": "caseworker", "number": 4},
            ]
        },
        same_as=("continuity.known_adviser",),
        way=-1,
    ),
    Claim(
        "A call centre goes the opposite way, and some cannot telephone", "8 and 10", HUB, ("hub", "walk-in"),
        "access.lost_at_door",
        typed="0.15 lost at the gateway against nobody",
    ),
    Claim(
        "Not everybody needs that depth: time goes by need", "10", TOWN, under(PILOT), "time.listening_share",
        off={"client.relational_need": 1}, same_as=("time.listening_minutes_per_client",), way=0,
    ),
    Claim(
        "In an emergency fast access is what counts, and not the relationship",
        "10",
        "housing-2025",
        under("fees-of-2025"),
        "access.dates_waited_out",
        off={"date.urgent_days": 0},
        months=12,
        way=-1,
    ),
    Claim(
        "Working in this way brings the results that services are for", "10", TOWN, under(PILOT),
        "outcomes.resolved_early_share", off={"outcome.trust_effect": 0},
    ),
    Claim(
        "Those furthest from services are missed: inequality", "4 and 10", TOWN, under(FEE),
        "access.helped_before_crisis_gap", off={
            "client.vulnerability_delay": 0,
            "missed.vulnerability_effect": 0,
            "vulnerability.barrier": 0,
            "vulnerability.forms": 0,
        }, way=-1,
    ),
    Claim(
        "Discretion, rather than keeping to procedure",
        "11",
        JUDGEMENT,
        (FEE, "by-procedure"),
        "time.departures_share",
        same_as=("time.listening_minutes_per_client",),
    ),
    Claim(
        "Flexibility that is formalised is no discretion: exceptions are asked for on a form", "11", JUDGEMENT,
        ("by-exception", FEE), "time.exception_minutes_per_matter",
        typed="20 minutes a form against none",
    ),
    Claim(
        "Volunteers make it more human: who is seen takes more along, where there is time to spare", "11", VOLUNTEERS,
        ("procedure-and-volunteers", "procedure"), "outcomes.advice_acted_on",
        off={"clients.arrivals.per_week": 8}, on={"clients.arrivals.per_week": 8}, months=18,
    ),
    Claim(
        "Volunteers are a sticking plaster: more listening and fewer seen, where there is no time to spare", "11",
        VOLUNTEERS, ("procedure-and-volunteers", "procedure"), "access.never_seen",
        off={"clients.arrivals.per_week": 16}, on={"clients.arrivals.per_week": 16}, months=18,
    ),
    Claim(
        "Volunteers are not enough: leave to listen does more than volunteers beside a rule", "11", VOLUNTEERS,
        ("judgement", "procedure-and-volunteers"), "outcomes.advice_acted_on", months=18,
    ),
    Claim(
        "Contracting makes it hard to work so, where minutes follow pay", "13",
        "pilot-with-behaviour", (PILOT, HOURS), "continuity.trust_at_closing",
    ),
)  # fmt: skip
UNTOLD = (
    ("New connections between people across classes, and what comes of them for a place", "4 and 5"),
    ("Framing work by what people aspire to rather than by problems", "5"),
    ("Staff who are freed, and proud of what they do", "10"),
    ("Training in how to form a relationship", "11"),
    ("Peer groups that users run themselves", "7 and 11"),
)


def beyond(found: Estimate) -> bool:
    """Tell whether a difference lies beyond chance; one that is the same in every world does where it is none."""
    if found.low is None or found.high is None:
        return False
    return found.low > 0 or found.high < 0


def verdict(claim: Claim, found: Mapping[str, Any]) -> tuple[str, str]:
    """Say whether a claim is real, thin, against or not seen, and by which measure a client would notice it most."""
    own = estimate(found["known"][claim.measure])
    if not beyond(own):
        return "not seen", ""
    against = claim.way * (own.mean or 0.0) < 0
    level = bonferroni(len(claim.noticed))
    moved = {name: estimate(found["known"][name], level) for name in claim.noticed}
    clear = [name for name in claim.noticed if beyond(moved[name])]
    if not clear:
        return "against" if against else "thin", ""

    def strength(name: str) -> float:
        half = moved[name].half_width or 0.0
        return abs(moved[name].mean or 0.0) / half if half else float("inf")

    return "against" if against else "real", max(clear, key=strength)


def page(kept: Mapping[str, Any]) -> str:
    """Give the page from all that is kept."""
    engines = sorted({each["engine"] for each in kept.values()})
    said = f"Engine {', '.join(engines)}." if kept else "Nothing has been lived yet."
    known, drawn = (sorted({each[part] for each in kept.values()}) for part in ("known", "drawn"))
    parts = [
        MADE,
        ABOUT.format(
            engine=said, known=_listed(known), drawn=_listed(drawn), months=MONTHS["period.months"],
            noticed=", ".join(WORDS[name] for name in NOTICED),
        ),
        *_table(kept),
        LEFT_OUT,
        *(f"- {says} (page {number})" for says, number in UNTOLD),
    ]  # fmt: skip
    return "\n".join(parts).rstrip() + "\n"


def _listed(numbers: list[int]) -> str:
    return " or ".join(map(str, numbers)) or "no"


def _table(kept: Mapping[str, Any]) -> Iterator[str]:
    yield "| claim, page | mechanism | measure | scenario | | size | a client notices |"
    yield "| --- | --- | --- | --- | --- | ---: | --- |"
    for claim in CLAIMS:
        each = kept.get(claim.says)
        cells = [
            f"{claim.says} (page {claim.page})",
            _mechanism(claim),
            f"`{claim.measure}`",
            f"`{claim.scenario}`",
        ]
        if each is None:
            yield f"| {' | '.join([*cells, 'not lived yet', '', ''])} |"
            continue
        found = each["found"]
        word, noticed = verdict(claim, found)
        shown = f"{WORDS[noticed]} {_size(noticed, found['known'])}" if noticed else ""
        size = f"{_size(claim.measure, found['known'])} {_range(claim.measure, found)}".rstrip()
        judged = f"**{word}**; typed: {claim.typed}" if claim.typed else f"**{word}**"
        yield f"| {' | '.join([*cells, judged, size, shown])} |"
    yield ""


def _mechanism(claim: Claim) -> str:
    if claim.mechanism == claim.regimes:
        return f"`{claim.regimes[0]}` against `{claim.regimes[1]}`"
    names = ", ".join(f"`{name.removeprefix('contract.')}`" for name in claim.mechanism)
    if both := [name for name in claim.settled if name not in claim.mechanism]:
        names += "; on both sides " + ", ".join(f"`{name}` {claim.off[name]}" for name in both)
    return names if claim.regimes[0] == claim.regimes[1] else f"{names}, `{claim.regimes[0]}`"


def _number(measure: str, value: float, half: float, sign: bool = True) -> str:
    unit = REGISTRY[measure].unit
    scale = scale_of(unit)
    return digits(value * scale, places(value * scale, unit, half * scale), sign)


def _size(measure: str, known: Mapping[str, Any]) -> str:
    found = estimate(known[measure])
    if found.mean is None:
        return "–"
    half = found.half_width or 0.0
    return f"{_number(measure, found.mean, half)} ± {_number(measure, half, half, sign=False)}"


def _range(measure: str, found: Mapping[str, Any]) -> str:
    low, high, half = found["drawn"]["low"], found["drawn"]["high"], found["drawn"]["chance"] or 0.0
    if low is None or high is None:
        return ""
    ends = [_number(measure, end, half) for end in (low, high)]
    return "(chance alone)" if ends[0] == ends[1] else f"({' to '.join(ends)})"
