"""Files in the payer's layouts, made from the published claims, with people in them who must not come out."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from legalaid_sim.cli.import_command import command
from legalaid_sim.contracts.language.load import LIBRARY
from legalaid_sim.importing.fields import BULK, EXPORT, FIELDS

PEOPLE = {
    "CLIENT_FORENAME": "Zebulon", "CLIENT_SURNAME": "Quexleigh", "CLIENT_DATE_OF_BIRTH": "14/1/1986",
    "GENDER": "QG", "ETHNICITY": "QE", "CLIENT_POST_CODE": "QX7 7JQ", "CASE_REF_NUMBER": "QUEX/IMM/9367",
}  # fmt: skip
HEADS = {
    "claim_id": "Unique File Number", "client_id": "Unique Client Number", "office": "Office Account Number",
    "detention_travel_waiting": "Detention Travel & Waiting Costs",
}  # fmt: skip


def published() -> list[dict[str, str]]:
    """The published claims, and those on both sides of every day on which a fee changes."""
    return [*rows_of(LIBRARY / "civil-scheme-claims.csv"), *rows_of(LIBRARY / "civil-scheme-boundaries.csv")]


def day(text: str) -> str:
    """A day as the payer's systems write it, without noughts in front."""
    year, month, of_month = text.split("-")
    return f"{int(of_month)}/{int(month)}/{year}"


def value(name: str, row: Mapping[str, str]) -> str:
    text = row.get(FIELDS[name].column or name, "")
    return day(text) if name.endswith("_date") and text else text


def ucn(number: int) -> str:
    return f"14011986/Z/QX{number:02d}"


def outcome(number: int, row: Mapping[str, str], **more: str) -> str:
    """A line of a bulk file; ``more`` replaces keys."""
    said = {key: value(name, row) for key, name in BULK.items()}
    said |= {"ufn": f"{number % 28 + 1:02d}0319/{number:03d}", "ucn": ucn(number // 3), "outcome_code": "IC"}
    pairs = PEOPLE | {key.upper(): text for key, text in said.items()} | more
    return "OUTCOME," + ",".join(f"{key}={text}" for key, text in pairs.items())


def bulk(rows: Iterable[str]) -> str:
    schedule = "submissionPeriod=APR-2020,areaOfLaw=LEGAL HELP,scheduleNum=1X522G/CIVIL"
    head = f"OFFICE,account=1X522G,,,,\nSCHEDULE,{schedule},,\n"
    return "\ufeff" + head + "\n".join(rows) + "\n"


def export(rows: Iterable[Mapping[str, str]]) -> str:
    """The export of claims, with people and with columns that nobody asked for."""
    heads = {plain: HEADS.get(name, plain.replace("_", " ").title()) for plain, name in EXPORT.items()}
    others = [
        "Client Forename",
        "Client Surname",
        "Client Date of Birth",
        "Client Postcode",
        "Fee Type",
    ]
    out = [",".join([*others, *heads.values()])]
    for number, row in enumerate(rows):
        said = {plain: value(name, row) for plain, name in EXPORT.items()}
        said |= {"unique_file_number": f"010319/{number:03d}", "unique_client_number": ucn(number // 3)}
        out.append(",".join(["Zebulon", "Quexleigh", "14/01/1986", "QX7 7JQ", "9", *said.values()]))
    return "\n".join(out) + "\n"


def typed(folder: Path, text: str | bytes, *more: object, name: str = "in.csv", out: str = "out") -> Result:
    """Import a text and give what was said; the key is always the same file."""
    path = folder / name
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    words = [str(path), "--out", str(folder / out), "--key", str(folder / "mine.key"), *map(str, more)]
    return CliRunner().invoke(command, words)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
