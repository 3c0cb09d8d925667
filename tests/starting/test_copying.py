"""A copied scenario is the same scenario elsewhere: its comments stand, its contracts are found, its title is new."""

from pathlib import Path

import pytest

from legalaid_sim.authoring.checking import check_file
from legalaid_sim.errors import ERROR, ScenarioError, UnreadableFile
from legalaid_sim.experiments.shared.plans import plans_of
from legalaid_sim.scenario import load_scenario
from legalaid_sim.starting.copying import copied, find_scenario
from legalaid_sim.yamlfile import parse, substituted
from tests.cli.shell import ROOT, SMALL, run

SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("source", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_can_be_copied(source: Path, tmp_path: Path) -> None:
    place = tmp_path / "deep" / "my-town.yaml"
    place.parent.mkdir()
    place.write_text(copied(source, place), encoding="utf-8")
    old, new = load_scenario(source), load_scenario(place)
    assert new.about.title == f"My town, after: {old.about.title}"
    assert new.about.model_copy(update={"title": old.about.title}) == old.about
    same = {"about", "contracts", "before", "agencies"}
    assert new.model_dump(exclude=same) == old.model_dump(exclude=same)
    held, wanted = plans_of(new, place.parent), plans_of(old, source.parent)
    assert [[each.data for each in plan.written()] for plan in held] == [
        [each.data for each in plan.written()] for plan in wanted
    ]
    comments = [
        line.partition("#")[2] for line in source.read_text(encoding="utf-8").splitlines() if "#" in line
    ]
    assert all(comment in place.read_text(encoding="utf-8") for comment in comments)
    assert not [problem for problem in check_file(str(place)).problems if problem.severity == ERROR]


def test_contracts_wherever_a_scenario_names_them_are_found_from_the_copy(tmp_path: Path) -> None:
    there = tmp_path / "there"
    (there / "own").mkdir(parents=True)
    library = ROOT / "legalaid_sim/contracts/library"
    for name in ("core-and-case", "relational-pilot", "direct-payments"):
        (there / "own" / f"{name}-2.yaml").write_text(
            (library / f"{name}.yaml")
            .read_text(encoding="utf-8")
            .replace(f"contract: {name}", f"contract: {name}-2"),
            encoding="utf-8",
        )
    text = SMALL.replace("contracts: [standard-civil-contract-2010, core-and-case]", "").replace(
        "seed: 5", "before: own/direct-payments-2\nseed: 5"
    )
    text += """contracts:
  - own/core-and-case-2.yaml   # a comment
  - contract: standard-civil-contract-2010
    beside: [own/direct-payments-2.yaml]
    later: [{starts: 2011-05-01, contract: own/relational-pilot-2.yaml}]
"""
    source = there / "s.yaml"
    source.write_text(text, encoding="utf-8")
    place = tmp_path / "here" / "copy.yaml"
    place.parent.mkdir()
    place.write_text(copied(source, place), encoding="utf-8")
    scenario = load_scenario(place)
    assert scenario.before == "../there/own/direct-payments-2.yaml"
    assert scenario.contracts[0] == "../there/own/core-and-case-2.yaml"
    assert [plan.name for plan in plans_of(scenario, place.parent)] == [
        "core-and-case-2",
        "standard-civil-contract-2010",
    ]
    assert "  # a comment" in place.read_text(encoding="utf-8")


def test_a_scenario_is_found_by_its_name_and_where_it_was_looked_for_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_scenario("canning-town-2008") == ROOT / "scenarios/canning-town-2008.yaml"
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/mine.yaml").write_text(SMALL)
    assert find_scenario("mine") == Path("scenarios/mine.yaml")
    assert find_scenario("scenarios/mine.yaml") == Path("scenarios/mine.yaml")
    with pytest.raises(UnreadableFile) as told:
        find_scenario("canning-twon-2008")
    (problem,) = told.value.problems
    assert "Did you mean 'canning-town-2008'?" in problem.message
    assert "'scenarios', '.'" in problem.help
    assert "an installed package has no scenarios with it" in problem.help


def test_a_source_with_errors_is_not_copied(tmp_path: Path) -> None:
    source = tmp_path / "s.yaml"
    source.write_text(SMALL.replace("per_week: 5", "per_week: five"))
    with pytest.raises(ScenarioError, match="'five'"):
        copied(source, tmp_path / "t.yaml")


def test_as_typed(tmp_path: Path) -> None:
    done = run("init", "my-town.yaml", "--from", "canning-town-2008", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "next: legalaid-sim run my-town.yaml" in done.stdout
    both = run("init", "x.yaml", "--from", "canning-town-2008", "--ask", cwd=tmp_path)
    assert both.returncode == 2
    assert "give either --from or --ask" in both.stderr


@pytest.mark.parametrize("title", ["a, b: c", 'O\'Neill "quoted"', "#7", "> folded", "12", "né", "a}"])
@pytest.mark.parametrize(
    "text",
    [
        "about: {title: old, question: kept}  # and this",
        "about:\n  title: >\n    old\n    and long\n  question: kept  # and this\n",
        "about:\n  title: 'old'   # and this\n  question: kept\n",
        "about:\n  title: old\n    over two lines\n  # and this\n  question: kept\n",
        'é: ü\nabout: {question: kept, title: "old"} # and this\n',
    ],
)
def test_one_value_is_changed_and_nothing_else(title: str, text: str) -> None:
    new = substituted(text, {("about", "title"): title, ("no", "such"): "x"})
    read = parse(new)
    assert not read.problems
    assert read.data == {**parse(text).data, "about": {"title": title, "question": "kept"}}
    assert "# and this" in new
