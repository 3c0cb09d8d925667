"""What is typed into a contract and sets what was asked: known without living anything more."""

from collections.abc import Iterator, Mapping
from typing import Any

from legalaid_sim.experiments.attribution.clauses import BLOCKS
from legalaid_sim.experiments.attribution.typed import SETS
from legalaid_sim.reports.finding import plain
from legalaid_sim.reports.material import Material


def typed_in(material: Material, contract: str, measure: str) -> str:
    """Say which clause that one contract has and the baseline has not, or the other way, sets a measure directly.

    Empty where none does. Whether it makes all of the difference is for ``why`` to say.
    """
    ours, theirs = (dict(_setting(material, name, measure)) for name in (contract, material.baseline))
    for name, held, others in ((contract, ours, theirs), (material.baseline, theirs, ours)):
        alone = [block for block, body in held.items() if others.get(block) != body]
        if alone:
            more = f" and {len(alone) - 1} more" if len(alone) > 1 else ""
            clause, sets = plain(alone[0]).replace("_", " "), "set" if more else "sets"
            return f"Typed in: “{clause}”{more} of {material.called[name]} {sets} this directly."
    return ""


def _setting(material: Material, regime: str, measure: str) -> Iterator[tuple[str, Any]]:
    """Give the blocks of a regime's own contracts, and the rules of its practice, that set a measure."""
    held = material.manifest["regimes"][regime]
    phases = held.get("phases")
    own = phases[held["itself"]]["contracts"] if phases else [each["name"] for each in held["contracts"]]
    for each in held["contracts"]:
        resolved: Mapping[str, Any] = each["resolved"] if each["name"] in own else {}
        for block in (block for room in BLOCKS for block in resolved.get(room) or ()):
            if measure in SETS.get(str(block.get("kind")), ()):
                yield str(block.get("id")), {k: v for k, v in block.items() if k not in ("title", "source")}
    for key, value in (held.get("practice") or {}).items():
        if measure in SETS.get(f"practice.{key}", ()):
            yield key, value
