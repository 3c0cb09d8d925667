"""Small scale and diversity: which organisations were left, and how the payer's spend was spread."""

from collections import Counter

from legalaid_sim.events import AdviserJoined, OrganisationClosed, PostClosed
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import DONE_WITHIN, HIGHER, LOWER, NEITHER, Measure
from legalaid_sim.measures.statistics import quantile, ratio, share
from legalaid_sim.units import add_up

AT_CLOSE = "organisations that stood when the window opened"
NOT_PAID = "nothing paid within the window"


def sizes(folded: Folded) -> dict[str, int]:
    """Give the number of posts of each organisation that ever had one, by name."""
    posts = {(joining.organisation, joining.post) for joining in folded.log.of(AdviserJoined)}
    return dict(sorted(Counter(organisation for organisation, _ in posts).items()))


def shut(folded: Folded, by: int) -> set[str]:
    """Give the organisations that had shut for want of money by a minute."""
    return {closing.organisation for closing in folded.log.of(OrganisationClosed) if closing.at <= by}


def payments(folded: Folded) -> dict[str, int]:
    """Give what the payer paid each organisation for the window, in pence."""
    paid: Counter[str] = Counter()
    for payment in folded.payments:
        paid[payment.organisation] += payment.pence
    return {organisation: pence for organisation, pence in paid.items() if pence > 0}


def _surviving(folded: Folded) -> float | None:
    standing = sizes(folded).keys() - shut(folded, folded.window.opens)
    return ratio(len(standing - shut(folded, folded.window.closes)), len(standing))


def _posts_closed(folded: Folded) -> float | None:
    return float(len(folded.within(PostClosed))) if sizes(folded) else None


def _effective(folded: Folded) -> float | None:
    paid = payments(folded).values()
    return share(add_up(paid) ** 2, add_up(pence * pence for pence in paid))


def _to_smaller(folded: Folded) -> float | None:
    """Give the share of spend that went to organisations of no more posts than the median one."""
    posts, paid = sizes(folded), payments(folded)
    middle = quantile(list(posts.values()), 0.5)
    if middle is None or len(set(posts.values())) < 2:
        return None
    smaller = add_up(pence for name, pence in paid.items() if posts.get(name, 0) <= middle)
    return share(smaller, add_up(paid.values()))


MEASURES = (
    Measure(
        "diversity.organisations_surviving",
        "The share of organisations that did not shut for want of money.",
        "share",
        "organisations standing at the close / organisations standing at the opening of the window",
        AT_CLOSE,
        HIGHER,
        _surviving,
        undefined="no organisation with a post",
        short="organisations surviving",
    ),
    Measure(
        "diversity.posts_closed",
        "How many posts organisations gave up to save money.",
        "posts",
        "posts closed",
        DONE_WITHIN,
        LOWER,
        _posts_closed,
        undefined="no organisation with a post",
    ),
    Measure(
        "diversity.effective_organisations",
        "How many organisations of equal size would share the payer's spend as unevenly as it was shared.",
        "organisations",
        "(sum of payments)^2 / sum over organisations of payments^2",
        DONE_WITHIN,
        HIGHER,
        _effective,
        undefined=NOT_PAID,
    ),
    Measure(
        "diversity.spend_share_of_smaller",
        "The share of the payer's spend that went to organisations no larger than the one in the middle.",
        "share",
        "payments to organisations with no more posts than the median / payments",
        DONE_WITHIN,
        NEITHER,
        _to_smaller,
        undefined="nothing paid, or organisations all of one size",
        short="spending on smaller ones",
    ),
)
