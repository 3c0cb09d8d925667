"""The pages, asked as forms and as fragments; what they say is what the command line says."""

import json
import re
from html import unescape

import pytest
from click.testing import CliRunner

from legalaid_sim.authoring.checking import check_file
from legalaid_sim.cli import group
from legalaid_sim.contracts.claimsfile.pricer import Pricer
from legalaid_sim.contracts.language.load import LIBRARY, library_names, load_terms, terms_of
from legalaid_sim.studio.knobs import knob_groups
from legalaid_sim.studio.looking import TextAsked, look_at_text
from legalaid_sim.yamlfile import load_document, parse
from tests.studio.client import CONTRACT, FEE, Visitor, folder


@pytest.fixture(scope="module")
def visitor(tmp_path_factory):
    made = Visitor(folder(tmp_path_factory.mktemp("studio") / "desk"))
    yield made
    made.worker.stop()


@pytest.fixture(autouse=True)
def _as_it_was(request):
    if "visitor" in request.fixturenames:
        seat = request.getfixturevalue("visitor")
        for path in seat.root.iterdir():
            path.unlink()
        folder(seat.root)


def form_in(html: str) -> dict[str, str]:
    """Give what a browser would send of a page: its inputs, the text, what is chosen."""
    sent = {}
    for tag in re.findall(r"<input\b[^>]*>", html):
        name = re.search(r'\bname="([^"]*)"', tag)
        if name:
            value = re.search(r'\bvalue="([^"]*)"', tag)
            sent[unescape(name[1])] = unescape(value[1]) if value else ""
    for name, inside in re.findall(r'<select\b[^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inside) or re.search(
            r'<option value="([^"]*)"', inside
        )
        sent[unescape(name)] = unescape(chosen[1]) if chosen else ""
    for inside in re.findall(r"<textarea\b[^>]*>\n(.*?)</textarea>", html, re.S):
        sent["text"] = unescape(inside).replace("\n", "\r\n")
    return sent


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def shown(html: str, part: str) -> str:
    found = re.search(rf'id="{part}"[^>]*>([^<]*)<', html)
    return unescape(found[1]).strip() if found else ""


def test_the_page_of_a_contract_shows_all_of_it(visitor) -> None:
    page = visitor.get("/c/paid.yaml")
    told = words_of(page.text)
    assert page.status_code == 200
    assert form_in(page.text)["text"].replace("\r\n", "\n") == CONTRACT
    for words in (
        "1 problem", "1 of 1 examples pass", "A housing matter of 6 hours pays 200.00 before tax (as saved)",
        "A form for each matter", "15 minutes", "Dead zones from 0.0 hours on: 200.00 whatever is done",
        "court : service is not known", "CI201", "One good end",
    ):  # fmt: skip
        assert words in told, words


def test_without_script_a_number_is_set_a_word_mended_an_example_kept_and_the_file_saved(visitor) -> None:
    form = form_in(visitor.get("/c/paid.yaml").text)
    assert form[f"k:{FEE}"] == "200.00"
    turned = visitor.post("/c/paid.yaml", {**form, f"k:{FEE}": "250", "do": "look"})
    told = words_of(turned.text)
    assert "earned.A now comes to 250.00 ; the example says 200.00" in told
    assert visitor.file().read_text() == CONTRACT
    accepted = visitor.post("/c/paid.yaml", {**form_in(turned.text), "do": "accept:"})
    assert "1 expectation of worked examples set" in words_of(accepted.text)
    kept = visitor.post("/c/paid.yaml", {**form_in(accepted.text), "m:profit_hours": "8", "do": "keep"})
    assert "2 of 2 examples pass" in words_of(kept.text)
    saved = visitor.post("/c/paid.yaml", {**form_in(kept.text), "because": "a rise", "do": "save"})
    assert (saved.status_code, saved.headers["location"]) == (303, "/c/paid.yaml?saved=1")
    now = visitor.file().read_text()
    assert now.startswith(
        CONTRACT.replace("200.00   #", "250.00   #").replace("{A: 200.00}", "{A: 250.00}")[
            : CONTRACT.index("payments:") - 1
        ]
    )
    assert check_file(str(visitor.file())).passed == 2
    assert "a rise" in visitor.file("reasons.csv").read_text()
    assert "Saved." in words_of(visitor.get("/c/paid.yaml?saved=1").text)


def test_undo_puts_the_number_back(visitor) -> None:
    form = form_in(visitor.get("/c/paid.yaml").text)
    moved = visitor.do(f"turn:{FEE}", {**form, f"k:{FEE}": "250"}, source="k-x")
    again = visitor.do(f"turn:{FEE}", {**form, **form_in(moved.text), f"k:{FEE}": "260"}, source="k-x")
    back = visitor.do("undo", {**form, **form_in(again.text)})
    assert form_in(back.text)["text"].replace("\r\n", "\n") == CONTRACT
    assert "Not saved yet" not in words_of(back.text)


def test_text_that_was_typed_wins_over_numbers_that_stand_beside_it(visitor) -> None:
    form = form_in(visitor.get("/c/paid.yaml").text)
    typed = form["text"].replace("200.00   #", "300.00   #")
    found = visitor.do("look", {**form, "text": typed}, source="text")
    assert "pays 300.00 before tax (saved: 200.00)" in words_of(found.text)
    assert form_in(found.text)[f"k:{FEE}"] == "300.00"


def test_a_word_that_was_meant_is_offered_and_put_right(visitor) -> None:
    form = form_in(visitor.get("/c/paid.yaml").text)
    wrong = form["text"].replace("kind: fixed_fee", "kind: fixd_fee", 1)
    found = visitor.do("look", {**form, "text": wrong}, source="text")
    assert "The text cannot be priced as it stands: this is the file as it was saved." in words_of(found.text)
    assert "pays 200.00" in words_of(found.text)
    offer = re.search(r'value="(fix:[^"]+)"', found.text)
    mended = visitor.do(offer[1], {**form, **form_in(found.text), "text": wrong})
    assert form_in(mended.text)["text"] == form["text"]


def test_what_a_file_cannot_say_is_told_and_the_page_lives_on(visitor) -> None:
    form = form_in(visitor.get("/c/paid.yaml").text)
    for text in (
        "",
        "a: [1",
        "\t x",
        "kind: scenario\n",
        "kind: nothing\n",
        "- 1",
        "\x00",
        "kind: contract\n",
        "a: &b 1",
    ):
        found = visitor.do("look", {**form, "text": text, "was": ""}, source="text")
        assert found.status_code == 200, text
        assert "problem" in words_of(found.text)
    for what in (
        "accept:",
        "keep",
        "undo",
        "fix:1:1:1:x",
        "fix:",
        "turn:payments.7.amount",
        "explode",
        "_save",
        "save_",
    ):
        found = visitor.do(what, {**form, "text": "a: [1", "was": ""})
        assert found.status_code == 200, what
    assert visitor.file().read_text() == CONTRACT


def test_a_file_that_somebody_else_saved_gives_a_page_that_shows_both(visitor) -> None:
    form = form_in(visitor.get("/c/paid.yaml").text)
    mine = form["text"].replace("200.00   #", "250.00   #")
    visitor.file().write_text(CONTRACT.replace("90.00", "95.00"))
    for asked in (
        visitor.post("/c/paid.yaml", {**form, "text": mine, "do": "save"}),
        visitor.do("save", {**form, "text": mine}),
    ):
        assert "Somebody else has saved this file" in asked.text
        assert "+    amount: 250.00" in unescape(asked.text)
        assert "-    amount: 95.00" in unescape(asked.text)
    assert "95.00" in visitor.file().read_text()
    over = visitor.post("/c/paid.yaml", {**form_in(asked.text), "do": "save"})
    assert over.status_code == 303
    assert visitor.file().read_text() == CONTRACT.replace("200.00   #", "250.00   #")


def test_line_ends_and_byte_order_mark_survive_the_browser(visitor) -> None:
    raw = ("\ufeff" + CONTRACT.replace("\n", "\r\n")).encode()
    visitor.file().write_bytes(raw)
    form = form_in(visitor.get("/c/paid.yaml").text)
    visitor.post("/c/paid.yaml", {**form, "do": "save"})
    assert visitor.file().read_bytes() == raw
    moved = visitor.do(f"turn:{FEE}", {**form, f"k:{FEE}": "251"}, source="k-x")
    visitor.post("/c/paid.yaml", {**form, **form_in(moved.text), "do": "save"})
    assert visitor.file().read_bytes() == raw.replace(b"200.00   #", b"251.00   #")


def test_the_studio_and_the_command_line_give_the_same_answers(visitor) -> None:
    form = form_in(visitor.get("/c/paid.yaml").text)
    moved = visitor.do(f"turn:{FEE}", {**form, f"k:{FEE}": "251"}, source="k-x")
    assert (
        CliRunner().invoke(group, ["set", str(visitor.file()), "payments.fee.amount", "251"]).exit_code == 0
    )
    assert form_in(moved.text)["text"].replace("\r\n", "\n") == visitor.file().read_text()
    checked = json.loads(CliRunner().invoke(group, ["check", str(visitor.file()), "--format", "json"]).output)
    told = words_of(visitor.get("/c/paid.yaml").text)
    for problem in checked["problems"]:
        assert problem["message"] in told
    claims = visitor.root / "claims.csv"
    claims.write_text(
        "claim_id,category,in_start_date,in_profit_minutes,in_vat_registered\n1,housing,2026-04-01,360,false\n"
    )
    priced = CliRunner().invoke(
        group, ["price", str(visitor.file()), "--claims", str(claims), "--out", str(visitor.root / "out.csv")]
    )
    assert priced.exit_code == 0, priced.output
    row = (visitor.root / "out.csv").read_text().splitlines()[1]
    page = visitor.get("/c/paid.yaml").text
    assert shown(page, "earned") == "251.00"
    assert "251.00" in row.split(",")
    assert "of 6 hours pays 251.00" in told


@pytest.mark.parametrize("name", [name for name in library_names() if name != "civil-scheme"])
def test_every_contract_of_the_library_is_shown_as_check_and_pricing_see_it(name: str, tmp_path) -> None:
    place = tmp_path / f"{name}.yaml"
    place.write_bytes((LIBRARY / f"{name}.yaml").read_bytes())
    look = look_at_text(TextAsked(str(tmp_path), place.name, place.read_text(), place.read_text()))
    checked = check_file(str(place))
    assert len(look.problems) + len(look.notes) == len(checked.problems)
    assert (look.bench.failed == 0) == (checked.examples == checked.passed)
    assert look.bench.passed >= checked.passed
    assert look.matter.steps or look.matter.refused or look.matter.earned == "0.00"
    kinds = [block for room in look.rooms for block in room.blocks]
    assert all(block.file or 0 < block.line <= block.last for block in kinds)
    document = load_document(place)
    for group_ in knob_groups(document):
        for knob in group_.knobs:
            assert knob.value in document.lines[knob.line - 1]
    assert terms_of(document).digest == load_terms(place).digest
    assert Pricer(load_terms(place)).terms.name == name


def test_what_is_kept_as_an_example_passes_for_every_contract_that_prices_a_matter(tmp_path) -> None:
    from legalaid_sim.studio.editing import with_example

    tried = 0
    for name in ("core-and-case", "unified-contract-2007", "netherlands-points", "solicitors-hourly-2001"):
        text = (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")
        before = look_at_text(TextAsked(str(tmp_path), "x.yaml", text, text))
        made = with_example(text, before.matter.example)
        after = look_at_text(TextAsked(str(tmp_path), "x.yaml", made, made))
        assert after.bench.passed == before.bench.passed + 1, name
        assert [one for one in after.problems if one not in before.problems and one.severity == "error"] == []
        assert parse(made).data["examples"][:-1] == parse(text).data["examples"]
        tried += 1
    assert tried == 4


def test_the_shelf_shows_contracts_and_begins_new_ones(visitor) -> None:
    visitor.file("agency.yaml").write_text("kind: scenario\n")
    page = visitor.get("/")
    assert "paid.yaml" in page.text
    assert "agency.yaml" in page.text
    assert "can be read" in visitor.get("/?checked=1").text
    assert "1 of 1 examples pass" in visitor.get("/card/paid.yaml").text
    begun = visitor.post("/new", {"called": "My own: contract", "library": "core-and-case"})
    assert begun.headers["location"] == "/c/my-own-contract.yaml"
    assert "No problems" in visitor.get("/c/my-own-contract.yaml").text
    assert visitor.post("/new", {"called": "my own contract", "library": "core-and-case"}).status_code == 404
    for source, called in (("core-and-case", "a copy"), ("paid.yaml", "another copy")):
        copied = visitor.post("/new", {"called": called, "library": source, "how": "copy"})
        assert copied.headers["location"] == f"/c/{called.replace(' ', '-')}.yaml"
        page = visitor.get(copied.headers["location"]).text
        assert "k:payments" in page
        assert "0 do not" not in page
    own = visitor.file("another-copy.yaml").read_text()
    assert own == CONTRACT.replace("contract: paid ", "contract: another-copy ")
