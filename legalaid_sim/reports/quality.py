"""The quality log after the Aqua Book: roles, verification, validation, uncertainty, assumptions."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from legalaid_sim.events import KINDS, Log, Window
from legalaid_sim.reports.figure import FigureTable
from legalaid_sim.reports.finding import plain
from legalaid_sim.reports.material import FIRST, Material
from legalaid_sim.reports.stress import StressItem, made, told
from legalaid_sim.results.tables import table_of
from legalaid_sim.units import add_up, counted

SOURCE = "HM Government, The Aqua Book"
VALIDATION = Path(__file__).parent / "validation.json"
ROLES = ("commissioner", "analyst", "assurer", "approver")
TESTS = ("face", "cross", "external", "predictive")
RAG = {"green": "● green", "amber": "◐ amber", "red": "○ red"}


def log_of(material: Material) -> list[StressItem]:
    """Give the quality log, item by item."""
    about = material.scenario.about
    return [
        *(
            told("role", name, about.roles.get(name, ""), f"about.roles.{name} in the scenario")
            for name in ROLES
        ),
        made("verification", "equalities that must hold exactly", _held(material)),
        made("verification", "answers that are known", _known()),
        *(
            told(
                "validation",
                f"{name} validity",
                about.validation.get(name, ""),
                f"about.validation.{name} in the scenario",
            )
            for name in TESTS
        ),
        made("uncertainty", "chance", f"{counted(material.worlds, 'world')}; 95 % intervals throughout"),
        _sensitivity(material),
        told("use", "limitations", about.limitations, "about.limitations in the scenario"),
        told("use", "stakeholders", about.stakeholders, "about.stakeholders in the scenario"),
        told("use", "funding", about.funding, "about.funding in the scenario"),
    ]


def _held(material: Material) -> str:
    runs = material.worlds * len(material.run.regimes)
    return (
        f"{len(invariants())} equalities held to the last minute and penny in each of {counted(runs, 'run')} "
        "(residual 0); a run in which one does not hold ends with an error and writes nothing."
    )


def _known() -> str:
    return f"{checks_in_words()} of `validate`, in the table below."


def checks_in_words() -> str:
    """Say how many of the checks against known answers hold."""
    checks = validation()["checks"]
    return f"{add_up(check['holds'] for check in checks)} of {len(checks)} checks hold"


def _sensitivity(material: Material) -> StressItem:
    found = material.beside("sensitivity.json")
    return told(
        "uncertainty",
        "assumptions",
        "a sensitivity analysis stands beside this run" if found else "",
        "legalaid-sim sensitivity, its JSON as sensitivity.json in this folder",
    )


def invariants() -> list[str]:
    """Name every equality that each run is held to."""
    from legalaid_sim.invariants import check

    return [residual.name for residual in check(Log(Window(0, 0, 0)))]


@cache
def validation() -> Mapping[str, Any]:
    """Give what `validate` found when this version was made, as the package keeps it."""
    return dict(json.loads(VALIDATION.read_text(encoding="utf-8")))


def validation_table() -> FigureTable:
    """Lay out what `validate` found."""
    rows = [
        [
            f"{check['name']}: {check['what']}",
            _number(check["expected"]),
            _number(check["simulated"]),
            _z(check),
            "holds" if check["holds"] else "does not hold",
        ]
        for check in validation()["checks"]
    ]
    head = ["check", "expected", "simulated", "standard errors apart", "verdict"]
    return FigureTable(
        f"Checks against known answers, made once for version {validation()['version']}", head, rows
    )


def _z(check: Mapping[str, Any]) -> str:
    return "exact" if check["z"] is None else f"{check['z']:+.2f}".replace("-", "−")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"


def assumptions(material: Material) -> FigureTable:
    """Lay out the register of assumptions as the run used it."""
    from legalaid_sim.evidence import register

    used = material.manifest["evidence"]
    overridden = material.scenario.assumptions
    rows = [
        [
            path, known.title, _amount(used.get(path, {})), known.unit,
            f"{known.range[0]:g} to {known.range[1]:g}",
            known.source, known.confidence, RAG[known.rating],
            "by the scenario" if path in overridden else "",
        ]
        for path, known in register().items()
    ]  # fmt: skip
    head = [
        "parameter",
        "what it is",
        "value used",
        "unit",
        "range",
        "source",
        "confidence",
        "rating",
        "changed",
    ]
    return FigureTable("Register of assumptions, as this run used it", head, rows)


def _amount(used: Mapping[str, Any]) -> str:
    if set(used) == {"fixed"}:
        return f"{used['fixed']:g}"
    return "; ".join(f"{kind} {_inner(value)}" for kind, value in used.items())


def _inner(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_inner(inner)}" for name, inner in value.items())
    return f"{value:g}" if isinstance(value, int | float) else str(value)


STATUSES = ("enacted", "published", "derived", "assumed", "fictional")


def sources(material: Material) -> FigureTable:
    """Count, for each contract, the sources of its numbers by status."""
    found = {
        contract["name"]: Counter(_statuses(contract["resolved"]))
        for regime in material.manifest["regimes"].values()
        for contract in regime["contracts"]
    }
    rows = [[plain(name), *(str(count[status]) for status in STATUSES)] for name, count in found.items()]
    return FigureTable(
        "Where the numbers of each contract come from: sources by status", ["contract", *STATUSES], rows
    )


def _statuses(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        if isinstance(data.get("status"), str):
            yield data["status"]
        for value in data.values():
            yield from _statuses(value)
    elif isinstance(data, list):
        for value in data:
            yield from _statuses(value)


def happenings(material: Material) -> FigureTable | None:
    """Count what happened in the first world, kind by kind: the model's events as observed."""
    if not material.logged:
        return None
    counts = {name: _counted(material, name) for name in material.ordered}
    rows = [
        [
            f"{table_of(kind).replace('_', ' ')}: {_first_sentence(kind)}",
            *(f"{counts[name][table_of(kind)]:,}" for name in material.ordered),
        ]
        for kind in KINDS
    ]
    return FigureTable(
        "What can happen, and how often it did in the first world",
        ["event", *map(plain, material.ordered)],
        rows,
    )


def _first_sentence(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split()).replace("``", "")


def _counted(material: Material, regime: str) -> Mapping[str, int]:
    found = next(
        material.run.reader.rows("SELECT run FROM runs WHERE regime = ? AND replication = ?", (regime, FIRST))
    )
    parts = " UNION ALL ".join(
        f"SELECT '{table_of(k)}', count(*) FROM {table_of(k)} WHERE run = :run" for k in KINDS
    )
    return dict(material.run.reader.rows(parts.replace(":run", str(int(found[0])))))
