"""The formulas against published and independently computed values, and against each other."""

import doctest
from math import exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.validation import oracles


def test_examples_in_docstrings_hold():
    assert doctest.testmod(oracles) == (0, doctest.testmod(oracles).attempted)
    assert doctest.testmod(oracles).attempted >= 2


@pytest.mark.parametrize(("load", "servers", "lost"), [(3, 5, 0.110054), (8, 10, 0.121661)])
def test_erlang_b(load, servers, lost):
    assert oracles.erlang_b(load, servers) == pytest.approx(lost, abs=1e-6)


@pytest.mark.parametrize(
    ("rate", "servers", "waiting", "wait"),
    [
        (3, 4, 0.509434, 0.509434),
        (2, 3, 4 / 9, 4 / 9),
        (8, 10, 0.409180, 0.204590),
        (0.9, 1, 0.9, 9.0),
        (95, 100, 0.506457, 0.101291),
    ],
)
def test_erlang_c(rate, servers, waiting, wait):
    assert oracles.erlang_c(rate, servers) == pytest.approx(waiting, abs=1e-6)
    assert oracles.mean_wait(rate, 1, servers) == pytest.approx(wait, abs=1e-6)


@pytest.mark.parametrize(("squared_cv", "wait"), [(0, 2), (0.25, 2.5), (1, 4), (4, 10)])
def test_pollaczek_khinchine(squared_cv, wait):
    assert oracles.pollaczek_khinchine(0.8, 1, squared_cv) == pytest.approx(wait, abs=1e-9)


@pytest.mark.parametrize(
    ("rate", "servers", "impatience", "leaving"),
    [(3, 4, 0.5, 0.080056), (10, 10, 0.5, 0.103913), (12, 10, 1, 0.213632), (5, 4, 0.25, 0.234162)],
)
def test_erlang_a_share_who_leave(rate, servers, impatience, leaving):
    assert oracles.erlang_a(rate, 1, servers, 1 / impatience).leaving == pytest.approx(leaving, abs=1e-6)


def test_erlang_a_share_who_wait_and_busy():
    assert oracles.erlang_a(3, 1, 4, 2).waiting == pytest.approx(0.391616, abs=1e-6)
    assert oracles.erlang_a(10, 1, 10, 2).busy == pytest.approx(0.896087, abs=1e-6)


def test_the_published_call_centre():
    # Fifty agents, 48 calls a minute of a minute each, two minutes' patience (Mandelbaum and Zeltyn 2007).
    found = oracles.erlang_a(48, 1, 50, 2)
    assert found.leaving == pytest.approx(0.030912, abs=1e-6)
    assert found.queue == pytest.approx(2.968, abs=1e-3)
    assert found.queue / 48 * 60 == pytest.approx(3.709, abs=1e-3)
    assert found.busy == pytest.approx(0.9303, abs=1e-4)
    assert oracles.mean_wait(48, 1, 50) * 60 == pytest.approx(20.83, abs=0.01)


def test_patience_as_long_as_service_gives_a_poisson_number():
    # With patience and service alike everybody leaves at one rate, so the number present is Poisson.
    tail = 1 - sum(exp(-12) * 12**n / factorial(n) for n in range(10))
    assert oracles.erlang_a(12, 1, 10, 1).waiting == pytest.approx(tail, abs=1e-9)


@given(st.floats(0.05, 0.95), st.integers(1, 60))
def test_endless_patience_is_erlang_c(busy, servers):
    rate = busy * servers
    patient = oracles.erlang_a(rate, 1, servers, 1e9)
    assert patient.waiting == pytest.approx(oracles.erlang_c(rate, servers), rel=1e-5)
    assert patient.queue / rate == pytest.approx(oracles.mean_wait(rate, 1, servers), rel=1e-4)


@given(st.floats(0.05, 3), st.integers(1, 40), st.floats(0.01, 100))
def test_who_comes_is_served_or_leaves(busy, servers, patience):
    rate = busy * servers
    found = oracles.erlang_a(rate, 1, servers, patience)
    assert 0 <= found.leaving < 1
    assert rate * (1 - found.leaving) == pytest.approx(servers * found.busy, rel=1e-9)
    assert found.busy < 1 + 1e-9


@given(st.floats(0.05, 0.95))
def test_one_exponential_server_three_ways(busy):
    wait = busy / (1 - busy)
    assert oracles.mean_wait(busy, 1, 1) == pytest.approx(wait, rel=1e-9)
    assert oracles.pollaczek_khinchine(busy, 1, 1) == pytest.approx(wait, rel=1e-9)


@given(st.floats(0.05, 0.9), st.integers(1, 30), st.floats(0.1, 10))
def test_the_unit_of_time_does_not_matter(busy, servers, scale):
    wait = oracles.mean_wait(busy * servers, 1, servers)
    assert oracles.mean_wait(busy * servers / scale, scale, servers) == pytest.approx(scale * wait, rel=1e-9)


def test_many_servers_and_much_overload_reach_the_fluid_limit():
    # Who is too many leaves, and they are as many as leave in the time of their patience (Whitt 2004).
    excess = 240 - 200
    found = oracles.erlang_a(240, 1, 200, 5)
    assert found.queue == pytest.approx(excess * 5, rel=0.01)
    assert found.leaving == pytest.approx(excess / 240, rel=0.01)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (lambda: oracles.erlang_c(3, 3), "the queue grows without end: 3 servers are offered the work of 3"),
        (lambda: oracles.pollaczek_khinchine(1, 2, 0), "1 servers are offered the work of 2"),
        (lambda: oracles.erlang_b(0, 3), "load must be above 0; found 0"),
        (lambda: oracles.erlang_a(1, 1, 1, -2), "patience must be above 0; found -2"),
    ],
)
def test_queues_that_a_formula_does_not_cover(formula, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        formula()
