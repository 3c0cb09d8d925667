"""What is unknown, in a results folder: ``ignorance.json`` with what it makes of each difference, ``drawn.csv``."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from legalaid_sim.experiments.shared.doubt import Branch, Doubt, Turn

JSON_VERSION = 1
HEADER = ("replication", "unknown", "value")


def write_doubts(folder: Path, doubts: Sequence[Doubt], drawn: Sequence[Mapping[str, Any]]) -> None:
    """Write both files, nothing where nothing was drawn."""
    if not drawn or not drawn[0]:
        return
    data = {"schema_version": JSON_VERSION, "kind": "ignorance", "differences": doubts_as_data(doubts)}
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / "ignorance.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    with (folder / "drawn.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for world, values in enumerate(drawn, start=1):
            writer.writerows((world, name, value) for name, value in values.items())


def doubts_from(data: Mapping[str, Any]) -> tuple[Doubt, ...]:
    """Read doubts back from ``ignorance.json``; none from an empty object.

    What an earlier version wrote has no ``half``, which is then not known.
    """
    return tuple(
        Doubt(
            **{
                key: value
                for key, value in {"half": None, **each}.items()
                if key not in ("turns", "branches")
            },
            turns=tuple(Turn(**turn) for turn in each["turns"]),
            branches=tuple(
                Branch(**{**branch, "within": tuple(branch["within"]), "draws": tuple(branch["draws"])})
                for branch in each["branches"]
            ),
        )
        for each in data.get("differences", ())
    )


def doubts_as_data(doubts: Sequence[Doubt]) -> list[dict[str, Any]]:
    """Give doubts as plain data, as docs/json.md describes them."""
    return [
        {
            **each._asdict(),
            "turns": [dict(turn._asdict()) for turn in each.turns],
            "branches": [
                {**branch._asdict(), "within": list(branch.within), "draws": list(branch.draws)}
                for branch in each.branches
            ],
        }
        for each in doubts
    ]
