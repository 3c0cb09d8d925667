import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.experiments.shared.executors import Here, Local, WorkerDied
from legalaid_sim.experiments.shared.replicate import Replication, estimates, replicate, world_seed
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.experiments.shared.stopping import Rule, exactly
from tests.experiments import fakes


def plain(found: list[Replication]) -> list[tuple[object, ...]]:
    return [(r[:3], [dict(lived.measures) for lived in r.lived.values()]) for r in found]


def test_seeds_of_worlds_are_stated_and_fit_63_bits() -> None:
    assert world_seed(1, 1) == 1341732422470200821
    assert len({world_seed(seed, r) for seed in range(50) for r in range(1, 51)}) == 2500


@given(st.integers(0, 2**63 - 1), st.integers(1, 10**6))
def test_every_seed_can_be_a_scenario_seed_again(seed: int, replication: int) -> None:
    assert 0 <= world_seed(seed, replication) < 2**63


def test_every_regime_lives_in_the_same_world() -> None:
    found = list(replicate(fakes.trial(), exactly(3), Here()))
    assert [r.number for r in found] == [1, 2, 3]
    for r in found:
        assert r.seed == world_seed(7, r.number)
        assert list(r.lived) == ["a", "b"]
        assert r.lived["a"].measures == r.lived["b"].measures


def test_seed_0_is_a_seed_like_any_other() -> None:
    first = [plain(list(replicate(fakes.trial(seed=seed), exactly(2), Here()))) for seed in (0, 1, 0)]
    assert first[0] == first[2] != first[1]


def test_workers_move_nothing() -> None:
    rule = Rule(10, 60, half_width=1.2)
    alone = plain(list(replicate(fakes.trial(), rule, Here(), "money.earned")))
    together = plain(list(replicate(fakes.trial(slow=3), rule, Local(2), "money.earned")))
    assert alone == together
    assert 10 < len(alone) < 60


def test_logs_are_kept_as_asked() -> None:
    def kept(keep: str) -> list[bool]:
        found = replicate(fakes.trial(keep=keep), exactly(3), Here())  # type: ignore[arg-type]
        return [r.lived["a"].log is not None for r in found]

    assert kept("first") == [True, False, False]
    assert kept("all") == [True] * 3
    assert kept("none") == [False] * 3


def test_a_replication_that_kills_its_worker_is_named() -> None:
    from tests.experiments.tasks import AlwaysDies

    class Killers(Local):
        def results(self, task, items):  # type: ignore[no-untyped-def,override]
            yield from super().results(AlwaysDies(1), items)

    with pytest.raises(WorkerDied, match="died twice while doing replication 1: it most likely ran out"):
        list(replicate(fakes.trial(), exactly(1), Killers(2)))


def test_estimates_leave_out_what_is_undefined() -> None:
    found = [r.lived["a"].measures for r in replicate(fakes.trial(), exactly(4), Here())]
    means = estimates(found, ["money.earned", "continuity.coc", "access.turned_away"])
    assert means["money.earned"].n == 4
    assert means["continuity.coc"] == means["access.turned_away"] == Estimate(None, None, None, 0)


def test_a_fixed_number_looks_once() -> None:
    rule = exactly(7)
    assert [n for n in range(1, 9) if rule.enough([[None] * n])] == [7, 8]


def test_narrow_must_hold_at_two_looks() -> None:
    rule = Rule(10, 40, half_width=0.5)
    settled = [0.0] * 10
    assert rule.enough([settled])
    wild = [0.0, 9.0, -9.0, 5.0, -5.0] + [0.0] * 5
    assert not rule.enough([wild])
    assert not rule.enough([settled, wild])
    assert not rule.enough([[*settled, 0.0]])


def test_the_most_allowed_ends_it_and_an_undefined_measure_never_does() -> None:
    rule = Rule(5, 20, half_width=0.5)
    assert not rule.enough([[None] * 15])
    assert rule.enough([[None] * 20])
    assert not Rule(1, 20, half_width=0.5).enough([[1.0]])


def test_a_refusal_in_a_run_says_under_which_contract() -> None:
    from legalaid_sim.errors import Refusal

    def refuse(world, scenario, regime):  # type: ignore[no-untyped-def]
        raise Refusal("no-version", "hourly_rate", "the first version starts on 2022-04-01")

    trial = fakes.trial()
    broken = fakes.FakeTrial(
        trial.scenario, trial.plans, pipeline=lambda: fakes.pipeline()._replace(simulate=refuse)
    )
    with pytest.raises(Refusal, match=r"no-version \(a, hourly_rate\): the first version starts"):
        broken(1)
