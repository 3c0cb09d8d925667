"""The page of licences: what is installed to run, from the locked requirements, and whose figures stand where."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKED = ROOT / "requirements/run.txt"
PAGE = ROOT / "docs/reference/licences.md"
LONGEST = 60
# How the Crown's own texts are named in the sources of figures.
CROWN = re.compile(
    r"\bSI \d{4}/\d+|\blaa-|ministryofjustice|bulk-submission-and-fee-scheme|Legal Services Commission|Legal Aid Agency"
    r"|Ministry of Justice|Department for|National Audit Office|Office for National Statistics|reference page"
)
ABOUT = """\
# Licences

`legalaid-sim` is under the MIT licence (the file LICENSE). Reports and results that you make with it are yours.

## What is installed with it

The locked requirements of a run, with the licence that each package states. They are installed beside it and are not
part of it, but for htmx (Zero-Clause BSD), which the studio's pages bring. What the tests and the extras install
beyond that is named in `requirements/test.txt`.

| package | version | licence |
| --- | --- | --- |
"""
OPEN = """
## Figures of the Crown

Fees, rates and statistics of public bodies of the United Kingdom are Crown copyright, used under the
[Open Government Licence v3.0](https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/):

> Contains public sector information licensed under the Open Government Licence v3.0.

They stand, each with its source, in the files below. The contracts of this library are readings of public texts, made
for simulation; they are not the texts, and no public body has endorsed them.

"""


def licences_page(made: str) -> str:
    """Give the page; ``made`` is its first line."""
    rows = "\n".join(
        f"| {name} | {', '.join(versions)} | {licence_of(name)} |" for name, versions in pinned()
    )
    files = "\n".join(f"- `{path}`" for path in of_the_crown())
    return f"{made}\n{ABOUT}{rows}\n{OPEN}{files}\n"


def pinned() -> list[tuple[str, list[str]]]:
    """Give every package of the locked requirements with its versions; more than one where Pythons differ."""
    found: dict[str, list[str]] = {}
    for line in LOCKED.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([a-z0-9-]+)==(\S+)", line):
            found.setdefault(match[1], []).append(match[2])
    return list(found.items())


def licence_of(package: str) -> str:
    """Give the licence that a package states of itself, as short as it does: an expression, a field or classifiers."""
    try:
        told = metadata(package)
    except PackageNotFoundError:
        return _stated_before(package)
    classes = [each for each in told.get_all("Classifier") or [] if each.startswith("License ::")]
    stated = told.get("License-Expression") or " or ".join(
        each.rpartition("::")[2].strip() for each in classes
    )
    short = stated or (told.get("License") or "").strip()
    return short if 0 < len(short) <= LONGEST and "\n" not in short else "see its own files"


def _stated_before(package: str) -> str:
    """Give what the page says already of a package that is not installed, as those of an extra need not be."""
    rows = re.findall(rf"^\| {re.escape(package)} \| \S+ \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    if not rows:
        raise PackageNotFoundError(package)
    return str(rows[0])


def of_the_crown() -> Iterator[str]:
    """Name the files of the package that name a text of the Crown as the source of a figure."""
    for folder in ("contracts/library", "evidence"):
        for path in sorted((ROOT / "legalaid_sim" / folder).iterdir()):
            if path.suffix in (".yaml", ".csv") and CROWN.search(path.read_text(encoding="utf-8")):
                yield path.relative_to(ROOT).as_posix()
