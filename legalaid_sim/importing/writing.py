"""Cases as files: claims that ``price`` takes and cases for a fit, with pseudonyms and moved days, both or none."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from legalaid_sim.contracts.claimsfile.priced import in_pounds
from legalaid_sim.contracts.vocabulary.columns import COSTS
from legalaid_sim.errors import ResultsError
from legalaid_sim.files import reason_of
from legalaid_sim.importing.hiding import SecretKey
from legalaid_sim.importing.reading import ImportedCase
from legalaid_sim.results.folder import checked_place, refuse_results, written_whole

CLAIMS, CASES = "claims.csv", "cases.csv"
CASE_COLUMNS = (
    "matter", "client", "adviser", "category", "fee_code", "asked", "opened", "closed", "contacts",
    "contact_minutes", "casework_minutes", "minutes", "outcome",
)  # fmt: skip


def moved_by(
    cases: Iterable[ImportedCase], key: SecretKey, most: int, edges: Sequence[date]
) -> dict[str, timedelta]:
    """Give for each client (for a case without one, for its matter) by how much its days are moved."""
    days: dict[str, list[date]] = {}
    for case in cases:
        days.setdefault(case.client or case.matter, []).extend(case.days)
    return {client: key.days_moved(client, found, most, edges) for client, found in days.items()}


def claim_rows(cases: Sequence[ImportedCase], moves: dict[str, timedelta]) -> Iterator[list[str]]:
    """Give the claims file: heads, then a claim for each case that has a fee code or a category."""
    columns = sorted({column for case in cases for column in case.claim})
    yield ["claim_id", "fee_code", "category", *columns]
    for case in cases:
        if case.fee_code or case.category:
            move = moves[case.client or case.matter]
            cells = (_cell(column, case.claim.get(column), move) for column in columns)
            yield [case.matter, case.fee_code, case.category, *cells]


def case_rows(cases: Sequence[ImportedCase], moves: dict[str, timedelta]) -> Iterator[list[str]]:
    """Give the file of cases: heads, then a row a case; what is not known is empty."""
    yield list(CASE_COLUMNS)
    for case in cases:
        move = moves[case.client or case.matter]
        days = (_cell("in_start_date", day, move) for day in (case.asked, case.opened, case.closed))
        numbers = (case.contacts, case.contact_minutes, case.casework_minutes, case.minutes)
        told = ("" if number is None else str(number) for number in numbers)
        yield [
            case.matter,
            case.client,
            case.adviser,
            case.category,
            case.fee_code,
            *days,
            *told,
            case.outcome,
        ]


def _cell(column: str, value: Any, move: timedelta) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return (value + move).isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return in_pounds(value) if column in COSTS else str(value)


def checked_folder(path: Path) -> Path:
    """Give a folder to write into; raises ``ResultsError`` where something is there, or inside a results folder."""
    refuse_results(path)
    return checked_place(path)


def write_folder(place: Path, cases: Sequence[ImportedCase], moves: dict[str, timedelta]) -> None:
    """Write both files into a folder that appears when both are whole.

    Raises:
        ResultsError: it cannot be written.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(str(place), f"cannot be made: {reason_of(error)}") from None
    with written_whole(place) as folder:
        if os.name != "nt":
            folder.chmod(0o700)
        for name, rows in ((CLAIMS, claim_rows(cases, moves)), (CASES, case_rows(cases, moves))):
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
