import json
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click import Context

from legalaid_sim.cli import group
from legalaid_sim.errors import ResultsError
from legalaid_sim.experiments.attribution.attributing import AttributionOptions
from legalaid_sim.experiments.search.pareto import Goal, read_axis, read_goal
from legalaid_sim.experiments.search.proposals import Hunt
from legalaid_sim.experiments.sensitivity.inquiry import Inquiry
from legalaid_sim.experiments.sweep.reading import along, maps
from legalaid_sim.experiments.sweep.store import APPLICATION
from legalaid_sim.reports.html import write_report
from legalaid_sim.reports.studies import figures_of, rewrite_study, write_study
from tests.reports.made import HOSTILE, run_folder


def found(mean: float | None, reach: float = 0.01) -> dict[str, Any]:
    ends = (None, None) if mean is None else (mean - reach, mean + reach)
    return {"mean": mean, "low": ends[0], "high": ends[1], "n": 5}


def effect(size: float) -> dict[str, Any]:
    return {"mean": found(size), "size": found(abs(size)), "noise": 0.001, "clear": True}


def gains(*values: float) -> dict[str, Any]:
    names = ("continuity.coc", "money.payer_spend")
    return {name: {"chosen": found(value), "fresh": found(value)} for name, value in zip(names, values)}


SENSITIVITY: dict[str, Any] = {
    "kind": "sensitivity", "scenario": "small", "method": "morris", "points": 8, "runs": 32, "worlds": 2,
    "contracts": ["old", "new"], "measures": ["continuity.coc"],
    "parameters": {},
    "differences": {
        "trust.growth_minutes": {"continuity.coc": {"new": effect(0.02)}},
        "adviser.leaving_per_month": {"continuity.coc": {"new": effect(-0.2)}},
        "adviser.altruism": {"continuity.coc": {"new": effect(0.0)}},
    },
    "rankings": [
        {"contract": "new", "baseline": "old", "measure": "continuity.coc", "share_with_more": found(0.5, 0.1),
         "share_with_less": found(0.125), "share_not_told": found(0.375), "flips": {"adviser.leaving_per_month": 0.25}},
    ],
}  # fmt: skip
ATTRIBUTION = {
    "kind": "attribution", "scenario": "small", "from": "old", "to": "new", "exact": True, "worlds": 5,
    "measures": {
        "continuity.coc": {
            "from": found(0.5), "to": found(0.7), "total": found(0.2),
            "shares": {
                "standards.own_adviser": {"share": found(0.18), "alone": found(0.15)},
                "payments.fee": {"share": found(0.02, 0.05), "alone": found(0.0)},
                "cash": {"share": found(0.0), "alone": found(0.0)},
            },
        },
        "access.turned_away": {"from": found(0.1), "to": found(None), "total": found(None), "shares": {}},
    },
}  # fmt: skip
SEARCH = {
    "kind": "search", "contract": "old", "goals": ["max:continuity.coc", "min:money.payer_spend"], "tried": 48,
    "fresh_worlds": 20,
    "as_it_is": {
        "values": {"fee": "180.00"}, "measures": {"continuity.coc": found(0.7), "money.payer_spend": found(1000.0)},
    },
    "choices": [
        {"file": "better/01.yaml", "values": {"fee": "200.00"}, "gains": gains(0.1, 100.0)},
        {"file": "better/02.yaml", "values": {"fee": "150.00"}, "gains": gains(-0.1, -100.0)},
    ],
    "dropped": [{"file": None, "values": {"fee": "181.00"}, "gains": gains(0.0, 0.0)}],
    "shrinkage": {"continuity.coc": [0.02, 0.005], "money.payer_spend": None},
}  # fmt: skip
SWEEP = {
    "kind": "sweep", "sweep": "wide",
    "differences": [
        {"contract": "new", "measure": "admin.share", "points": 9, "more": 0.0, "less": 1.0, "untold": 0.0,
         "no_matter": 0.0, "noise": 0.001,
         "quantiles": [-0.05, -0.04, -0.03, -0.02, -0.01], "relative": [-0.5, -0.4, -0.3, -0.2, -0.1]},
        {"contract": "new", "measure": "continuity.coc", "points": 9, "more": 0.2, "less": 0.1, "untold": 0.7,
         "no_matter": 0.0, "noise": 0.02,
         "quantiles": [-0.05, 0.0, 0.01, 0.02, 0.03], "relative": [-0.5, 0.0, 0.1, 0.2, 0.3]},
    ],
}  # fmt: skip
ALONG = {"axis": "clients.arrivals.per_week", "measure": "admin.share"}
VARIED = {
    **SWEEP,
    "along": [
        {**ALONG, "contract": "old", "steps": [[1.0, 0.5, 0.5, 0.6], [4.0, 0.5, 0.6, 0.7]]},
        {**ALONG, "contract": "new", "steps": [[1.0, 0.1, 0.2, 0.2], [4.0, 0.2, 0.3, 0.4]]},
    ],
    "maps": [
        {"axes": ["a.b", "c.d"], "measure": "admin.share", "contract": "new",
         "cells": [[1.0, 2.0, 0.1, 0.02], [2.0, 2.0, -0.2, None]]},
    ],
}  # fmt: skip
WHY = {
    "kind": "why", "title": "Town", "baseline": "old", "respond": "effort", "worlds": 5, "seed": 1, "runs": 9,
    "left_out": {"old": "it holds no contract"},
    "contracts": {
        "new": {
            "exact": True, "clauses": {"standards.own_adviser": ["standards.own_adviser"]},
            "measures": {
                "continuity.coc": {
                    "from": found(0.5), "to": found(0.7), "total": found(0.2), "typed": found(0.1),
                    "followed": found(0.05), "found": found(0.05), "turned_by": None,
                    "causes": {"standards.own_adviser": {"sets": True, "share": found(0.1), "found": found(0.0)}},
                },
            },
        },
    },
}  # fmt: skip
STUDIES: list[dict[str, Any]] = [SENSITIVITY, ATTRIBUTION, SEARCH, SWEEP]
EVERY: list[dict[str, Any]] = [SENSITIVITY, ATTRIBUTION, SEARCH, VARIED, WHY]


def test_a_sensitivity_analysis_tells_how_often_the_order_holds_and_draws_what_moves_it() -> None:
    (figure,) = figures_of(SENSITIVITY)
    leaving, growth = (
        "Monthly chance that an unstrained adviser leaves",
        "Listening minutes that take trust two thirds",
    )
    assert figure.finding == f"The order of contracts turns with: {leaving}."
    assert figure.words[0][1] == [
        "new has more than old of 'same adviser' at 50% of the points tried, less at 12%; at 38% the worlds "
        f"cannot tell; turned by {leaving}."
    ]
    assert [row[0].partition(" of the way")[0] for row in figure.table.rows] == [leaving, growth]
    assert len(figure.panels) == 1


def test_an_attribution_names_the_clause_that_does_most_and_says_when_it_is_not_clear() -> None:
    (figure,) = figures_of(ATTRIBUTION)
    assert "the clause 'own adviser' accounts for +18.0 points" in figure.finding
    unclear = json.loads(json.dumps(ATTRIBUTION))
    del unclear["measures"]["continuity.coc"]["shares"]["standards.own_adviser"]
    (figure,) = figures_of(unclear)
    assert "'fee' seems to account for, not clearly, +2.0 points" in figure.finding


def test_a_search_shows_what_nothing_beats_beside_the_contract_as_it_is() -> None:
    (figure,) = figures_of(SEARCH)
    assert "3 were beaten by no other; in 20 fresh worlds 2 of them hold." in figure.finding
    assert "they gained +2.0 points on average where they were chosen, +0.5 points in" in figure.finding
    assert [row[0] for row in figure.table.rows] == ["old as it is", "01", "02", "dropped 1"]
    assert figure.table.rows[0][1] == "180.00"
    assert len(figure.panels) == 3
    assert [name for name, _ in figure.words] == ["01", "02", "dropped 1"]


def test_a_sweep_tells_what_holds_at_nine_points_in_ten() -> None:
    (figure,) = figures_of(SWEEP)
    assert figure.finding == (
        "At nine in ten points or more, new lies on one side of the first contract in: time on admin less; the "
        "worlds cannot tell it at more than a tenth of the points for 1 of 2 measures."
    )


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study["kind"])
def test_a_study_has_a_page_of_its_own_alike_every_time(study, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    first, second = (write_study(tmp_path / name, study).read_text(encoding="utf-8") for name in ("a", "b"))
    assert first == second
    assert first.count("<svg role") >= 1
    assert "data:text/csv" in first


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study["kind"])
def test_hostile_names_in_a_study_are_only_texts(study, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    spoilt = json.loads(
        json.dumps(study).replace('"new"', json.dumps(HOSTILE)).replace("payments.fee", "<b>")
    )
    text = write_study(tmp_path / "a.html", {**spoilt, "scenario": HOSTILE}).read_text(encoding="utf-8")
    assert HOSTILE not in text
    assert "<b>" not in text


def test_a_study_beside_a_run_has_its_section_in_the_report(tmp_path: Path) -> None:
    place = tmp_path / "run"
    shutil.copytree(run_folder(), place)
    for study in (SENSITIVITY, ATTRIBUTION, SEARCH):
        (place / f"{study['kind']}.json").write_text(json.dumps(study), encoding="utf-8")
    text = write_report(place).read_text(encoding="utf-8")
    sections = re.findall(r'<section id="(\w+)"', text)
    assert sections[-6:] == ["search", "sensitivity", "attribution", "trail", "measures", "words"]
    assert "a sensitivity analysis stands beside this run" in text


def swept(place: Path, values: list[float]) -> Path:
    """A sweep of one axis and two contracts, two worlds a point, with values that can be told by hand."""
    database = sqlite3.connect(place)
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    fixed = "key, work, contract, replication, seed, world, status, reason"
    database.execute(f'CREATE TABLE runs ({fixed}, "clients.arrivals.per_week", "admin.share")')
    rows = [
        (f"{x}-{name}-{world}", "", name, world, 1, "", "ok", "", x, x / 100 + shift + world / 500)
        for x in values
        for name, shift in (("new", 0.0), ("old", 0.5))
        for world in (1, 2)
    ]
    database.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    database.commit()
    database.close()
    return place


def test_a_sweep_is_drawn_along_what_was_varied(tmp_path: Path) -> None:
    few = along(swept(tmp_path / "few.sqlite", [1.0, 2.0, 4.0]), ["admin.share"], ["old", "new"])
    assert [(each.contract, [step[0] for step in each.steps]) for each in few] == [
        ("old", [1.0, 2.0, 4.0]), ("new", [1.0, 2.0, 4.0]),
    ]  # fmt: skip
    assert few[1].steps[2] == pytest.approx((4.0, 0.043, 0.043, 0.043))
    many = along(
        swept(tmp_path / "many.sqlite", [float(x) for x in range(100)]), ["admin.share"], ["old", "new"]
    )
    assert len(many[1].steps) == 10
    assert many[1].steps[0] == pytest.approx((4.5, 0.012, 0.048, 0.084))
    (figure, _) = figures_of({**SWEEP, "along": [each._asdict() for each in few]})
    assert figure.key == "along"
    assert figure.panels[0].label == (
        "time on admin, by arrivals per week: old 51.3% at 1, 54.3% at 4; new 1.3% at 1, 4.3% at 4"
    )
    assert "old" in figure.panels[0].svg
    pounds = along(swept(tmp_path / "pounds.sqlite", [30000.0, 51600.0]), ["admin.share"], ["old", "new"])
    (large, _) = figures_of({**SWEEP, "along": [each._asdict() for each in pounds]})
    assert " at 30,000, " in large.panels[0].label
    assert "goes from 30,000 to 51,600." in large.finding
    assert len(figure.finding.split()) <= 20


def test_a_sweep_of_two_axes_is_a_map(tmp_path: Path) -> None:
    place = swept(tmp_path / "two.sqlite", [1.0, 2.0])
    database = sqlite3.connect(place)
    database.execute("ALTER TABLE runs RENAME COLUMN seed TO other")
    database.execute('ALTER TABLE runs RENAME COLUMN world TO "contracts.fee"')
    database.execute('UPDATE runs SET other = 1, "contracts.fee" = "clients.arrivals.per_week" * 100')
    database.execute("ALTER TABLE runs RENAME COLUMN other TO seed")
    database.execute("ALTER TABLE runs ADD COLUMN world")
    database.commit()
    database.close()
    (found,) = maps(place, ["admin.share"], ["old", "new"])
    assert found.axes == ("contracts.fee", "clients.arrivals.per_week")
    assert [cell[:2] for cell in found.cells] == [(100.0, 1.0), (200.0, 2.0)]
    assert [cell[2] for cell in found.cells] == pytest.approx([-0.5, -0.5])
    figure = next(each for each in figures_of({**SWEEP, "maps": [found._asdict()]}) if each.key == "maps")
    assert figure.panels[0].drawing.body.count("<rect") == 2
    assert "−50.0" in figure.panels[0].drawing.body
    # Worlds that agree have no interval, nor has a single one.
    assert [cell[3] for cell in found.cells] == [None, None]
    assert [row[3] for row in figure.table.rows] == ["−50.0 points"] * 2
    told = next(each for each in figures_of(VARIED) if each.key == "maps")
    assert [row[3] for row in told.table.rows] == ["+10.0 ± 2.0 points", "−20.0 points"]
    assert [list(row) for row in told.data[1:]] == [
        ["new", "admin.share", 1.0, 2.0, 0.1, 0.02],
        ["new", "admin.share", 2.0, 2.0, -0.2, None],
    ]
    assert len(figure.finding.split()) <= 20


def test_parts_lead_from_one_level_to_the_other() -> None:
    (figure,) = figures_of(ATTRIBUTION)
    assert "old 50.0% ± 1.0%" in figure.panels[0].label
    assert "new: 70.0% ± 1.0% +20.0 (+19.0 to +21.0 points)" in figure.panels[0].label
    start = float(re.findall(r'<circle cx="([\d.]+)"', figure.panels[0].drawing.body)[0])
    bars = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', figure.panels[0].drawing.body)
    (first, one), (second, two), (whole, all_) = [(float(x), float(wide)) for x, wide in bars]
    assert second == pytest.approx(first + one, abs=0.2)
    assert whole == pytest.approx(first, abs=0.2) == pytest.approx(start, abs=0.2)
    assert all_ == pytest.approx(one + two, abs=0.3)


SLUGS = {"old": "standard-civil-contract-2010", "new": "relational-pilot"}
SHORT = {"standard-civil-contract-2010": "Standard contract, 2010", "relational-pilot": "Relational pilot"}


def with_slugs(study: dict[str, Any]) -> dict[str, Any]:
    """The same study of two contracts with names as files have them."""
    text = json.dumps(study)
    for name, slug in SLUGS.items():
        text = text.replace(f'"{name}"', json.dumps(slug))
    held: dict[str, Any] = json.loads(text)
    return held


def named_manifest() -> dict[str, Any]:
    contracts = {slug: [{"contract": slug, "short_title": SHORT[slug]}] for slug in SLUGS.values()}
    return {
        "title": "How busy is the agency?", "scenario": {"file": "town.yaml", "resolved": {"about": {"title": "Town"}}},
        "contracts": contracts, "vary": [{"path": "clients.arrivals.per_week", "from": 1, "to": 9}],
        "axes": ["clients.arrivals.per_week"], "method": "grid", "points": 9, "replications": 3, "seed": 77,
        "runs": 54, "engine": "e1", "versions": {"python": "3.11"},
    }  # fmt: skip


@pytest.mark.parametrize("study", EVERY, ids=lambda study: study["kind"])
def test_contracts_are_called_by_their_short_titles(study, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Names of files stand in the trail alone; where no manifest lies beside, the object brings the titles."""
    beside = study["kind"] in ("attribution", "why")
    if not beside:
        (tmp_path / "sweep.json").write_text(json.dumps(named_manifest()), encoding="utf-8")
    held = {**with_slugs(study), **({"short_titles": SHORT} if beside else {})}
    text = write_study(tmp_path / "a.html", held).read_text(encoding="utf-8")
    page, _, trail = text.partition('<section id="trail"')
    shown = re.sub(r'href="data:[^"]*"', "", page)
    assert [slug for slug in SLUGS.values() if slug in shown] == []
    assert all(title in shown for slug, title in SHORT.items() if slug in json.dumps(held))
    read = re.sub(r'<dl class="defs">.*?</dl>', "", shown, flags=re.DOTALL)
    paths = r"\b(?:trust|adviser|standards|payments|duties|permissions|clients|values)\.[a-z_]+"
    assert re.findall(paths, read) == [], "what was varied, assumptions and clauses have words"
    assert not beside or trail


def test_a_page_names_title_what_was_varied_seed_and_command(tmp_path: Path) -> None:
    (tmp_path / "sweep.json").write_text(json.dumps(named_manifest()), encoding="utf-8")
    wanted = {
        "sweep": ["Sweep: How busy is the agency?", "Varied: arrivals per week", "seed 77",
                  "legalaid-sim sweep wide.yaml"],
        "sensitivity": ["Sensitivity: Town", "legalaid-sim sensitivity town.yaml"],
        "search": ["Search: Town", "legalaid-sim search town.yaml"],
        "attribution": ["Attribution: Town", "legalaid-sim attribute town.yaml"],
    }  # fmt: skip
    for study in STUDIES:
        text = write_study(tmp_path / "a.html", study).read_text(encoding="utf-8")
        for words in (*wanted[study["kind"]], "SHA-256", "clients.arrivals.per_week", "engine"):
            assert words in text, (study["kind"], words)


ASKED: dict[str, Any] = {
    "search": Hunt(
        "old", (read_axis("values.fee=150..250:0"), read_axis("scope.early=in_scope,out")),
        (Goal("max", "continuity.coc"), Goal("min", "money.payer_spend")), 30, 4, 9, 11,
    ),
    "sensitivity": Inquiry(
        ("continuity.coc", "admin.share"), "sobol", ("trust.*", "effort.*"), 8, 5, 3, ("old", "new"),
    ),
    "attribute": AttributionOptions("old", "new", ("admin.share",), 7, 5, 2, 99),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_the_command_of_a_page_asks_for_the_same(name: str) -> None:
    """Read by the command line as it stands on the page, every option comes out as it was asked."""
    asked = ASKED[name]
    command = group.get_command(Context(group), name)
    assert command
    read = command.make_context(name, ["town.yaml", *asked.options]).params
    fields = {
        "search": {"contract": "contract", "points": "points", "replications": "replications", "seed": "seed",
                   "fresh": "fresh"},
        "sensitivity": {"measures": "measures", "method": "method", "parameters": "parameters", "samples": "samples",
                        "replications": "replications", "seed": "seed", "contracts": "contracts"},
        "attribute": {"before": "before", "after": "after", "measures": "measures", "replications": "replications",
                      "exact_up_to": "exact_up_to", "orders": "pairs", "seed": "seed"},
    }[name]  # fmt: skip
    assert {option: read[option] for option in fields} == {
        option: getattr(asked, of) for option, of in fields.items()
    }
    if isinstance(asked, Hunt):
        assert tuple(map(read_axis, read["vary"])) == asked.vary
        assert tuple(map(read_goal, read["goals"])) == asked.goals


def test_a_tornado_shades_what_chance_may_do_and_names_in_full(tmp_path: Path) -> None:
    (figure,) = figures_of(SENSITIVITY)
    body = figure.panels[0].drawing.body
    rows = re.findall(r"<circle", body)
    shades = [
        (float(x), float(wide))
        for x, wide in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', body)
    ]
    dots = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', body)]
    zero = float(re.findall(r'<line x1="([\d.]+)"[^>]*stroke="var\(--ink\)"', body)[0])
    assert len(rows) == len(shades) == 2
    # The effects are -0.2 and 0.02, the noise of a step 0.001: two standard errors to each side of nothing.
    scale = (dots[1] - dots[0]) / 0.22
    for left, wide in shades:
        assert left + wide / 2 == pytest.approx(zero, abs=0.2)
        assert wide == pytest.approx(0.004 * scale, abs=0.2)
    words = " ".join(re.findall(r">([^<]+)</text>", body))
    assert "Monthly chance that an unstrained adviser leaves" in words
    assert dots[0] == pytest.approx(zero - 0.2 * scale, abs=0.2)


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study["kind"])
def test_the_first_words_of_a_page_are_the_answer_with_its_range(study, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    text = write_study(tmp_path / "a.html", study).read_text(encoding="utf-8")
    title = re.search(r"<h1><bdi>(.*?)</bdi></h1>", text)
    ranges = re.search(r'<div class="ranges">(.*?)</div>', text)
    assert title
    assert ranges
    assert 3 <= len(title[1].split()) <= 20
    assert re.search(r"\d.* to .*\d", ranges[1]), ranges[1]
    assert "between" not in ranges[1]
    wanted = {
        "sweep": "Advisers spend less of their time on admin under New at all 9 points",
        "sensitivity": "“Monthly chance that an unstrained adviser leaves” moves same adviser most under New",
        "attribution": "Clients see the same adviser more often under New",
        "search": "2 sets of terms better Old in worlds that did not choose them",
    }
    assert title[1] == wanted[study["kind"]]


def test_a_study_folder_has_its_page_written_again(tmp_path: Path) -> None:
    (tmp_path / "sensitivity.json").write_text(json.dumps(SENSITIVITY), encoding="utf-8")
    assert rewrite_study(tmp_path) == tmp_path / "report.html"
    assert "Which assumptions move the result" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert rewrite_study(tmp_path / "nowhere") is None
    old = {**SENSITIVITY, "rankings": [{**SENSITIVITY["rankings"][0]}]}  # type: ignore[index]
    del old["rankings"][0]["share_not_told"]  # type: ignore[index]
    (tmp_path / "sensitivity.json").write_text(json.dumps(old), encoding="utf-8")
    with pytest.raises(ResultsError, match="holds no 'share_not_told': it was made by another version"):
        rewrite_study(tmp_path)
