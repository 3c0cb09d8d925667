"""Results folders that reports are written from, each lived once for all tests, whichever process asks first.

Nobody changes them where they stand: who needs another one copies it.
"""

import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path

from legalaid_sim.experiments.compare.comparing import compare
from legalaid_sim.experiments.compare.question import ComparisonOptions
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.run.running import run
from legalaid_sim.reports.html import write_report

try:
    import fcntl
except ImportError:  # Windows has none
    fcntl = None  # type: ignore[assignment]

SCENARIO = """\
kind: scenario
schema_version: 1
about:
  title: A small agency
  question: Does everything hold together from end to end?
  purpose: A folder to write reports from.
  validation: {face: two advisers read the story of a client and knew it}
period: {starts: 2011-04-01, months: 6, lead_in_months: 1, run_out_months: 2}
seed: 5
respond: effort
replications: {at_least: 4, at_most: 4}
clients:
  arrivals: {per_week: 6}
  problems: {debt: {fee_code: DEBT, follow_ons: {housing: 0.3}}, housing: {fee_code: HOUS}}
advisers: [{number: 2}]
contracts: [standard-civil-contract-2010, relational-pilot]
"""
# Everything that a figure or a measure speaks of happens here, in a few worlds of some hundred clients.
RICH = """\
kind: scenario
schema_version: 1
about: {title: Two agencies, question: What do people read?, purpose: Whatever is drawn is asked again in SQL.}
period: {starts: 2011-04-01, months: 6, lead_in_months: 2, run_out_months: 2}
seed: 11
respond: all
clients:
  arrivals: {per_week: 7}
  problems: {debt: {fee_code: DEBT, follow_ons: {housing: 0.3}}, housing: {fee_code: HOUS}}
  channels: {face_to_face: 0.7, telephone: 0.3}
agencies:
  - organisation: {name: north, opening_reserves: 500, may_shrink: true, admin_staff_hours_per_week: 4,
      companions_offered: 0.5,
      allocation: {own_adviser_patience_days: 1, waiting_list_limit: 25}}
    advisers: [{role: caseworker, number: 3}, {role: volunteer, number: 2, hours_per_week: 14}]
  - organisation: {name: south, opening_reserves: 40000, door: referral, channel: telephone,
      allocation: {own_adviser_patience_days: 0}}
    advisers: [{role: caseworker, number: 2}]
contracts: [standard-civil-contract-2010, relational-pilot]
assumptions: {adviser.leaving_per_month: 0.04}
"""
EIGHT = (
    "standard-civil-contract-2010", "relational-pilot", "unified-contract-2007", "ontario-clinic", "netherlands-points",
    "australian-centre-grant", "outcome-payments", "core-and-case",
)  # fmt: skip
HOSTILE = "</script><img src=x onerror=alert(1)>"
HOSTILE_NAMES = (
    HOSTILE,
    "=HYPERLINK(\"http://x.invalid\",'y')",
    "\"'><svg onload=alert(2)>",
    "\u202egnirts\u202c",
    "n" * 10_000,
)


def scenario(folder: Path, text: str = SCENARIO) -> Path:
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def asked(name: str) -> Path:
    """A place for the scenario that one folder is made of."""
    place = home() / f"{name}-asked"
    place.mkdir(exist_ok=True)
    return place


@cache
def home() -> Path:
    """A place of this session: the same for all its processes where they can wait for each other."""
    session = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if session is None or fcntl is None:
        return Path(tempfile.mkdtemp(prefix="reports-"))
    place = Path(tempfile.gettempdir()) / f"reports-{session}"
    place.mkdir(exist_ok=True)
    return place


def lived_once(make: Callable[[], Path]) -> Callable[[], Path]:
    """Make a folder if no process of this session has; others wait until it is whole."""

    @cache
    @wraps(make)
    def made() -> Path:
        whole = home() / f"{make.__name__}.whole"
        with whole.with_suffix(".lock").open("w") as lock:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                whole.write_text(str(make()), encoding="utf-8")
        return Path(whole.read_text(encoding="utf-8"))

    return made


@lived_once
def run_folder() -> Path:
    options = RunOptions(workers=1, out=home() / "run")
    return run(prepare(scenario(asked("run")), options), finish=write_report).folder


@lived_once
def compare_folder() -> Path:
    options = RunOptions(workers=1, out=home() / "compare", replications=3)
    return compare(prepare(scenario(asked("compare")), options), finish=write_report).folder


@lived_once
def eight_folder() -> Path:
    """A comparison of as many contracts as are to be read beside each other, of few people and short."""
    text = SCENARIO.replace("respond: effort", "respond: none").replace("months: 6,", "months: 3,")
    text = re.sub(r"(?m)^contracts: .*", f"contracts: [{', '.join(EIGHT)}]", text).replace(
        "per_week: 6", "per_week: 3"
    )
    options = RunOptions(workers=1, out=home() / "eight-compared", replications=12, ignorance=True)
    question = ComparisonOptions(equal_money=False, best=("admin.share", 0.01))
    return compare(prepare(scenario(asked("eight"), text), options), question, finish=write_report).folder


@lived_once
def rich_folder() -> Path:
    """A run of three worlds that kept every log, with its report."""
    options = RunOptions(workers=1, out=home() / "rich-run", replications=3, keep="all")
    return run(prepare(scenario(asked("rich"), RICH), options), finish=write_report).folder


@lived_once
def hostile_folder() -> Path:
    """A folder in which every text that an outsider can choose is out to break the page."""
    place = home() / "hostile"
    shutil.copytree(run_folder(), place)
    _spoil_manifest(place / "manifest.json")
    _spoil_database(place / "run.sqlite")
    write_report(place)
    return place


def _spoil_manifest(path: Path) -> None:
    import json

    told = json.loads(path.read_text(encoding="utf-8"))
    mechanical = {name: name.removesuffix(" (mechanical)") for name in told["regimes"]}
    plain = list(dict.fromkeys(mechanical.values()))
    called = dict(zip(plain, HOSTILE_NAMES))
    told["regimes"] = {
        called[mechanical[name]] + name.removeprefix(mechanical[name]): body
        for name, body in told["regimes"].items()
    }
    about = told["scenario"]["resolved"]["about"]
    about["title"], about["question"] = HOSTILE_NAMES[2], HOSTILE_NAMES[4]
    about["purpose"] = about["reading"] = about["limitations"] = HOSTILE
    told["digests"]["contracts"] = {HOSTILE: [HOSTILE]}
    told["made"]["command_line"] = ["legalaid-sim", "run", HOSTILE]
    for regime in told["regimes"].values():
        regime["contracts"][0]["resolved"]["title"] = HOSTILE_NAMES[1]
    path.write_text(json.dumps(told), encoding="utf-8")


def _spoil_database(path: Path) -> None:
    database = sqlite3.connect(path)
    names = [row[0] for row in database.execute("SELECT DISTINCT regime FROM runs ORDER BY run")]
    plain = list(dict.fromkeys(name.removesuffix(" (mechanical)") for name in names))
    for name, bad in zip(plain, HOSTILE_NAMES):
        database.execute("UPDATE runs SET regime = replace(regime, ?, ?)", (name, bad))
    for table, column, bad in (
        ("duty_fell", "clause", HOSTILE_NAMES[2]),
        ("asked", "category", HOSTILE),
        ("contact", "adviser", HOSTILE_NAMES[3]),
        ("asked", "organisation", HOSTILE_NAMES[4]),
        ("entitled", "block", HOSTILE_NAMES[1]),
    ):
        database.execute(f"UPDATE {table} SET {column} = ?", (bad,))
    database.commit()
    database.close()
