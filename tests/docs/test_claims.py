"""The page of the paper's claims is what docs/claims.py has kept, names what is there, and parts real from thin."""

import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from legalaid_sim.evidence import register
from legalaid_sim.experiments.shared.plans import plans_of
from legalaid_sim.measures import REGISTRY
from legalaid_sim.scenario import load_scenario
from tests.docs.test_pages import DOCS, script

SCENARIOS = DOCS.parent / "scenarios"


@pytest.fixture(scope="module")
def claims() -> ModuleType:
    return script("claims")


@pytest.fixture(scope="module")
def claimed(claims: ModuleType) -> ModuleType:
    return sys.modules["claimed"]


def test_the_page_is_what_is_kept(claimed: ModuleType) -> None:
    kept = json.loads((DOCS / "claims.json").read_text(encoding="utf-8"))
    assert (DOCS / "one-to-one.md").read_text(encoding="utf-8") == claimed.page(kept)


def test_every_measure_scenario_and_regime_that_is_named_is_there(claimed: ModuleType) -> None:
    for claim in claimed.CLAIMS:
        assert {claim.measure, *claim.noticed, *claim.same_as} <= set(REGISTRY), claim.says
        scenario = load_scenario(SCENARIOS / f"{claim.scenario}.yaml")
        names = {plan.name for plan in plans_of(scenario, SCENARIOS)}
        assert set(claim.regimes) <= names, claim.says
    assert set(claimed.WORDS) == set(claimed.NOTICED)


def test_every_mechanism_is_there_and_is_switched(claims: ModuleType, claimed: ModuleType) -> None:
    """A name of nothing is refused where it is set; one that changes nothing would leave both sides the same."""
    for claim in claimed.CLAIMS:
        on, off = (claims.changed(claim, side, False) for side in (0, 1))
        assert (on[0], on[1].contracts, on[1].practice) != (off[0], off[1].contracts, off[1].practice), (
            claim.says
        )
        for name in claim.mechanism:
            assert name in register() or "." in name or name in {"advisers", *claim.regimes}, name


def test_what_a_mechanism_is_is_drawn_on_neither_side(claims: ModuleType, claimed: ModuleType) -> None:
    for claim in claimed.CLAIMS:
        for side in (0, 1):
            scenario, _ = claims.changed(claim, side, True)
            assert scenario.ignorance
            assert not set(claim.mechanism) & set(scenario.guesses), claim.says
            assert {name for name in claim.mechanism if name in register()} <= set(scenario.assumptions)


def flat(told: Any, place: str = "") -> set[tuple[str, Any]]:
    """Every value that stands anywhere in plain data, with its place."""
    if not isinstance(told, dict | list | tuple):
        return {(place, told)}
    parts = told.items() if isinstance(told, dict) else enumerate(told)
    return {each for name, part in parts for each in flat(part, f"{place}.{name}")}


def test_what_is_said_to_be_typed_is_what_is_another_number_on_the_other_side(
    claims: ModuleType, claimed: ModuleType
) -> None:
    told = [claim for claim in claimed.CLAIMS if claim.typed]
    assert len(told) >= 8
    for claim in told:
        sides = []
        for side in (0, 1):
            made, plan = claims.changed(claim, side, False)
            contracts = [json.loads(json.dumps(each.data, default=str)) for each in plan.contracts]
            sides.append(flat([made.model_dump(mode="json"), contracts]))
        differ = {value for _, value in sides[0] ^ sides[1]} | {0}
        if "at the gateway" in claim.typed:
            # Both sides have the number, and on one of them a gateway.
            differ.add(register()["door.lost"].value.mean)
        said = {float(word.replace(",", "")) for word in re.findall(r"[0-9]+(?:[.,][0-9]+)*", claim.typed)}
        assert said, claim.says
        assert said <= {float(n) for n in differ if isinstance(n, int | float)}, claim.says


def found(claimed: ModuleType, claim: Any, own: list[float], noticed: list[float]) -> dict[str, Any]:
    flat = {name: [0.0, 0.0, 0.0] for name in claim.noticed}
    drawn = {"mean": 0.1, "chance": 0.01, "low": -0.2, "high": 0.3, "ahead": 9, "worlds": 12}
    return {"known": {**flat, claim.noticed[0]: noticed, claim.measure: own}, "drawn": drawn}


def test_real_thin_and_not_seen_are_told_apart_by_the_rule(claimed: ModuleType) -> None:
    claim = claimed.CLAIMS[0]
    clear, wide, none = [1.0, 1.1, 0.9], [4.0, -3.0, 1.0], [0.0, 0.0, 0.0]
    large = [1.0, 1.001, 0.999]
    for word, own, noticed in (
        ("real", clear, large),
        ("thin", clear, wide),
        ("thin", clear, none),
        ("not seen", wide, large),
        ("not seen", none, large),
    ):
        told = claimed.verdict(claim, found(claimed, claim, own, noticed))
        assert told == (word, claim.noticed[0] if word == "real" else "")
        turned = claimed.verdict(claim._replace(way=-1), found(claimed, claim, own, noticed))
        assert turned == (word if word == "not seen" else "against", told[1])
        assert claimed.verdict(claim._replace(way=0), found(claimed, claim, own, noticed)) == told
    kept = {"engine": "x", "known": 3, "drawn": 12, "found": found(claimed, claim, clear, large)}
    page = claimed.page({claim.says: kept})
    assert "| **real**; typed: 16 minutes a meeting against 0 | +1.00 ± 0.25 (−0.2" in page
    assert page.count("not lived yet") == len(claimed.CLAIMS) - 1


def test_it_lives_what_is_not_kept_and_nothing_twice(
    claims: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(claims, "CLAIMS", (claims.CLAIMS[0]._replace(months=1),))
    monkeypatch.setitem(claims.MONTHS, "period.lead_in_months", 1)
    monkeypatch.setitem(claims.MONTHS, "period.run_out_months", 1)
    kept, page = tmp_path / "kept.json", tmp_path / "page.md"
    to = [
        "--kept",
        str(kept),
        "--page",
        str(page),
        "--known",
        "2",
        "--drawn",
        "2",
        "--only",
        "Somebody",
        "--only",
        "listens",
    ]
    claims.main([*to, "--dry-run"])
    assert "1 claim: about" in capsys.readouterr().out
    assert not kept.exists()
    claims.main(to)
    (each,) = json.loads(kept.read_text(encoding="utf-8")).values()
    assert min(each["found"]["known"]["time.listening_minutes_per_client"]) > 0
    capsys.readouterr()
    claims.main(to)
    assert capsys.readouterr().out == ""
