"""Indices of continuity against printed tables, exact fractions, identities and a count of pairs."""

from fractions import Fraction
from itertools import combinations, pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.measures.continuity import coc, herfindahl, known, longest_spell, mmci, secon, upc

EXACT = 1e-12
sequences = st.lists(st.sampled_from("ABCDE"), min_size=2, max_size=12)


def visits(*counts: int) -> str:
    return "".join(letter * count for letter, count in zip("ABCDE", counts))


# Magill and Senf 1987, table 1: visits by provider, COC and MMCI as printed, then both as exact fractions.
MAGILL_SENF = [
    ((1, 1), 0.00, 0.10, Fraction(0), Fraction(1, 11)),
    ((2, 1), 0.33, 0.51, Fraction(1, 3), Fraction(11, 21)),
    ((1, 1, 1), 0.00, 0.04, Fraction(0), Fraction(1, 21)),
    ((3, 1), 0.50, 0.67, Fraction(1, 2), Fraction(21, 31)),
    ((2, 2), 0.33, 0.67, Fraction(1, 3), Fraction(21, 31)),
    ((2, 1, 1), 0.17, 0.36, Fraction(1, 6), Fraction(11, 31)),
    ((1, 1, 1, 1), 0.00, 0.03, Fraction(0), Fraction(1, 31)),
    ((4, 1), 0.60, 0.76, Fraction(3, 5), Fraction(31, 41)),
    ((3, 2), 0.40, 0.76, Fraction(2, 5), Fraction(31, 41)),
    ((3, 1, 1), 0.30, 0.51, Fraction(3, 10), Fraction(21, 41)),
    ((2, 2, 1), 0.20, 0.51, Fraction(1, 5), Fraction(21, 41)),
    ((2, 1, 1, 1), 0.10, 0.28, Fraction(1, 10), Fraction(11, 41)),
    ((1, 1, 1, 1, 1), 0.00, 0.03, Fraction(0), Fraction(1, 41)),
    ((2,), 1.00, 1.00, Fraction(1), Fraction(1)),
    ((3,), 1.00, 1.00, Fraction(1), Fraction(1)),
    ((4,), 1.00, 1.00, Fraction(1), Fraction(1)),
    ((5,), 1.00, 1.00, Fraction(1), Fraction(1)),
]


@pytest.mark.parametrize(("counts", "coc_printed", "mmci_printed", "coc_exact", "mmci_exact"), MAGILL_SENF)
def test_magill_and_senf_1987_table_1(counts, coc_printed, mmci_printed, coc_exact, mmci_exact):
    # The printed MMCI was worked from an already rounded MCI, so it is up to .015 away from its own formula.
    assert coc(visits(*counts)) == pytest.approx(coc_printed, abs=0.015)
    assert mmci(visits(*counts)) == pytest.approx(mmci_printed, abs=0.015)
    assert coc(visits(*counts)) == pytest.approx(float(coc_exact), abs=EXACT)
    assert mmci(visits(*counts)) == pytest.approx(float(mmci_exact), abs=EXACT)


CONCENTRATION = [
    ((1, 1), 0.5, 0.5),
    ((2, 1), 5 / 9, 2 / 3),
    ((3, 1), 0.625, 0.75),
    ((2, 2), 0.5, 0.5),
    ((2, 1, 1), 0.375, 0.5),
    ((4, 1), 0.68, 0.8),
    ((3, 2), 0.52, 0.6),
    ((3, 1, 1), 0.44, 0.6),
    ((2, 2, 1), 0.36, 0.4),
    ((2, 1, 1, 1), 0.28, 0.4),
    ((1, 1, 1, 1, 1), 0.2, 0.2),
]


@pytest.mark.parametrize(("counts", "hhi", "usual"), CONCENTRATION)
def test_concentration_of_counts(counts, hhi, usual):
    assert herfindahl(visits(*counts)) == pytest.approx(hhi, abs=EXACT)
    assert upc(visits(*counts)) == pytest.approx(usual, abs=EXACT)


SEQUENCES = [
    ("AAAABBBC", Fraction(1, 2), Fraction(9, 28), Fraction(5, 7), 0.7183),
    ("AAAABBCC", Fraction(1, 2), Fraction(2, 7), Fraction(5, 7), 0.7183),
    ("AAAAAAAABB", Fraction(4, 5), Fraction(29, 45), Fraction(8, 9), 0.8901),
    ("AABBAACAAB", Fraction(3, 5), Fraction(2, 5), Fraction(4, 9), 0.7802),
    ("ABABA", Fraction(3, 5), Fraction(2, 5), Fraction(0), 0.7561),
    ("AABAB", Fraction(3, 5), Fraction(2, 5), Fraction(1, 4), 0.7561),
    ("AAABB", Fraction(3, 5), Fraction(2, 5), Fraction(3, 4), 0.7561),
]


@pytest.mark.parametrize(("sequence", "usual", "shared", "sequential", "modified"), SEQUENCES)
def test_sequence_vectors(sequence, usual, shared, sequential, modified):
    assert upc(sequence) == pytest.approx(float(usual), abs=EXACT)
    assert coc(sequence) == pytest.approx(float(shared), abs=EXACT)
    assert secon(sequence) == pytest.approx(float(sequential), abs=EXACT)
    assert mmci(sequence) == pytest.approx(modified, abs=5e-5)


@pytest.mark.parametrize("index", [coc, secon, mmci])
def test_one_contact_is_undefined_not_nought(index):
    assert index("A") is None
    assert index("") is None


@pytest.mark.parametrize("index", [upc, herfindahl])
def test_concentration_is_defined_from_one_contact(index):
    assert index("") is None
    assert index("A") == 1


def brute_coc(sequence):
    pairs = list(combinations(sequence, 2))
    return sum(first == second for first, second in pairs) / len(pairs)


@given(sequences)
def test_coc_counts_pairs_that_share_an_adviser(sequence):
    assert coc(sequence) == pytest.approx(brute_coc(sequence), abs=EXACT)


@given(sequences)
def test_coc_follows_from_concentration(sequence):
    contacts = len(sequence)
    assert coc(sequence) == pytest.approx((contacts * herfindahl(sequence) - 1) / (contacts - 1), abs=EXACT)


@given(st.lists(st.sampled_from("ABC"), min_size=2, max_size=6))
def test_mean_of_secon_over_all_orders_is_coc(sequence):
    orders = [secon(order) for order in permutations(sequence)]
    assert sum(orders) / len(orders) == pytest.approx(coc(sequence), abs=1e-9)


@given(sequences)
def test_order_of_the_indices(sequence):
    chain = [0, coc(sequence), herfindahl(sequence), upc(sequence), 1]
    assert all(low <= high + EXACT for low, high in pairwise(chain))


@given(sequences, st.permutations("ABCDE"))
def test_names_do_not_matter(sequence, names):
    renamed = [names["ABCDE".index(adviser)] for adviser in sequence]
    for index in (upc, coc, secon, herfindahl, mmci):
        assert index(renamed) == index(sequence)


@given(sequences)
def test_two_advisers_made_one_never_lower_an_index(sequence):
    merged = ["A" if adviser == "B" else adviser for adviser in sequence]
    for index in (upc, coc, secon, herfindahl):
        assert index(merged) >= index(sequence) - EXACT


@given(sequences)
def test_order_matters_to_secon_alone_and_direction_not_even_to_it(sequence):
    for index in (upc, coc, herfindahl, mmci):
        assert index(sorted(sequence)) == index(sequence)
    assert secon(sequence[::-1]) == secon(sequence)


@given(sequences)
def test_known_with_endless_memory_is_the_k_index(sequence):
    familiar, contacts = known(list(enumerate(sequence)), look_back=len(sequence))
    assert (familiar, contacts) == (len(sequence) - len(set(sequence)), len(sequence))


def test_known_forgets_beyond_the_look_back():
    meetings = [(0, "A"), (100, "A"), (201, "A")]
    assert known(meetings, look_back=100) == (1, 3)
    assert known(meetings, look_back=101) == (2, 3)


def test_longest_spell():
    assert longest_spell([(0, "A"), (10, "A"), (20, "B"), (100, "A")]) == 0.1
    assert longest_spell([(0, "A"), (60, "A"), (70, "B"), (100, "B")]) == 0.6
    assert longest_spell([(0, "A"), (60, "B")]) == 0
    assert longest_spell([(5, "A"), (60, "A")]) == 1


def test_longest_spell_is_undefined_without_duration():
    assert longest_spell([]) is None
    assert longest_spell([(7, "A")]) is None
    assert longest_spell([(7, "A"), (7, "B")]) is None
