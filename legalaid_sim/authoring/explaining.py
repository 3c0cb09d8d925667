"""Explain a word of the language: a code of check, a key of a file, the facts, a word of the glossary."""

import textwrap
from collections.abc import Iterator
from typing import Any

from legalaid_sim.authoring.explaining_keys import TOPICS, explain_path, explain_topic, kinds_at
from legalaid_sim.authoring.filling import filled
from legalaid_sim.diagnostics import nearest
from legalaid_sim.diagnostics.codes import Code, codes, find_code
from legalaid_sim.diagnostics.shape import shape_at
from legalaid_sim.glossary import GLOSSARY, term_of

MOST_CALLED = 3
INDEX = ("topics", "index", "kinds", "blocks", "words")
SORTS = {
    "fact": "Facts that conditions (applies_to, not_if, when) may ask about",
    "event": "Events: what duties fall on and payments are earned by",
    "minutes": "Headings of time: work.minutes.<heading>, work.hours.<heading>",
    "costs": "Headings of costs: costs.<heading>",
    "count": "Counts: event.<kind>, items, bolt_ons",
    "stage": "Stages: staged_fee.stages",
    "call": "Calls: triage",
    "month": "Sums of a month",
    "measure": "Measures of targets: kpi.measure",
}


def explain_word(word: str) -> str | None:
    """Explain a code, ``facts``, a measure, a path such as ``payments.fixed_fee.escape``, a term; else None."""
    if word == "facts":
        return "\n".join(_facts()) + "\n"
    if word in INDEX:
        return "\n".join(_topics()) + "\n"
    measure = _measure(word)
    if measure:
        return measure
    code = find_code(word)
    if code:
        return explain_code(code)
    if word in TOPICS:
        return explain_topic(word)
    return explain_path(word) or _term(word) or "\n".join(map(_measure, measures_called(word))) or None


def _term(word: str) -> str:
    """Explain a word of the glossary; empty for other words, and where a measure has the name."""
    from legalaid_sim.measures import REGISTRY

    term = term_of(word)
    if term is None or any(name.partition(".")[2] == term.word.lower() for name in REGISTRY):
        return ""
    field = f" In the field: {term.field}." if term.field else ""
    return f"{term.word}\n{filled(term.meaning + field)}\n"


def measures_called(word: str) -> list[str]:
    """Name the measures that a reader may mean: by the last part of the name, else by words of the label.

    >>> measures_called("coc"), measures_called("Same adviser")
    (['continuity.coc'], ['continuity.coc', 'continuity.second_need_same_adviser'])
    """
    from legalaid_sim.measures import REGISTRY

    asked = word.lower().replace("_", " ").split()
    by_name = [name for name in REGISTRY if name.partition(".")[2].replace("_", " ").split() == asked]
    if by_name or not asked:
        return by_name
    called = {name: f"{known.label} {known.also}".lower() for name, known in REGISTRY.items()}
    return [name for name, words in called.items() if all(part in words for part in asked)][:MOST_CALLED]


def _topics() -> Iterator[str]:
    """List all that can be explained: parts of a contract with their kinds of block, of a scenario, and the rest."""
    from legalaid_sim.contracts.language.load import library_names
    from legalaid_sim.contracts.schema import Contract
    from legalaid_sim.measures import REGISTRY
    from legalaid_sim.scenario import Scenario

    for model, name in ((Contract, "contract"), (Scenario, "scenario")):
        yield f"Keys of a {name}: explain KEY, or KEY.KEY as deep as it goes"
        for key in model.model_fields:
            shape = shape_at(model, (key,))
            kinds = kinds_at(shape) if shape is not None and key != name else ()
            yield filled(f"{key}: {', '.join(f'{key}.{kind}' for kind in kinds)}" if kinds else key)
        yield ""
    yield from ("How to write: explain TOPIC, of", filled(", ".join(TOPICS)), "")
    yield from (
        "Worked examples: explain examples, examples.given, examples.when, examples.then, examples.table",
        "",
    )
    yield from ("What conditions may ask about, and comparisons: explain facts", "")
    yield from ("Codes of check: explain CODE, of", filled(", ".join(codes())), "")
    yield from (
        "Words of reports: explain WORD, of",
        filled(", ".join(term.word.replace(" ", "_") for term in GLOSSARY)),
        "",
    )
    yield from ("Measures: explain NAME, of", filled(", ".join(REGISTRY)), "")
    yield from ("Contracts of the library, in English: explain NAME, of", filled(", ".join(library_names())))


def _measure(name: str) -> str:
    """Explain a measure: what it means, how it is worked out, over whom; empty for other words."""
    from legalaid_sim.measures import REGISTRY

    known = REGISTRY.get(name)
    if known is None:
        return ""
    told = (
        ("formula", known.formula), ("unit", known.unit), ("over", known.population), ("better", known.better),
        ("undefined", known.undefined), ("source", known.source), ("matters", _matters(name)),
    )  # fmt: skip
    lines = [f"  {word:<10}{text}" for word, text in told if text]
    return "\n".join([name, filled(known.meaning), "", *lines]) + "\n"


def _matters(name: str) -> str:
    """The smallest difference that matters by default; empty where any does."""
    from legalaid_sim.measures.matters import least_of

    least = least_of(name)
    shown = f"{100 * least.size:g} % of the baseline's value" if least.of_baseline else f"{least.size:g}"
    return (
        f"from a difference of {shown} on (assumed); answer_with in the scenario says otherwise"
        if least.size
        else ""
    )


def explain_code(code: Code) -> str:
    """Explain a code of check: what it means, an example, and the same example mended."""
    parts = [f"{code.code} {code.name} ({code.severity})", filled(code.meaning)]
    if code.bad:
        parts += ["", "  for example", textwrap.indent(code.bad, "    ")]
    parts += ["", "  mended", textwrap.indent(code.mended, "    ")]
    if code.severity != "error":
        parts += ["", f"  to accept it, with a reason: # allow {code.code}: why it is right"]
    return "\n".join(parts) + "\n"


def nearest_word(word: str) -> str:
    """Find the word that can be explained and looks most like this one."""
    from legalaid_sim.contracts.language.load import library_names
    from legalaid_sim.contracts.schema import Contract
    from legalaid_sim.measures import REGISTRY
    from legalaid_sim.scenario import Scenario

    fields = (*Contract.model_fields, *Scenario.model_fields)
    known = [
        *codes(),
        *INDEX,
        "facts",
        *library_names(),
        *fields,
        *REGISTRY,
        *(term.word for term in GLOSSARY),
    ]
    head, _, rest = word.partition(".")
    if rest and head in Contract.model_fields:
        return _nearest_below(Contract, word)
    return nearest(word, known)


def _nearest_below(model: Any, word: str) -> str:
    """Correct the first part of a path at which it leaves the language."""
    good: list[str] = []
    for part in word.split("."):
        here = shape_at(model, good)
        if here is None:
            return ""
        if shape_at(model, [*good, part]) is None:
            close = nearest(part, [*here.keys, *kinds_at(here)])
            return ".".join([*good, close]) if close else ".".join(good)
        good.append(part)
    return word


def _facts() -> Iterator[str]:
    """Give the vocabulary: what each word means, what a scenario must have for it, what is only told."""
    from legalaid_sim.contracts.vocabulary.words import WORDS

    for sort, heading in SORTS.items():
        yield heading
        entries = [word for word in WORDS if word.sort == sort]
        names = {word: _as_asked(word.sort, word.name) for word in entries}
        width = max(map(len, names.values()))
        for word, name in names.items():
            told = f"{word.meaning}; needs {word.needs}" if word.needs and word.raised else word.meaning
            told = told if word.raised else f"{told}; told only: {word.needs}"
            yield filled(f"{name:<{width}}  {told}", " " * (width + 4))
        yield ""
    yield "Told only: worked examples may state it, and no run raises it."
    yield "Comparisons: over, at_least, under, at_most, between [both ends included], is, one_of;"
    yield "a plain value means is, a list means one_of."


def _as_asked(sort: str, name: str) -> str:
    """Give a fact as conditions ask for it; other words as they are."""
    return f"matter.{name}" if sort == "fact" and "." not in name else name
