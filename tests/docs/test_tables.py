"""The page of findings is what docs/tables.py has kept, and that script keeps, resumes and tells as it says."""

import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.cli.shell import ROOT
from tests.docs.test_pages import DOCS, script
from tests.experiments import small


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    return script("tables")


@pytest.fixture(scope="module")
def findings() -> ModuleType:
    return script("findings")


def test_the_page_is_what_is_kept(findings: ModuleType) -> None:
    kept = json.loads((DOCS / "findings.json").read_text(encoding="utf-8"))
    assert (DOCS / "findings.md").read_text(encoding="utf-8") == findings.page(kept)


def test_it_lives_what_is_not_kept_and_nothing_twice(
    tables: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tables, "TOWN", small.scenario(tmp_path))
    kept, page = tmp_path / "kept.json", tmp_path / "page.md"
    to = ["--kept", str(kept), "--page", str(page), "--worlds", "2"]
    one = ["changes", "--only", "as it is", *to]
    tables.main([*one, "--dry-run"])
    assert "1 piece: about" in capsys.readouterr().out
    assert not kept.exists()
    tables.main(one)
    first = page.read_text(encoding="utf-8")
    assert "| as it is | " in first
    capsys.readouterr()
    tables.main(one)
    assert capsys.readouterr().out == ""
    tables.main(["changes", "--only", "an empty agency (`start: empty`)", *to])
    assert "as it is:" not in capsys.readouterr().out
    assert page.read_text(encoding="utf-8").startswith(first.rstrip("\n"))
    found = json.loads(kept.read_text(encoding="utf-8"))
    assert len(found) == 2
    assert all(each["worlds"] == 2 for each in found.values())
    assert set(found["changes: as it is"]["found"]) == {"none", "effort"}


def test_a_headline_has_both_ranges_and_the_money_made_equal(tables: ModuleType, tmp_path: Path) -> None:
    found = tables.headline(small.scenario(tmp_path), 12, 1)
    told = found["contracts"]["relational-pilot"]
    assert told["factor"] is not None
    assert told["times"] == pytest.approx(1, abs=0.01)
    for rows in (told["as it is"], told["at equal money"]):
        assert {each["measure"] for each in rows} == set(tables.MEASURES)
        assert all(each["low"] <= each["mean"] <= each["high"] for each in rows if each["chance"] is not None)
    owed = {each["measure"]: each for each in told["at equal money"]}["money.earned"]
    base = found["of baseline"]["money.earned"]
    assert abs(owed["mean"]) <= 0.01 * sum(base) / len(base)


def test_a_change_is_of_the_file_or_of_the_register(tables: ModuleType) -> None:
    path = tables.TOWN
    for name, (_, change) in tables.CHANGES.items():
        made = tables.changed(path, {"before": tables.BEFORE, **change})
        assert made != tables.changed(path, {"before": tables.BEFORE}) or name == "as it is", name


def test_a_sign_that_turns_is_told_with_what_it_does_not_turn_without(findings: ModuleType) -> None:
    up, down, wide = [0.010, 0.011, 0.012], [-0.010, -0.011, -0.012], [0.5, -0.6, 0.2]

    def day(turns: list[float]) -> dict[str, object]:
        rest = dict.fromkeys(findings.SHOWN, wide)
        return {"engine": "x", "worlds": 3, "found": {"pilot": {**rest, "admin.share": turns}}}

    kept = {
        "days: 2008-04-01": day(up), "days: 2008-10-01": day(down),
        "days: 2008-04-01 without the cap": day(up), "days: 2008-10-01 without the cap": day(up),
        "days: 2008-04-01 without leaving": day(up), "days: 2008-10-01 without leaving": day(down),
    }  # fmt: skip
    assert findings.turns_of(kept) == [("pilot", "admin.share", ("the cap",))]
    assert "turns; not without the cap |" in findings.page(kept)
    same = {**kept, "days: 2008-10-01": day(up)}
    assert findings.turns_of(same) == []


def test_terms_that_a_contract_lacks_are_left_alone(tables: ModuleType) -> None:
    from legalaid_sim.experiments.shared.plans import plans_of
    from legalaid_sim.scenario import load_scenario

    path = ROOT / "scenarios" / "canning-town-2008.yaml"
    terms = {"permissions.matter_starts.allowed": 100_000}
    changed = {plan.name: tables._without(plan, terms) for plan in plans_of(load_scenario(path), path.parent)}
    allowed = {
        name: [
            block["allowed"]
            for block in plan.contracts[0].data["permissions"]
            if block["id"] == "matter_starts"
        ]
        for name, plan in changed.items()
    }
    assert allowed["unified-contract-2007"] == [100_000]
    assert allowed["relational-pilot"] == []


@pytest.mark.parametrize("name", ["tables", "claims"])
def test_a_name_that_is_not_there_is_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        script(name).main(["--only", "headlines: one-area", "--dry-run"])
    assert left.value.code == 2
    assert "headlines: one-area" in capsys.readouterr().err
