"""Continuity of advisers and of organisations over the clients of a window, and what breaks in it cost."""

from collections.abc import Callable
from functools import partial

from legalaid_sim.events import Booked, Contact, HandOver
from legalaid_sim.measures.folded import ContactSpread, Folded
from legalaid_sim.measures.measure import (
    COHORT,
    COHORT_MATTERS,
    HIGHER,
    LOWER,
    NEITHER,
    SEEN,
    SEEN_TWICE,
    Measure,
)
from legalaid_sim.measures.statistics import mean, ratio
from legalaid_sim.units import MINUTES_PER_DAY, add_up

Spreads = Callable[[Folded], dict[str, ContactSpread]]
Familiar = Callable[[Folded], dict[str, tuple[int, int]]]

BICE_BOXERMAN = "Bice and Boxerman 1977"
STEINWACHS = "Steinwachs 1979"
MAGILL_SENF = "Magill and Senf 1987"
USUAL = "BMC Health Services Research 2022, s12913-022-07953-z, table 2"
CONCENTRATION = "BMC Primary Care 2020, s12875-020-01361-0, table 1"
KNOWN = "of the family of Smedby 1986, with look-back"

TOO_FEW = "no client seen at least twice"
UNSEEN = "no client seen"


def _by_adviser(folded: Folded) -> dict[str, ContactSpread]:
    return folded.adviser_spread


def _by_organisation(folded: Folded) -> dict[str, ContactSpread]:
    return folded.organisation_spread


def _adviser_known(folded: Folded) -> dict[str, tuple[int, int]]:
    return folded.familiar


def _organisation_known(folded: Folded) -> dict[str, tuple[int, int]]:
    return folded.familiar_organisation


def _index(
    folded: Folded, index: str, group: str = "everyone", spreads: Spreads = _by_adviser
) -> float | None:
    members = folded.groups[group]
    values = [getattr(spread, index) for client, spread in spreads(folded).items() if client in members]
    return mean([value for value in values if value is not None])


def _known(folded: Folded, group: str = "everyone", familiar: Familiar = _adviser_known) -> float | None:
    members = folded.groups[group]
    counts = [count for client, count in familiar(folded).items() if client in members]
    return ratio(add_up(count[0] for count in counts), add_up(count[1] for count in counts))


def _contacts_per_client(folded: Folded) -> float | None:
    return mean([len(contacts) for contacts in folded.seen.values()])


def _excluded(folded: Folded) -> float | None:
    return mean([len(contacts) < 2 for contacts in folded.seen.values()])


def _handovers(folded: Folded) -> float | None:
    matters = {matter.matter for matter in folded.matters}
    return ratio(add_up(handover.matter in matters for handover in folded.followed(HandOver)), len(matters))


def _broken_promises(folded: Folded) -> float | None:
    matters = {matter.matter for matter in folded.matters}
    broken = add_up(each.matter in matters and each.reason == "leaving" for each in folded.followed(HandOver))
    return ratio(broken, len(matters))


def _retelling(folded: Folded) -> float | None:
    minutes = add_up(contact.retelling for contacts in folded.seen.values() for contact in contacts)
    return ratio(minutes, len(folded.matters))


def _spell(folded: Folded) -> float | None:
    return mean(folded.spells)


def _second_need(folded: Folded) -> float | None:
    kept = [_kept_for_second_need(contacts, folded.problem_of) for contacts in folded.seen.values()]
    return mean([same for same in kept if same is not None])


def _kept_for_second_need(contacts: list[Contact], problem_of: dict[str, str]) -> bool | None:
    """Say whether the first meeting on a client's second problem was with whom the first problem last met."""
    first = problem_of.get(contacts[0].matter)
    before = contacts[0].adviser
    for contact in contacts:
        if problem_of.get(contact.matter) != first:
            return contact.adviser == before
        before = contact.adviser
    return None


def _trust(folded: Folded) -> float | None:
    return mean([closing.trust for closing in folded.closings])


def _waited_for_own(folded: Folded) -> float | None:
    """Give the mean days that clients put up with for their own adviser, over all slots that were offered."""
    # A slot of no minutes was brought forward and not offered.
    offered = [each for each in folded.followed(Booked) if each.own >= 0 and each.minutes]
    return mean([(each.slot - each.anyone) / MINUTES_PER_DAY for each in offered])


COC_FORMULA = "mean over clients of (sum n_i^2 - N) / (N (N - 1)), n_i of N contacts with adviser i"
SECON_FORMULA = "mean over clients of the contacts with the adviser of the contact before, over N - 1"
KNOWN_FORMULA = "contacts with an adviser whom the client met in the 24 months before / contacts"


def _halves(
    stem: str, of: str, formula: str, source: str, fold: Callable[..., float | None]
) -> tuple[Measure, ...]:
    """Give one measure for the clients of low and one for those of high relational need."""
    return tuple(
        Measure(
            f"continuity.{stem}_{half}_need",
            f"{of}, among clients whose relational need is {place} the median.",
            "share",
            formula,
            f"{SEEN}; {half} relational need",
            HIGHER,
            partial(fold, group=f"{half}_need"),
            source,
            "no such client seen often enough, or the log does not say who clients are",
        )
        for half, place in (("low", "below"), ("high", "at or above"))
    )


MEASURES = (
    Measure(
        "continuity.coc",
        "The chance that two different contacts of a client were with the same adviser.",
        "share",
        COC_FORMULA,
        SEEN_TWICE,
        HIGHER,
        partial(_index, index="coc"),
        BICE_BOXERMAN,
        TOO_FEW,
        headline=True,
        short="same adviser",
        also="own adviser, continuity of adviser",
    ),
    Measure(
        "continuity.secon",
        "The share of contacts that were with the adviser of the contact before.",
        "share",
        SECON_FORMULA,
        SEEN_TWICE,
        HIGHER,
        partial(_index, index="secon"),
        STEINWACHS,
        TOO_FEW,
        headline=True,
        short="adviser of last time",
    ),
    Measure(
        "continuity.contacts_per_client",
        "The mean number of contacts of a client who was seen: N, to be read beside every index of continuity.",
        "contacts",
        "contacts / clients seen",
        SEEN,
        NEITHER,
        _contacts_per_client,
        undefined=UNSEEN,
        headline=True,
        short="contacts per client",
    ),
    Measure(
        "continuity.excluded_share",
        "The share of clients seen only once, of whom COC, SECON and MMCI cannot speak.",
        "share",
        "clients with N < 2 / clients seen",
        SEEN,
        NEITHER,
        _excluded,
        undefined=UNSEEN,
    ),
    Measure(
        "continuity.known_adviser",
        "The share of contacts with an adviser whom the client had met in the 24 months before.",
        "share",
        KNOWN_FORMULA,
        SEEN,
        HIGHER,
        _known,
        KNOWN,
        UNSEEN,
        headline=True,
        short="adviser known before",
    ),
    Measure(
        "continuity.upc",
        "The share of a client's contacts that were with the adviser seen most; falls as N grows.",
        "share",
        "mean over clients of max n_i / N",
        SEEN,
        HIGHER,
        partial(_index, index="upc"),
        USUAL,
        UNSEEN,
    ),
    Measure(
        "continuity.herfindahl",
        "How concentrated a client's contacts are on few advisers.",
        "share",
        "mean over clients of sum of (n_i / N)^2",
        SEEN,
        HIGHER,
        partial(_index, index="herfindahl"),
        CONCENTRATION,
        UNSEEN,
    ),
    Measure(
        "continuity.mmci",
        "How few different advisers a client met for so many contacts.",
        "share",
        "mean over clients of (1 - M / (N + 0.1)) / (1 - 1 / (N + 0.1)), M different advisers",
        SEEN_TWICE,
        HIGHER,
        partial(_index, index="mmci"),
        MAGILL_SENF,
        TOO_FEW,
    ),
    *_halves(
        "coc",
        "The chance that two contacts share an adviser",
        COC_FORMULA,
        BICE_BOXERMAN,
        partial(_index, index="coc"),
    ),
    *_halves(
        "secon",
        "The share of contacts with the adviser of the contact before",
        SECON_FORMULA,
        STEINWACHS,
        partial(_index, index="secon"),
    ),
    *_halves(
        "known",
        "The share of contacts with an adviser met in the 24 months before",
        KNOWN_FORMULA,
        KNOWN,
        _known,
    ),
    Measure(
        "continuity.organisation_coc",
        "The chance that two different contacts of a client were with the same organisation.",
        "share",
        COC_FORMULA.replace("adviser", "organisation"),
        SEEN_TWICE,
        HIGHER,
        partial(_index, index="coc", spreads=_by_organisation),
        BICE_BOXERMAN,
        TOO_FEW,
    ),
    Measure(
        "continuity.organisation_secon",
        "The share of contacts that were with the organisation of the contact before.",
        "share",
        SECON_FORMULA.replace("adviser", "organisation"),
        SEEN_TWICE,
        HIGHER,
        partial(_index, index="secon", spreads=_by_organisation),
        STEINWACHS,
        TOO_FEW,
    ),
    Measure(
        "continuity.organisation_known",
        "The share of contacts with an organisation that the client had met in the 24 months before.",
        "share",
        KNOWN_FORMULA.replace("an adviser whom", "an organisation which"),
        SEEN,
        HIGHER,
        partial(_known, familiar=_organisation_known),
        KNOWN,
        UNSEEN,
    ),
    Measure(
        "continuity.handovers_per_matter",
        "How often a matter passed from one adviser to another.",
        "hand-overs per matter",
        "hand-overs / matters opened",
        COHORT_MATTERS,
        LOWER,
        _handovers,
        undefined="no matter opened",
    ),
    Measure(
        "continuity.broken_promises_per_matter",
        "How often a matter passed to somebody else without warning, because the adviser left.",
        "hand-overs per matter",
        "hand-overs for leaving / matters opened",
        COHORT_MATTERS,
        LOWER,
        _broken_promises,
        undefined="no matter opened",
        short="passed on without warning, per matter",
    ),
    Measure(
        "continuity.retelling_minutes_per_matter",
        "How long clients spent telling their story again to an adviser who was new to them.",
        "minutes per matter",
        "retelling minutes / matters opened",
        COHORT_MATTERS,
        LOWER,
        _retelling,
        undefined="no matter opened",
        short="retelling per matter",
    ),
    Measure(
        "continuity.days_waited_for_own_adviser",
        "How many days later clients took a booked meeting than anybody could have seen them.",
        "days",
        "mean over booked meetings with an own adviser of the slot taken - the first free slot of anyone",
        f"{COHORT}; meetings booked, where appointments are",
        LOWER,
        _waited_for_own,
        undefined="no meeting booked",
        short="days waited for the own adviser",
    ),
    Measure(
        "continuity.longest_spell_share",
        "The longest unbroken time with one adviser, as a share of the time from first to last contact.",
        "share",
        "mean over clients of the longest run of contacts with one adviser / first to last contact, in time",
        SEEN_TWICE,
        HIGHER,
        _spell,
        undefined="no client seen at two different minutes",
        short="longest time with one adviser",
    ),
    Measure(
        "continuity.second_need_same_adviser",
        "How often a client's second problem was first met by the adviser last met about the first problem.",
        "share",
        "clients whose second problem began with the adviser last met on the first / clients with one",
        f"{COHORT}; those seen about at least two problems",
        HIGHER,
        _second_need,
        undefined="no client seen about two problems",
    ),
    Measure(
        "continuity.trust_at_closing",
        "How far the client trusted the adviser when the matter closed, from 0 to 1.",
        "from 0 to 1",
        "mean over matters of trust when closed",
        COHORT_MATTERS,
        HIGHER,
        _trust,
        undefined="no matter closed",
    ),
)
