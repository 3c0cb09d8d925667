"""Indices of continuity: how far one client met the same adviser again.

Each takes the advisers of one client's contacts, in order, and knows nothing of clients, dates or contracts.
An adviser is any hashable name; the same functions speak of organisations when given organisations. An index
that is undefined for so few contacts is ``None``, never 0 or 1: whoever takes a mean must leave it out and
say how many were left out.

Contacts of one client are s_1..s_N; n_i of them are with adviser i; M advisers differ. Between the indices
hold, exactly, 0 <= COC <= HHI <= UPC <= 1, COC = (N HHI - 1) / (N - 1), and the mean of SECON over all orders
of the same contacts is COC.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import groupby, pairwise

from legalaid_sim.units import add_up

Advisers = Sequence[Hashable]
MetAt = tuple[int, Hashable]  # the minute it began, and whom with


def upc(advisers: Advisers) -> float | None:
    """Give the share of contacts with the adviser seen most, max n_i / N; ``None`` without a contact.

    Usual provider continuity, as tabulated in BMC Health Services Research 2022 (s12913-022-07953-z, table
    2). It falls as contacts grow in number even when nothing else changes, so read it beside N.

    >>> upc("AAAABBBC")
    0.5
    """
    return max(Counter(advisers).values()) / len(advisers) if advisers else None


def coc(advisers: Advisers) -> float | None:
    """Give the chance that two different contacts share an adviser; ``None`` below two contacts.

    (sum n_i^2 - N) / (N (N - 1)) (Bice and Boxerman 1977). Does not drift with N.

    >>> coc("AAAABBBC") == 9 / 28
    True
    """
    contacts = len(advisers)
    if contacts < 2:
        return None
    squares = add_up(n * n for n in Counter(advisers).values())
    return (squares - contacts) / (contacts * (contacts - 1))


def secon(advisers: Advisers) -> float | None:
    """Give the share of contacts with the adviser of the contact before; ``None`` below two contacts.

    Sum over j < N of 1[s_j = s_{j+1}], over N - 1 (Steinwachs 1979).

    >>> secon("AABAB")
    0.25
    """
    if len(advisers) < 2:
        return None
    return add_up(before == after for before, after in pairwise(advisers)) / (len(advisers) - 1)


def herfindahl(advisers: Advisers) -> float | None:
    """Give the concentration of contacts, sum of (n_i / N)^2; ``None`` without a contact.

    As tabulated for continuity in BMC Primary Care 2020 (s12875-020-01361-0, table 1).

    >>> herfindahl("AAAB")
    0.625
    """
    if not advisers:
        return None
    return add_up(n * n for n in Counter(advisers).values()) / len(advisers) ** 2


def mmci(advisers: Advisers) -> float | None:
    """Give the modified modified continuity index; ``None`` below two contacts.

    (1 - M / (N + 0.1)) / (1 - 1 / (N + 0.1)) (Magill and Senf 1987). It knows only N and M, so it cannot tell
    four and one from three and two, and it rises with N.

    >>> round(mmci("AAAB"), 4)
    0.6774
    """
    contacts = len(advisers)
    if contacts < 2:
        return None
    return (1 - len(set(advisers)) / (contacts + 0.1)) / (1 - 1 / (contacts + 0.1))


def known(meetings: Sequence[MetAt], look_back: int) -> tuple[int, int]:
    """Count contacts with someone met before, and contacts.

    Met before means: another meeting with the same adviser began at most ``look_back`` minutes earlier.
    ``meetings`` are in order of time. Share of the two counts: the known-adviser measure (of the family of Smedby
    1986).

    >>> known([(0, "A"), (10, "B"), (20, "A"), (99, "A")], look_back=50)
    (1, 4)
    """
    last: dict[Hashable, int] = {}
    familiar = 0
    for began, adviser in meetings:
        familiar += adviser in last and began - last[adviser] <= look_back
        last[adviser] = began
    return familiar, len(meetings)


def longest_spell(meetings: Sequence[MetAt]) -> float | None:
    """Give the longest unbroken time with one adviser as a share of all the time from first to last meeting.

    A spell runs from the first to the last of consecutive meetings with the same adviser. ``None`` where
    first and last meeting are the same minute, as with a single one.

    >>> longest_spell([(0, "A"), (30, "A"), (50, "B"), (100, "B")])
    0.5
    """
    if not meetings or meetings[-1][0] == meetings[0][0]:
        return None
    spells = (list(spell) for _, spell in groupby(meetings, key=lambda meeting: meeting[1]))
    longest = max(spell[-1][0] - spell[0][0] for spell in spells)
    return longest / (meetings[-1][0] - meetings[0][0])
