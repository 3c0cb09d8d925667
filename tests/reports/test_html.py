import csv
import json
import re
import shutil
from base64 import b64decode
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from legalaid_sim.errors import ResultsError
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports.figure import csv_link
from legalaid_sim.reports.headline import first_screen
from legalaid_sim.reports.html import rendered, rewrite_report, write_report
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.pages import TEMPLATES, environment
from legalaid_sim.results import open_run
from tests.reports.made import HOSTILE, compare_folder, eight_folder, hostile_folder, run_folder

VOID = {"meta", "img", "br", "link", "input", "hr", "path", "line", "rect"}
STORY = [
    "activities",
    "clauses",
    "continuity",
    "access",
    "waiting",
    "money",
    "curves",
    "months",
    "gainers",
    "week",
    "journeys",
]
ANNEX = ["scorecard", "differences", "mechanics", "trail", "measures", "words"]


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def without(place: Path, *keys: str) -> None:
    told = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    inner = told
    for key in keys[:-1]:
        inner = inner[key]
    del inner[keys[-1]]
    (place / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


def page() -> str:
    return (run_folder() / "report.html").read_text(encoding="utf-8")


def test_a_run_writes_its_report_and_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    text, place = page(), tmp_path / "again"
    shutil.copytree(run_folder(), place)
    (place / "report.html").unlink()
    assert rendered(run_folder()) == text
    assert rewrite_report(place).read_text(encoding="utf-8") == text


def test_every_section_is_there_in_order() -> None:
    assert re.findall(r'<section id="(\w+)"', page()) == [*STORY, *ANNEX]


def test_the_clients_of_the_first_world_are_counted() -> None:
    assert re.search(r"first world says of ([2-9]|\d\d+) clients, and", page())
    text = (TEMPLATES / "report.html").read_text(encoding="utf-8")
    (sentence,) = re.findall(r"first world says of .*? and", text)
    assert environment().from_string(sentence).render(tellings=[1]) == "first world says of 1 client, and"


def test_the_page_is_whole_small_and_has_no_script_and_no_address() -> None:
    text = page()
    found = Tags(text)
    assert found.open == []
    assert len(text.encode()) < 1_500_000
    assert "script" not in [tag for tag, _ in found.tags]
    for _, attributes in found.tags:
        for name in ("src", "href"):
            value = attributes.get(name) or "#"
            assert value.startswith(("#", "data:text/csv", "data:image/svg+xml"))


def test_every_chart_has_a_finding_a_table_and_its_data() -> None:
    sections = re.findall(r'<section id="(\w+)" class="chart(?: annex)?">(.*?)</section>', page(), re.DOTALL)
    assert [key for key, _ in sections] == [*STORY[:-1], "differences", "mechanics"]
    for key, body in sections:
        assert re.search(r'<p class="finding">[^<]+[.]</p>', body), key
        assert "<svg role" in body, key
        assert "<table>" in body, key
        link = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', body)
        assert link, key
        rows = list(csv.reader(StringIO(b64decode(link[1]).decode())))
        assert len(rows) > 1, key
        assert len({len(row) for row in rows}) == 1, key
        picture = re.search(r'href="data:image/svg\+xml;base64,([^"]+)"', body)
        assert picture, key
        assert fromstring(b64decode(picture[1])).tag.endswith("svg"), key


def test_every_measure_is_defined() -> None:
    text = page()
    for measure in REGISTRY.values():
        assert f"<dt>{measure.name} " in text


def test_the_first_screen_says_what_was_found_what_it_costs_and_what_not_to_believe() -> None:
    text = page()
    first = text[: text.index("<details")]
    assert re.search(r"<h1><bdi>[^<]{20,140}</bdi></h1>", first)
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", first) == [
        "What it costs in 6 months, and whether the agency lasts", "What would turn it", "What not to believe",
    ]  # fmt: skip
    assert len(re.findall(r"<svg role", first)) == 2
    assert "Relational pilot" in first
    assert "relational-pilot" not in first
    # Who reads a report has no command line: what to type stands in guides and on the terminal.
    assert not re.search(
        r"[\s>]--\w|\bCOC\b|\bSECON\b|× first|before it was lived", first[first.index("<body") :]
    )


@pytest.mark.parametrize("either", [True, False])
def test_what_turns_a_finding_is_told_where_ignorance_was_drawn(either, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """The title leans on the guesses where they leave either sign of its own measure, whatever they do to others."""
    place = tmp_path / "drawn"
    shutil.copytree(compare_folder(), place)
    with open_run(place) as run:
        bare = Material(run)
        told = next(n for n in bare.asked if any(e.measure == n and e.differs for e in bare.contrasts))
        asked = list(bare.asked)
    turn = {"name": "outcome.base", "correlation": 0.9, "p_value": 0.001}
    doubts = [
        {"contract": "relational-pilot", "measure": name, "mean": 0.1, "chance": 0.01,
         "low": -0.2 if (name == told) == either else 0.05, "high": 0.4,
         "ahead": 10, "worlds": 12, "turns": [turn], "branches": []}
        for name in ("continuity.coc", "admin.share")
    ]  # fmt: skip
    assert told in {each["measure"] for each in doubts}
    found = {"kind": "ignorance", "schema_version": 1, "doubts": doubts, "differences": doubts}
    (place / "ignorance.json").write_text(json.dumps(found), encoding="utf-8")
    with open_run(place) as run:
        first = first_screen(Material(run))
    assert first.title.endswith("if our guesses hold") == either
    assert len(first.title.split()) <= 15
    low = "−20" if either else "+5"
    assert first.ranges[asked.index(told)].endswith(f"from guess to guess it goes from {low} to +40 points.")
    held = [words for words in first.turns if not words.startswith("Typed in: ")]
    assert held[0].startswith("It goes with: ")
    assert held[1] == "It keeps its sign in 10 of 12 worlds."
    assert not any("--ignorance" in words for words in (*first.ranges, *first.turns))


def test_the_answer_has_sentences_on_continuity_on_admin_and_on_money() -> None:
    block = re.search(r'<div class="answer" id="answer">(.*?)</div>', page(), re.DOTALL)
    assert block
    sentences = re.findall(r"<p>(.*?)</p>", block[1])
    assert len(sentences) == 3
    assert "same adviser" in sentences[0]
    assert "admin" in sentences[1]
    assert all("95 % interval" in sentence for sentence in sentences[:2])
    assert "the payer comes to owe" in sentences[2]
    assert "out of money" in sentences[2]


def test_the_mechanical_result_stands_beside_the_behavioural_one() -> None:
    text = page()
    assert "Arithmetic beside behaviour" in text
    assert "(mechanical)" not in re.sub(r'(?s)<section id="trail".*?</section>', "", text)


def test_a_comparison_tells_who_gains_over_all_its_worlds() -> None:
    text = (compare_folder() / "report.html").read_text(encoding="utf-8")
    assert "and under another contract, over all worlds" in text
    assert "and under another contract, in the first world" in page()


def test_a_comparison_begins_with_what_it_adds() -> None:
    text = (compare_folder() / "report.html").read_text(encoding="utf-8")
    found = re.findall(r'<section id="(\w+)"', text)
    lead = [key for key in ("differences", "equal_money", "ignorance") if key in found]
    assert lead[0] == "differences"
    assert found == [*lead, *STORY, *[key for key in ANNEX if key != "differences"]]
    assert (
        text.index("<p>Compared</p>") < text.index("<p>How it comes about</p>") < text.index("<p>Annex</p>")
    )


def test_of_eight_contracts_what_is_drawn_one_by_one_is_folded_and_who_is_best_stands_first() -> None:
    text = (eight_folder() / "report.html").read_text(encoding="utf-8")
    story = re.findall(r'<section id="(\w+)"(?: class="chart")?>', text)
    assert story[:2] == ["differences", "best"]
    assert {"clauses", "curves", "week", "journeys"}.isdisjoint(story)
    assert {"clauses", "curves", "week", "journeys"} <= set(
        re.findall(r'<section id="(\w+)" class="[a-z ]*annex"', text)
    )


def test_hostile_texts_are_only_texts() -> None:
    text = (hostile_folder() / "report.html").read_text(encoding="utf-8")
    found = Tags(text)
    assert HOSTILE not in text
    assert {"img", "script"}.isdisjoint(tag for tag, _ in found.tags)
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on")]
    assert "\u202e" not in text
    assert len(text.encode()) < 1_500_000


def test_a_formula_in_the_data_is_made_a_text() -> None:
    link = csv_link([("name",), ("=HYPERLINK(1)",), (-1.5,)])
    assert b64decode(link.partition(",")[2]).decode().split() == ["name", "'=HYPERLINK(1)", "-1.5"]


def test_without_a_log_the_report_is_shorter_and_says_nothing_of_one_world(tmp_path) -> None:  # type: ignore[no-untyped-def]
    import sqlite3

    place = tmp_path / "unlogged"
    shutil.copytree(run_folder(), place)
    database = sqlite3.connect(place / "run.sqlite")
    database.execute("UPDATE runs SET logged = 0")
    database.commit()
    database.close()
    text = write_report(place).read_text(encoding="utf-8")
    sections = re.findall(r'<section id="(\w+)"', text)
    assert sections == ["activities", "clauses", "access", "money", "curves", "months", *ANNEX]
    assert "In the first world" not in text
    assert "From the log of the first world" not in text


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda place: (place / "run.sqlite").unlink(), "is missing: the folder is not complete"),
        (lambda place: (place / "manifest.json").unlink(), "holds no manifest.json"),
        (lambda place: (place / "manifest.json").write_text("{"), "is damaged"),
        (
            lambda place: without(place, "evidence"),
            "holds no 'evidence': it is damaged or was made by another",
        ),
        (lambda place: without(place, "scenario", "resolved", "clients"), "this version cannot read"),
        (lambda place: (place / "run.sqlite").write_bytes(b"x" * 9000), "is not a whole database"),
    ],
)
def test_a_folder_that_is_not_whole_is_refused_in_words(tmp_path, spoil, words) -> None:  # type: ignore[no-untyped-def]
    place = tmp_path / "spoilt"
    shutil.copytree(run_folder(), place)
    spoil(place)
    with pytest.raises(ResultsError, match=words):
        rewrite_report(place)
