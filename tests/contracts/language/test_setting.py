"""One number of a file set by its name: all other bytes stay, what cannot be set is told, files that moved are left."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from legalaid_sim.authoring import setting
from legalaid_sim.authoring.checking import check_text
from legalaid_sim.authoring.setting import examples_moved, number_at, places_of, set_number
from legalaid_sim.cli import group
from legalaid_sim.contracts.language.load import LIBRARY, library_names, load_terms, terms_of
from legalaid_sim.errors import ERROR, ContractError, ResultsError
from legalaid_sim.files import replace_unchanged
from legalaid_sim.yamlfile import load_document, numbers_of, parse, with_number

ROOT = Path(__file__).parents[3]
CONTRACT = """\
# How we pay: £, é and 𝒻 before the numbers.
kind: contract
schema_version: 1
contract: paid   # kept
title: "A fee: 12 of them"

term: {starts: 2026-04-01, months: 36}
categories: [housing, debt]
payments:
  - id: fee   # allow CI201: flat


    kind: fixed_fee
    amount:    200.00   # 200.00 since 2007
    source: {title: x, status: fictional}
  - id: hours
    kind: hourly
    applies_to: {category: [debt], matter.size: {over: 12}}
    rates: {profit: 50.5, 'travel': 25}
    exception_to: fee
    source: {title: "é 99.00 𝒻", status: fictional}
examples:
  - name: A matter of 1.5 meetings
    given: {matters: [{ref: A, category: housing, opened: 2026-05-01}]}
    when: [{on: 2026-06-01, matter_closed: {ref: A}}]
    then: {earned: {A: 200.00}}
    source: {title: x, status: fictional}
"""
CHILD = """\
kind: contract
schema_version: 1
contract: child
extends: paid.yaml
changes:
  - {set: payments.fee.amount, to: 230.00, because: more}
  - {set: payments.hours.rates, to: {profit: 60.00, travel: 30.00}, because: more}
"""
LINES = CONTRACT.split("\n")
FORMS = st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"])
PENCE = st.integers(0, 99_999_999).map(lambda pence: f"{pence // 100}.{pence % 100:02}")
WRITTEN = st.one_of(PENCE, st.integers(0, 10**6).map(str))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "paid.yaml"
    path.write_bytes(CONTRACT.encode())
    return path


def typed(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(group, ["set", *map(str, words)])
    return done.exit_code, done.output or str(done.exception)


@settings(max_examples=1000)
@given(st.data(), *FORMS)
def test_only_the_number_moves_whatever_the_form_of_the_file(data, end: str, mark: str) -> None:
    raw = mark + CONTRACT.replace("\n", end)
    numbers = list(numbers_of(parse(raw)))
    chosen, written = data.draw(st.sampled_from(numbers)), data.draw(WRITTEN)
    changed = with_number(raw, chosen.mark, written)
    start = next(
        at for at in range(len(raw) + 1) if raw[at : at + 1] != changed[at : at + 1] or at == len(raw)
    )
    tail = next(
        (n for n in range(min(len(raw), len(changed)) - start) if raw[-1 - n] != changed[-1 - n]),
        min(len(raw), len(changed)) - start,
    )
    assert set(raw[start : len(raw) - tail]) <= set("0123456789.")
    assert set(changed[start : len(changed) - tail]) <= set("0123456789.")
    after = {number.path: number.value for number in numbers_of(parse(changed))}
    assert after == {n.path: n.value for n in numbers} | {chosen.path: after[chosen.path]}
    assert Decimal(after[chosen.path]) == Decimal(written)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 10**6), PENCE), min_size=25, max_size=25), *FORMS)
def test_a_thousand_edits_leave_a_file_that_check_reads(edits, end: str, mark: str) -> None:
    # 40 files of 25 edits each; what may not be written is another matter than what cannot be read.
    raw = mark + CONTRACT.replace("\n", end)
    places = [n.path for n in numbers_of(parse(raw)) if n.path[0] in ("payments", "examples")]
    for which, written in edits:
        wanted = places[which % len(places)]
        number = next(n for n in numbers_of(parse(raw)) if n.path == wanted)
        raw = with_number(raw, number.mark, written)
    checked = check_text(raw)
    assert {p.code for p in checked.problems if p.severity == ERROR} <= {"CT400"}
    assert checked.examples == 1
    now = raw.removeprefix(mark).split(end)
    assert [re.sub(r"[0-9.]+", "#", line) for line in now] == [
        re.sub(r"[0-9.]+", "#", line) for line in LINES
    ]


@pytest.mark.parametrize("name", library_names())
def test_every_number_of_the_library_is_found_and_put_back_by_its_name(name: str) -> None:
    document = load_document(LIBRARY / f"{name}.yaml")
    for number, place in zip(numbers_of(document), places_of(document)):
        held = document.lines[number.mark.line - 1][number.mark.column - 1 :][: number.mark.width]
        assert Decimal(held) == number.value
        assert with_number(document.text, number.mark, held) == document.text
        assert number_at(document, place).value == number.value


def test_a_contract_is_compiled_from_text_as_from_its_file() -> None:
    for name in ("unified-contract-2007", "core-and-case"):
        document = load_document(LIBRARY / f"{name}.yaml")
        assert terms_of(document, LIBRARY / f"{name}.yaml").contract == load_terms(name).contract


def test_a_number_is_set_and_examples_that_come_out_otherwise_are_told(file: Path) -> None:
    code, said = typed(file, "payments.fee.amount", "250")
    assert code == 0, said
    assert f"{file}:14: payments.fee.amount 200.00 -> 250.00" in said
    assert "example 'A matter of 1.5 meetings': earned.A 200.00 -> 250.00; it says 200.00" in said
    assert file.read_bytes() == CONTRACT.replace("    200.00 ", "    250.00 ", 1).encode()
    assert "as it says" in typed(file, "payments.fee.amount", "200")[1]
    assert file.read_bytes() == CONTRACT.encode()


def test_a_name_with_a_dot_is_no_end_of_the_way(file: Path) -> None:
    place = "examples.A matter of 1.5 meetings.then.earned.A"
    assert place in places_of(load_document(file))
    code, said = typed(file, place, "210")
    assert code == 0, said
    assert "earned: {A: 210.00}" in file.read_text()


def test_a_dry_run_shows_the_lines_and_writes_nothing(file: Path) -> None:
    code, said = typed(file, "payments.fee.amount", "250", "--dry-run")
    assert code == 0
    assert (
        "-    amount:    200.00   # 200.00 since 2007\n+    amount:    250.00   # 200.00 since 2007\n" in said
    )
    assert "(not written)" in said
    assert file.read_bytes() == CONTRACT.encode()


@pytest.mark.parametrize(
    ("place", "number", "told"),
    [
        ("payments.fee.amout", "250", "payments.fee has no 'amout'. Did you mean 'payments.fee.amount'?"),
        ("payments.fees.amount", "250", "Did you mean 'payments.fee.amount'?"),
        ("payments.hours.rates", "250", "name one of: payments.hours.rates.profit, payments.hours.rates.travel"),
        ("title", "250", "'title' is 'A fee: 12 of them', not a number"),
        ("payments.fee.amount", "£1,250", "write the number alone, without its unit: 1250"),
        ("payments.fee.amount", "20%", "write the number alone, without its unit: 20"),
        ("payments.fee.amount", "much", "write a plain number: 200.00"),
        ("payments.fee.amount", "0250", "'0250' is not a plain number"),
        ("payments.fee.amount", "-5", "-5.00 is below 0"),
        ("payments.fee.amount", "2.505", "at most two decimals"),
        ("term.months", "0", "term.months"),
    ],
)  # fmt: skip
def test_what_cannot_be_set_is_told_at_its_place_and_nothing_is_written(
    file: Path, place: str, number: str, told: str
) -> None:
    with pytest.raises(ContractError) as refused:
        set_number(file, place, number)
    said = " ".join(f"{p.path} {p.message} {p.help}" for p in refused.value.problems)
    assert told in said
    assert all(problem.line for problem in refused.value.problems)
    assert file.read_bytes() == CONTRACT.encode()


def test_a_number_of_a_change_is_found_by_what_it_changes_and_a_parents_is_told(file: Path) -> None:
    child = file.with_name("child.yaml")
    child.write_text(CHILD)
    code, said = typed(child, "payments.fee.amount", "240")
    assert code == 0, said
    assert typed(child, "payments.hours.rates.travel", "31")[0] == 0
    expected = CHILD.replace("230.00", "240.00").replace("30.00}", "31.00}")
    assert child.read_text() == expected
    with pytest.raises(ContractError) as refused:
        set_number(child, "term.months", "24")
    assert "add to changes: - {set: term.months, to: ...}" in refused.value.problems[0].help


def test_a_number_of_a_scenario_is_set_as_well(tmp_path: Path) -> None:
    path = tmp_path / "agency.yaml"
    text = (ROOT / "scenarios" / "one-area.yaml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    place = next(one for one in places_of(load_document(path)) if one.endswith("per_week"))
    code, said = typed(path, place, "7")
    assert code == 0, said
    assert sum(one != two for one, two in zip(text.split("\n"), path.read_text().split("\n"))) == 1


def test_what_reads_a_named_value_says_where_it_stands(file: Path) -> None:
    text = CONTRACT.replace("200.00   #", "{value: price}   #").replace(
        "payments:", "values:\n  price: {title: x, unit: GBP, amount: 200.00}\npayments:"
    )
    file.write_text(text)
    with pytest.raises(ContractError) as refused:
        set_number(file, "payments.fee.amount", "210")
    assert "name one of: values.price.amount" in refused.value.problems[0].help


def test_a_file_that_changed_meanwhile_is_left_as_it_is(file: Path) -> None:
    found = set_number(file, "payments.fee.amount", "250")
    file.write_text(CONTRACT + "# somebody else\n")
    with pytest.raises(ResultsError, match="has changed since it was read"):
        replace_unchanged(file, found.before, found.after)
    assert file.read_text().endswith("# somebody else\n")
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_permissions_of_a_file_stay(file: Path) -> None:
    file.chmod(0o640)
    assert typed(file, "payments.fee.amount", "250")[0] == 0
    assert file.stat().st_mode & 0o777 == 0o640


def test_what_moves_is_held_expectation_by_expectation(file: Path) -> None:
    found = set_number(file, "payments.fee.amount", "250")
    before, after = (parse(text.decode(), str(file)) for text in (found.before, found.after))
    moved = examples_moved(before, after, file)
    assert [(m.what, m.before, m.now, m.expected) for m in moved] == [
        ("earned.A", "200.00", "250.00", "200.00")
    ]
    assert setting.outcomes_of(parse("kind: scenario\n"), file) == ()
