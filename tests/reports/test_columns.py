from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.reports.columns import broken, set_out

ROWS = [
    ["", "", "unified-contract-2007", "relational-pilot (mechanical)", "pairing"],
    ["continuity.coc", "share", "0.912", "0.991", "70%"],
    ["money.payer_spend", "GBP", "91,285", "193,252", "5%"],
]


def test_a_wide_line_has_every_heading_whole() -> None:
    first, *_ = set_out(ROWS, 120, 2).splitlines()
    assert first.split("  ")[-3:] == ["unified-contract-2007", "relational-pilot (mechanical)", "pairing"]


def test_headings_go_on_below_where_there_is_no_room() -> None:
    shown = set_out(ROWS, 65, 2).splitlines()
    assert max(map(len, shown)) <= 65
    assert "(mechanical)" in " ".join(shown)
    assert shown[-1].split() == ["money.payer_spend", "GBP", "91,285", "193,252", "5%"]


def test_columns_that_can_be_spared_go_in_turn() -> None:
    assert "share" not in set_out(ROWS, 52, 2, (1, -1))
    assert "pairing" in set_out(ROWS, 52, 2, (1, -1))
    narrow = set_out(ROWS, 38, 2, (1, -1))
    assert "pairing" not in narrow
    assert "193,252" in narrow


def test_columns_stand_under_one_another() -> None:
    lines = set_out(ROWS, 120, 2).splitlines()
    assert len({line.rindex("%") for line in lines[1:]}) == 1
    assert all(line.startswith(row[0]) for line, row in zip(lines[1:], ROWS[1:]))


@given(st.text(max_size=300), st.integers(1, 60))
def test_breaking_loses_nothing_but_spaces(text: str, width: int) -> None:
    lines = broken(text, width)
    assert all(len(line) <= width for line in lines)
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    assert "".join("".join(lines).split()) == "".join(plain.split())


@given(
    st.lists(st.lists(st.text("ab -", max_size=12), min_size=3, max_size=3), min_size=1, max_size=4),
    st.integers(60, 100),
)
def test_what_can_fit_fits(rows: list[list[str]], width: int) -> None:
    assert max(map(len, set_out(rows, width).splitlines()), default=0) <= width
