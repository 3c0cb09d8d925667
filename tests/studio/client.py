"""A folder with one contract, and a browser that was given the address."""

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

import pytest

# What the extra brings may be absent; where all of it must be tried it is missed.
if find_spec("starlette") is None and os.environ.get("CI") != "true":
    pytest.skip("the extra studio is not installed", allow_module_level=True)

from starlette.testclient import TestClient

from legalaid_sim.studio.app import application

PORT = 4321
HERE = f"http://127.0.0.1:{PORT}"
CONTRACT = """\
# How we pay: £ and é before the numbers.
kind: contract
schema_version: 1
contract: paid   # kept
title: A fee for each matter
term: {starts: 2026-04-01, months: 36}
categories: [housing, debt]

examples:
  - name: One good end
    given: {matters: [{ref: A, category: housing, opened: 2026-04-07}]}
    when: [{on: 2026-05-12, matter_closed: {ref: A}}]
    then: {earned: {A: 200.00}}
    source: {title: on paper, status: derived}

payments:
  - id: fee
    kind: fixed_fee
    title: A fee for each matter
    amount: 200.00   # since 2007
    source: {title: the paragraph, status: fictional}
  - id: court
    kind: fixed_fee
    title: Paid for a day in court
    applies_to: {matter.service: in_court}
    exception_to: fee
    amount: 90.00
    source: {title: the paragraph, status: fictional}

duties:
  - id: form
    kind: duty
    title: A form for each matter
    falls_on: matter_opened
    minutes: {adviser: 10, admin: 5}
    source: {title: the paragraph, status: fictional}

cash:
  - id: monthly
    kind: variable_monthly
    title: Each month is paid in the next
    source: {title: the paragraph, status: fictional}
"""
FEE = "payments.0.amount"


class Visitor:
    """A browser without a screen, that was let in, and the folder behind it."""

    def __init__(self, root: Path, worker_seconds: float = 60.0) -> None:
        self.root = root
        self.guard, self.studio = application(root, PORT, worker_seconds)
        self.worker = self.studio.desk.worker
        self.client = TestClient(self.guard, base_url=HERE, follow_redirects=False)
        self.entered = self.client.get(self.guard.address)

    def get(self, path: str, **headers: str):
        return self.client.get(path, headers=headers)

    def post(self, path: str, form: dict[str, str], **headers: str):
        told = {"Origin": HERE, "Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.client.post(path, content=urlencode(form), headers=told)

    def do(self, what: str, form: dict[str, str], name: str = "paid.yaml", source: str = "x"):
        """Ask as the script of the page does, for the parts that change."""
        return self.post(f"/c/{name}", {**form, "do": what}, **{"HX-Request": "true", "HX-Trigger": source})

    def file(self, name: str = "paid.yaml") -> Path:
        return self.root / name


def folder(place: Path) -> Path:
    """Make a folder with a contract."""
    place.mkdir(exist_ok=True)
    (place / "paid.yaml").write_bytes(CONTRACT.encode())
    return place


__all__ = ["CONTRACT", "FEE", "HERE", "PORT", "TestClient", "Visitor", "folder"]
