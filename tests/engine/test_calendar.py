"""Hours in which people can ask, by the day, beside a look through all of them."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.calendars import shifts
from legalaid_sim.engine.common import DAYS_BEYOND, Calendar
from legalaid_sim.units import MINUTES_PER_DAY


@given(
    st.sets(st.integers(0, 12), max_size=6),
    st.sampled_from([1, 420, 900, 901, 1440]),
    st.integers(-2 * MINUTES_PER_DAY, 16 * MINUTES_PER_DAY),
)
def test_the_next_open_minute_is_the_first_that_is_open(days: set[int], length: int, when: int) -> None:
    opening = shifts(sorted(days), length)
    world: Any = SimpleNamespace(days=14, opening=opening)
    ends = [max(when, opens) for opens, closes in opening if closes > when]
    never = (14 + DAYS_BEYOND) * MINUTES_PER_DAY
    expected = min(ends, default=never) if opening else when
    assert Calendar(date(2008, 1, 1), world).open_minute(when) == expected
