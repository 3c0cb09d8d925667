"""Profiles, silencing, counts, and checks whose quiet side matters: what is right is left alone."""

import pytest

from legalaid_sim.authoring.checking import check_text, counts_in_words, statuses_of
from legalaid_sim.contracts.language.lint.style import out_of_order
from legalaid_sim.errors import ERROR, WARNING
from legalaid_sim.yamlfile import parse

HEAD = (
    "kind: contract\nschema_version: 1\ncontract: good   # allow CX505: a test\n"
    "term: {starts: 2026-04-01, months: 36}\n"
)
FEE = "payments:\n  - id: fee\n    kind: fixed_fee\n    amount: 157.00\n"


def codes(text: str, profile: str = "working") -> list[str]:
    return [problem.code for problem in check_text(text, "f.yaml", profile).problems]


def test_profiles_grow_stricter() -> None:
    text = HEAD + FEE + "    uplift_percent: 0.5\n"
    assert codes(text, "draft") == []
    assert codes(text, "working") == ["CI201", "CV101"]
    assert set(codes(text, "publish")) == {"CI201", "CT401", "CV101", "CX503", "CX504"}


def test_publishing_turns_examples_and_style_into_errors() -> None:
    gravity = {p.code: p.severity for p in check_text(HEAD + FEE, "f.yaml", "publish").problems}
    assert gravity["CT401"] == gravity["CX503"] == gravity["CX504"] == ERROR
    assert {p.severity for p in check_text(HEAD + FEE, "f.yaml").problems} == {"note"}


def test_a_failing_example_is_an_error_in_every_profile() -> None:
    text = (
        HEAD
        + FEE
        + (
            "examples:\n  - name: Wrong\n    given: {matters: [{ref: A, opened: 2026-05-01}]}\n"
            "    when: [{on: 2026-06-01, matter_closed: {ref: A}}]\n    then: {earned: 158.00}\n"
        )
    )
    for profile in ("draft", "working", "publish"):
        assert "CT400" in codes(text, profile)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + FEE.replace("id: fee", "id: fee   # allow CI201: as enacted"),
        HEAD + FEE.replace("  - id: fee", "  # allow CI201: as enacted\n  - id: fee"),
        "# allow CI201: as enacted\n" + HEAD + FEE,
    ],
    ids=["on the line", "on the line before", "at the top"],
)
def test_a_comment_with_a_reason_silences_a_note(text: str) -> None:
    assert codes(text) == []


def test_a_comment_elsewhere_silences_nothing_and_is_told_of() -> None:
    assert codes(HEAD + FEE.replace("157.00", "157.00   # allow CI201: as enacted")) == ["CI201", "CX510"]


def test_errors_cannot_be_silenced() -> None:
    text = HEAD + FEE.replace("157.00", "{value: nothing}   # allow CR030: please")
    assert "CR030" in codes(text)


def test_a_parent_s_silences_hold_for_its_children_without_being_told_of(tmp_path: object) -> None:
    from pathlib import Path

    from legalaid_sim.authoring.checking import check_file

    folder = Path(str(tmp_path))
    (folder / "parent.yaml").write_text("# allow CI201: as enacted\n# allow CI205: none\n" + HEAD + FEE)
    child = folder / "child.yaml"
    child.write_text("kind: contract\nschema_version: 1\ncontract: child\nextends: parent\nchanges: []\n")
    assert check_file(str(child)).problems == ()


DISJOINT = [
    ("{category: housing}", "{category: debt}"),
    ("{category: [housing, debt]}", "{category: {is: welfare}}"),
    ("{matter.age: {under: 60}}", "{matter.age: {at_least: 60}}"),
    ("{matter.age: {between: [1, 5]}}", "{matter.age: {over: 5}}"),
    ("{opened: {under: 2027-01-01}}", "{opened: {at_least: 2027-01-01}}"),
    ("{fee_code: A}", "{matter.fee_code: {one_of: [B, C]}}"),
    ("{fee_code: A}", "{category: housing}"),
]
OVERLAPPING = [
    ("{category: housing}", "{region: london}"),
    ("{category: [housing, debt]}", "{category: debt}"),
    ("{matter.age: {at_most: 60}}", "{matter.age: {at_least: 60}}"),
    ("{}", "{category: debt}"),
]


def two_fees(one: str, other: str) -> str:
    return HEAD + (
        f"payments:\n  - {{id: one, kind: fixed_fee, applies_to: {one}, amount: 1.00}}\n"
        f"  - {{id: two, kind: fixed_fee, applies_to: {other}, amount: 2.00}}\n"
    )


@pytest.mark.parametrize(("one", "other"), DISJOINT)
def test_blocks_that_never_meet_do_not_overlap(one: str, other: str) -> None:
    assert "CR031" not in codes(two_fees(one, other))
    assert "CR031" not in codes(two_fees(other, one))


@pytest.mark.parametrize(("one", "other"), OVERLAPPING)
def test_blocks_that_can_meet_overlap(one: str, other: str) -> None:
    assert "CR031" in codes(two_fees(one, other))
    assert "CR031" in codes(two_fees(other, one))


@pytest.mark.parametrize("more", ["exception_to: one", "hit: sum", "not_if: {category: housing}"])
def test_overlap_is_settled_by_saying_so(more: str) -> None:
    text = two_fees("{category: housing}", "{}").replace("amount: 2.00", f"{more}, amount: 2.00")
    assert "CR031" not in codes(text)


def test_a_table_s_threshold_is_compared_row_by_row() -> None:
    text = HEAD + (
        "tables:\n  rates:\n    columns: [fee_code, fee, over]\n    rows:\n      - [A, 100.00, 300.00]\n"
        "      - [B, 100.00, 90.00]\npayments:\n  - id: fee\n    kind: fixed_fee\n    table: rates\n"
        "    amount: {column: fee}\n    escape: {over: {column: over}}\n"
    )
    found = [p for p in check_text(text, "f.yaml").problems if p.code == "CP301"]
    assert [p.message for p in found] == ["the escape threshold 90.00 is not above the fee 100.00 (row B)"]
    assert found[0].severity == WARNING


def test_key_order_names_the_key_that_came_late() -> None:
    assert out_of_order(["id", "kind", "title", "amount", "limits", "source"]) is None
    assert out_of_order(["id", "title", "kind"]) == ("kind", "title")
    assert out_of_order(["id", "source", "amount"]) == ("amount", "source")


def test_numbers_are_counted_by_the_nearest_source() -> None:
    data = parse(
        "payments:\n  - amount: 1.00\n    bands: [{up_to: 1}, {up_to: 2}]\n    source: {status: assumed}\n"
        "values:\n  fee: {dated: {2013-04-01: 1.00}, source: {status: enacted}}\n  none: {amount: 3}\n"
    ).data
    assert statuses_of(data) == {"assumed": 3, "enacted": 1}


def test_counts_are_said_in_a_sentence() -> None:
    text = "# allow CI201: as enacted\n" + HEAD + FEE + "    source: {title: none, status: fictional}\n"
    assert counts_in_words(check_text(text, "f.yaml")) == "1 number is 'fictional'."


BROKEN = """examples:
  - name: Broken
    given: {provider: {heads: many}}
    when: []
    then: {earned: 1}
"""


def test_examples_that_cannot_run_are_told_and_do_not_stop_the_check() -> None:
    found = check_text(HEAD + FEE + BROKEN, "f.yaml")
    assert (found.passed, found.examples) == (0, 1)
    assert "CT400" in [p.code for p in found.problems]


CAPITATION = (
    "payments:\n  - id: heads\n    kind: capitation\n    amount: 3.10\n"
    "    access_floor: {clients_seen_per_1000: 8, below: {reduce_percent: 5}}\n"
)
OUTCOME = (
    "payments:\n  - id: kept\n    kind: outcome_payment\n    earned: on_outcome\n"
    "    outcome: {is: tenancy_kept}\n    amount: 180.00\n    "
)
GRANT = (
    "payments:\n  - id: grant\n    kind: block_grant\n    amount: 71500.00\n    buys: {hours: 1100}\n"
    "    shortfall: {recover_at: 52.00}\n    surplus: {pay_at: 40.00}\n"
)


@pytest.mark.parametrize(
    "payments",
    [
        CAPITATION,
        OUTCOME + "not_if: {work.hours.profit: {under: 1}}\n",
        OUTCOME + "case_mix: {index: difficulty, easy_percent: 70, hard_percent: 150}\n",
        GRANT,
    ],
    ids=["a floor that bites", "no pay without work", "hard cases pay more", "hours beyond are paid"],
)
def test_a_guard_that_works_leaves_nothing_to_note(payments: str) -> None:
    assert codes(HEAD + payments) == []


@pytest.mark.parametrize(
    ("payments", "code"),
    [
        (CAPITATION.replace("reduce_percent: 5", "reduce_percent: 0"), "CI204"),
        (OUTCOME + "not_if: {work.hours.profit: {under: 0}}\n", "CI205"),
        (OUTCOME + "case_mix: {index: difficulty, easy_percent: 100, hard_percent: 100}\n", "CI205"),
        (GRANT.replace("40.00", "0.00"), "CI201"),
    ],
)
def test_a_guard_in_name_only_is_seen_through(payments: str, code: str) -> None:
    assert codes(HEAD + payments) == [code]


RATE_CARD = HEAD + "payments:\n" + "".join(
    f"  - id: m{months}\n    kind: outcome_payment\n    earned: on_outcome\n"
    f"    outcome: {{is: home_kept, lasts_months: {months}}}\n    amount: {pounds}.00\n"
    "    share_at: {closing_percent: 0, proof_percent: 100}\n"
    for months, pounds in ((3, 1500), (6, 1500), (12, 5000))
)  # fmt: skip
KEPT = """\
examples:
  - name: How long the home was kept
    given: {matters: [{ref: A, opened: 2026-05-01}]}
    when:
      - {on: 2026-08-31, matter_closed: {ref: A, outcome: home_kept}}
      - {on: %s, outcome_recorded: {ref: A, %s}}
    then: {earned: {A: %s}}
"""


@pytest.mark.parametrize(
    ("on", "told", "pounds"),
    [
        ("2026-12-31", "lasted_months: 4", "1500.00"),
        ("2027-02-28", "lasted_months: 6, outcome: home_kept", "3000.00"),
        ("2027-08-31", "lasted_months: 12", "8000.00"),
        ("2027-08-31", "outcome: home_lost, lasted_months: 2", "0.00"),
        ("2027-08-31", "outcome: home_kept", "0.00"),
    ],
)
def test_an_example_says_how_long_a_result_lasted(on: str, told: str, pounds: str) -> None:
    found = check_text(RATE_CARD + KEPT % (on, told, pounds), "f.yaml").problems
    assert {p.code for p in found} <= {"CI205"}, found


@pytest.mark.parametrize(
    ("on", "told", "why"),
    [
        ("2026-11-29", "lasted_months: 3", "by 2026-11-29 no result can have lasted 3 months"),
        ("2026-12-31", "durable: true", "lasted_months says how long it has lasted"),
        ("2026-12-31", "lasted_months: 1.5", "a whole number is needed"),
        ("2026-12-31", "lasted_months: -3", "0 or more"),
    ],
)
def test_an_example_cannot_say_what_cannot_have_lasted(on: str, told: str, why: str) -> None:
    found = check_text(RATE_CARD + KEPT % (on, told, "0.00"), "f.yaml").problems
    assert any(p.code == "CT400" and why in (p.help or "") for p in found), found


REGIONS = (
    HEAD
    + """categories: [housing]
regions: [london, elsewhere]
payments:
  - id: fee
    kind: fixed_fee
    amount: {by_region: {london: 600.00, elsewhere: 157.00}}
    escape: {over: {by_region: {london: 471.00, elsewhere: 471.00}}, pays: all_at_hourly, rates: {profit: 48.24}}
"""
)
TAX = "taxes: [{id: vat, kind: tax, rate_percent: 20, on: [fees, hourly]}]\n"


def notes(text: str) -> list[str]:
    return [f"{p.code} {p.message}" for p in check_text(text, "f.yaml").problems if p.code.startswith("CI")]


def test_incentives_are_looked_for_in_every_region_and_told_once_where_regions_are_alike() -> None:
    found = notes(REGIONS)
    assert [note for note in found if "in london" in note and note.startswith("CI202")], found
    assert [note for note in found if "of a housing matter in elsewhere earn nothing more" in note], found
    alike = notes(REGIONS.replace("london: 600.00", "london: 157.00"))
    assert alike
    assert not [note for note in alike if "london" in note or "elsewhere" in note]


@pytest.mark.parametrize("condition", ["", ", applies_to: {provider.vat_registered: true}"])
def test_a_tax_moves_no_note_since_rates_are_without_it(condition: str) -> None:
    """Pay and the hourly rate that it is held against bear VAT both, or neither."""
    assert notes(REGIONS + TAX.replace("]}]", "]" + condition + "}]")) == notes(REGIONS)


def test_an_example_cannot_spend_time_under_a_heading_that_there_is_not() -> None:
    example = KEPT.replace("outcome_recorded", "work_done") % ("2026-12-31", "proffit_minutes: 300", "0.00")
    (failed,) = [p for p in check_text(RATE_CARD + example, "f.yaml").problems if p.code == "CT400"]
    assert "no time is spent under 'proffit'; headings of time: profit, travel, waiting" in (
        failed.help or ""
    )


def test_a_duty_without_minutes_on_the_day_that_is_looked_at_stops_no_note() -> None:
    duty = "duties:\n  - {id: form, kind: duty, falls_on: matter_closed, minutes: {admin: {dated: {2099-12-22: 1}}}}\n"
    rate = "values:\n  hour: {amount: 60.00, unit: GBP per hour}\n"
    assert codes(HEAD + rate + FEE + duty) == ["CI201", "CV111"]


TAXED = (
    HEAD
    + FEE
    + "  - {id: other, kind: fixed_fee, exception_to: fee, applies_to: {category: debt}, amount: 90.00}\n"
    + "taxes:\n  - {id: vat, kind: tax, rate_percent: 20}\n"
    + "duties:\n  - {id: form, kind: duty, falls_on: matter_opened, minutes: {adviser: 6}}\n"
    + "examples:\n  - name: No tax\n    given: {matters: [{ref: A, category: housing, opened: 2026-05-01}]}\n"
    + "    when: [{on: 2026-06-01, matter_closed: {ref: A}}]\n    then: {%s}\n"
)


@pytest.mark.parametrize(
    ("then", "line", "words"),
    [
        ("earned: {A: 157.00}", "id: vat", "this gives 31.40, which is the difference"),
        ("earned: {A: 0.00}", "id: fee", "this gives 157.00"),
        ("lines: {other: 90.00}", "id: other", "this did not apply: category is housing, needs debt"),
        ("burden_minutes: {form: 15}", "id: form", "this asks for 6 minutes"),
    ],
)
def test_a_failing_example_names_the_line_that_differs(then: str, line: str, words: str) -> None:
    text = TAXED % then
    found = next(p for p in check_text(text, "f.yaml").problems if p.code == "CT400")
    assert (words, line) in [(said, line) for at, said in found.also if line in text.splitlines()[at - 1]]
