"""Bands and tiers against the numbers that lie in them: whatever lies in two, or in one that holds none, is told."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.authoring.checking import check_text

HEAD = """\
kind: contract
schema_version: 1
contract: spans
title: Spans
term: {starts: 2026-04-01, months: 36}
payments:
"""
EDGES = st.none() | st.integers(0, 6)
SPANS = st.lists(st.tuples(EDGES, EDGES), min_size=1, max_size=3)
MOST = 8


def codes_of(block: str, spans: Any, start: str) -> set[str]:
    written = (
        ", ".join(f"{key}: {edge}" for key, edge in ((start, low), ("at_most", high)) if edge is not None)
        for low, high in spans
    )
    listed = ", ".join(
        f"{{{span}{', ' if span else ''}amount: {50 + at}.00}}" for at, span in enumerate(written)
    )
    return {problem.code for problem in check_text(HEAD + block.format(listed), "f.yaml").problems}


def holders(spans: Any, number: int, whole: bool) -> list[int]:
    """Give the spans that hold a number; one without a start begins after the end of the one before."""
    found = []
    for at, (low, high) in enumerate(spans):
        before = spans[at - 1][1] if at else None
        after = low - (not whole) if low is not None else -1 if before is None else before
        starts = number >= low if whole and low is not None else number > after
        if not whole and low is not None:
            starts = number > low
        if starts and (high is None or number <= high):
            found.append(at)
    return found


def rise(spans: Any) -> bool:
    ends = [high for _, high in spans]
    return all(one is not None and (other is None or other > one) for one, other in pairwise(ends))


@given(SPANS)
def test_bands_of_minutes_that_share_one_are_told(spans: Any) -> None:
    block = "  - {{id: f, kind: banded_fee, band_by: work.minutes, otherwise: 1.00, bands: [{}]}}\n"
    found = codes_of(block, spans, "at_least")
    shared = any(len(holders(spans, number, True)) > 1 for number in range(MOST))
    idle = any(low is not None and high is not None and high < low for low, high in spans)
    assert ("CP303" in found) == (not rise(spans))
    if rise(spans):
        assert ("CP325" in found) == (shared or idle)


@given(SPANS)
def test_tiers_that_share_a_matter_are_told(spans: Any) -> None:
    found = codes_of("  - {{id: f, kind: tiers, tiers: [{}]}}\n", spans, "over")
    shared = any(len(holders(spans, number, False)) > 1 for number in range(1, MOST))
    idle = any(low is not None and high is not None and high <= low for low, high in spans)
    late = bool(spans[0][0])
    assert ("CP303" in found) == (not rise(spans) or late)
    if rise(spans):
        assert ("CP325" in found) == (shared or idle)


def test_a_band_by_the_hour_that_leaves_a_part_of_an_hour_out_is_told() -> None:
    block = "  - {{id: f, kind: banded_fee, band_by: work.hours, bands: [{}]}}\n"
    assert "CR032" in codes_of(block, [(None, 2), (3, None)], "at_least")
    assert not codes_of(block, [(None, 2), (None, None)], "at_least") & {"CR032", "CP325"}
