"""Every key of a contract is explained from its schema: what it means, what it takes, and a sample that reads."""

from typing import Any

import pytest

from legalaid_sim.authoring.checking import check_text
from legalaid_sim.authoring.explaining import explain_word
from legalaid_sim.authoring.explaining_keys import TOPICS, topics
from legalaid_sim.authoring.keys import meaning_of, owner_of, paths_of, takes
from legalaid_sim.authoring.samples import HEAD, IN_HEAD, sample_of
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.diagnostics import known_path, validate
from legalaid_sim.errors import ERROR
from legalaid_sim.yamlfile import parse

PATHS = list(paths_of(Contract))
ROOMS = sorted({path.split(".")[0] for path in PATHS})
LEFT_OUT = ("needed", "default ", "may be left out")


def whole(path: str) -> str:
    """The sample of a key, made a whole file."""
    room = path.split(".")[0]
    return "".join(line for line in HEAD.splitlines(True) if not line.startswith(f"{room}:")) + sample_of(
        path
    )


def holds(found: Any, steps: list[str]) -> bool:
    """Tell whether data has the path, wherever lists stand on the way; a kind is a block of that kind."""
    if not steps:
        return True
    if isinstance(found, list):
        return any(holds(one, steps) for one in found)
    if not isinstance(found, dict):
        return False
    if found.get("kind") == steps[0] and steps[0] not in found:
        return holds(found, steps[1:])
    if found.get("kind") == steps[0] and holds(found, steps[1:]):
        return True
    named = [found[steps[0]]] if steps[0] in found else [*found.values()] if steps[0] == "NAME" else []
    return any(holds(one, steps[1:]) for one in named)


def test_the_schema_is_walked() -> None:
    assert len(PATHS) > 1000
    assert {
        "payments.fixed_fee.escape.over",
        "examples.when.work_done",
        "payments.tiers.tiers.amount",
    } <= set(PATHS)


@pytest.mark.parametrize("room", ROOMS)
def test_every_key_is_explained(room: str) -> None:
    """Each key has a meaning of its own, what it takes, whether it may be left out, and a sample that holds it."""
    for path in (path for path in PATHS if path.split(".")[0] == room):
        owner = owner_of(Contract, path.split("."))
        assert owner is not None, path
        field = owner[0].model_fields[owner[1]]
        said, taken = meaning_of(*owner), takes(field.annotation, tuple(field.metadata))
        assert said, path
        assert taken, path
        shown = " ".join((explain_word(path) or "").split())
        assert " ".join(said.replace("``", "").split()) in shown, path
        assert taken in shown, path
        assert any(word in shown for word in LEFT_OUT), path
        document = parse(whole(path), "sample.yaml")
        assert validate(document, Contract)[1] == (), path
        assert holds(document.data, path.split(".")), path


def test_what_keys_mean_is_said_of_keys_that_there_are() -> None:
    from legalaid_sim.authoring import keys

    classes = {
        parent for path in PATHS for parent in (owner_of(Contract, path.split(".")) or (object,))[0].__mro__
    }
    known = {f"{one.__name__}.{name}" for one in classes for name in getattr(one, "__annotations__", {})}
    assert set(keys._meanings()) <= known
    assert IN_HEAD[0] in Contract.model_fields


@pytest.mark.parametrize("topic", TOPICS)
def test_the_sample_of_a_topic_is_checked(topic: str) -> None:
    assert set(topics()) == set(TOPICS)
    found = check_text(HEAD + topics()[topic]["sample"], "sample.yaml").problems
    assert [problem for problem in found if problem.severity == ERROR] == []
    assert topics()[topic]["sample"].splitlines()[0] in (explain_word(topic) or "")


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("tiers.tiers", "the tiers, from the lowest up"),
        ("staged_fee.stages", "the stages in order"),
        ("payments.tiers.tiers.over", "the matter after which the tier begins"),
        ("examples.A quarter.when.0.month_ended.minutes", "minutes given in the month"),
    ],
)
def test_paths_are_found_as_people_and_messages_write_them(word: str, means: str) -> None:
    assert means in (explain_word(word) or "")


BAD = (
    "payments:\n  - {id: fee, kind: fixed_fee, amount: 1.005, escape: {over: 471.00, measured_on: profit}}\n"
)


def test_what_a_message_points_to_can_be_explained() -> None:
    found = check_text(HEAD + BAD, "f.yaml").problems
    pointers = [
        part.removeprefix("explain ").split(" (")[0] for p in found if (part := p.help).startswith("explain ")
    ]
    assert pointers == ["payments.fixed_fee.amount"]
    assert all(explain_word(pointer) for pointer in pointers)
    assert known_path(
        {"examples": [{"name": "A", "when": [{"on": 1}]}]}, ("examples", 0, "when", 0, "on")
    ) == ("examples.when.on")


OLD = {
    "bands": "{id: b, kind: banded_fee, band_by: work.minutes, bands: [{up_to: 2, amount: 1}, {from: 3, amount: 2}]}",
    "tiers": "{id: t, kind: tiers, tiers: [{up_to: 2, amount: 3.00}, {over: 2, amount: 2.00}]}",
    "drivers": "{id: g, kind: graduated_fee, drivers: [{by: n, base: {from: 1, amount: 1}, then: {from: 2, each: 1}}]}",
}


@pytest.mark.parametrize("block", OLD.values(), ids=OLD)
def test_old_words_mean_what_new_ones_do(block: str) -> None:
    head = f"{HEAD}payments:\n  - "
    new = block.replace("up_to", "at_most").replace("from:", "at_least:")
    read = [validate(parse(head + text, "f.yaml"), Contract) for text in (block, new)]
    assert read[0] == read[1]
    assert read[0][1] == ()
    found = [problem.code for problem in check_text(head + block, "f.yaml").problems]
    assert found.count("CX506") == block.count("up_to") + block.count("from:")
    assert "CX506" not in [problem.code for problem in check_text(head + new, "f.yaml").problems]


def test_an_old_word_beside_its_new_one_is_refused() -> None:
    head = f"{HEAD}payments:\n  - "
    both = head + OLD["bands"].replace("up_to: 2", "up_to: 2, at_most: 5")
    found = check_text(both, "f.yaml").problems
    assert [(p.code, p.message.split(".")[0]) for p in found] == [("CS012", "'bands' has no 'up_to'")]


@pytest.mark.parametrize("word", ["at_most", "up_to"])
def test_a_change_finds_a_band_by_its_old_word_too(word: str) -> None:
    from legalaid_sim.contracts.language.changes import find_path
    from legalaid_sim.contracts.language.load import find_contract
    from legalaid_sim.yamlfile import load_document

    data = load_document(find_contract("civil-legal-advice-2018")).data
    block = next(block["id"] for block in data["payments"] if "bands" in block)
    assert find_path(data, f"payments.{block}.bands.0.{word}")[-1] == "at_most"
