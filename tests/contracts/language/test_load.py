"""Finding and resolving contracts: names, parents, origins, faults in every file told together."""

from pathlib import Path

import pytest

from legalaid_sim.contracts.language.flat import flat_text
from legalaid_sim.contracts.language.load import (
    find_contract,
    library_names,
    load_contract,
    load_terms,
    read_contract,
    resolve,
)
from legalaid_sim.errors import ContractError, UnreadableFile
from legalaid_sim.yamlfile import parse

BASE = """kind: contract
schema_version: 1
contract: base
title: Base
term: {starts: 2026-04-01, months: 36}
categories: [housing]
values:
  fee: {unit: GBP per matter, amount: 157.00}
payments:
  - id: housing_fee
    kind: fixed_fee
    amount: {value: fee}
examples:
  - name: What the parent pays
    given: {matters: [{ref: A, opened: 2026-05-01}]}
    when: [{on: 2026-06-01, matter_closed: {ref: A}}]
    then: {earned: 157.00}
"""
CHILD = """kind: contract
schema_version: 1
contract: child
extends: base
changes:
  - {set: payments.housing_fee.amount, to: 240.00}
  - add: payments
    block:
      id: extra
      kind: fixed_fee
      hit: sum
      amount: 1.00
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "child.yaml").write_text(CHILD)
    return tmp_path


def test_every_contract_of_the_library_loads_by_its_name() -> None:
    for name in library_names():
        assert load_contract(name).contract == name


def test_an_unknown_name_gives_the_nearest() -> None:
    with pytest.raises(ContractError, match="Did you mean 'civil-scheme'") as caught:
        find_contract("civil-scem")
    assert caught.value.problems[0].code == "CR039"


def test_a_missing_file_is_unreadable() -> None:
    with pytest.raises(UnreadableFile, match="does not exist"):
        load_contract("no/such/file.yaml")


def test_a_child_takes_what_it_does_not_change_from_its_parent(folder: Path) -> None:
    contract = load_contract(folder / "child.yaml")
    assert contract.contract == "child"
    assert contract.title == "Base"
    assert [block.id for block in contract.payments] == ["housing_fee", "extra"]
    assert contract.examples == ()


def test_every_part_remembers_its_file_and_line(folder: Path) -> None:
    marks = resolve(folder / "child.yaml").document.marks
    assert Path(marks.value(("title",)).file).name == "base.yaml"
    assert marks.value(("payments", 0, "kind")).line == 11
    assert Path(marks.value(("payments", 0, "amount")).file).name == "child.yaml"
    assert marks.value(("payments", 0, "amount"))[:2] == (6, 44)
    assert marks.value(("payments", 1, "kind"))[:2] == (10, 13)


def test_a_fault_in_the_parent_is_told_at_its_place(folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE.replace("amount: 157.00", "amount: 157.OO"))
    contract, problems, documents = read_contract(folder / "child.yaml")
    assert contract is None
    assert [(Path(p.file).name, p.code, p.line) for p in problems] == [("base.yaml", "CV113", 8)]
    assert {Path(name).name for name in documents} == {"base.yaml", "child.yaml"}


def test_a_fault_that_a_change_brings_is_told_at_the_change(folder: Path) -> None:
    (folder / "child.yaml").write_text(CHILD.replace("240.00", "lots"))
    _, problems, _ = read_contract(folder / "child.yaml")
    assert [(Path(p.file).name, p.code, p.line, p.column) for p in problems] == [
        ("child.yaml", "CV103", 6, 44)
    ]


def test_a_change_file_becomes_a_contract(folder: Path) -> None:
    (folder / "reform.yaml").write_text(
        CHILD.replace("kind: contract", "kind: change", 1).replace("contract: child\n", "")
    )
    contract = load_contract(folder / "reform.yaml")
    assert (contract.kind, contract.contract) == ("contract", "reform")


def test_names_that_lead_nowhere_keep_a_contract_from_loading(folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE.replace("{value: fee}", "{value: fees}"))
    with pytest.raises(ContractError, match="there is no 'fees' in values"):
        load_contract(folder / "base.yaml")


@pytest.mark.parametrize(
    ("written", "instead", "words"),
    [
        ("starts: 2008-04-01", "starts: 9999-12-01", "a day is from 1900-01-01 to 2200-12-31"),
        ("currency: GBP", "rounding: {to: 0}", "'0' is out of range: this must be over 0"),
    ],
)
def test_terms_that_nothing_can_be_reckoned_with_are_refused(
    tmp_path: Path, written: str, instead: str, words: str
) -> None:
    text = (
        "kind: contract\nschema_version: 1\ncontract: a\ntitle: A\ncurrency: GBP\n"
        "term: {starts: 2008-04-01, months: 36}\n"
    )
    path = tmp_path / "a.yaml"
    path.write_text(text.replace(written, instead), encoding="utf-8")
    with pytest.raises(ContractError, match=words):
        load_contract(path)


def test_a_share_of_continuity_is_at_most_all_of_it(tmp_path: Path) -> None:
    text = (
        "kind: contract\nschema_version: 1\ncontract: a\nterm: {starts: 2008-04-01, months: 36}\n"
        "payments:\n  - id: through\n    kind: continuity_premium\n    measure: share_of_hours_by_lead\n"
        "    steps: [{at_least_percent: 190, amount: 40.00}]\n"
    )
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match="'190' is out of range: this must be at most 100"):
        load_contract(path)


def test_compiled_terms_know_where_their_blocks_stand(folder: Path) -> None:
    assert load_terms(folder / "child.yaml").places == {
        "housing_fee": ("base.yaml", 10),
        "extra": ("child.yaml", 9),
    }


@pytest.mark.parametrize("with_origins", [True, False])
def test_the_flat_file_reads_back_as_the_same_contract(folder: Path, with_origins: bool) -> None:
    written: list[str | Path] = [folder / "child.yaml", *library_names()]
    for name in written:
        resolved = resolve(name)
        again = parse(flat_text(resolved, with_origins))
        assert not again.problems
        assert again.data == resolved.data


def test_the_flat_file_names_the_origin_of_each_line(folder: Path) -> None:
    lines = flat_text(resolve(folder / "child.yaml")).split("\n")
    origins = {line.split("  #")[0].strip(): line.rsplit("# ", 1)[1] for line in lines if line}
    assert origins["contract: child"] == "child.yaml:3"
    assert origins["title: Base"] == "base.yaml:4"
    assert origins["values:"] == "base.yaml:7"
    assert (
        origins["- {id: housing_fee, kind: fixed_fee, amount: 240.00}"]
        == "child.yaml:6, base.yaml:10, base.yaml:11"
    )
