"""Sampled files, a class by reduction, and recovery that may be extrapolated."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import fsum, sqrt
from typing import Any, Literal, NamedTuple

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import ACTED, ASKED, PAID, TOLD
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.controls.kind import UNHEARD, ControlKind
from legalaid_sim.contracts.kinds.kind import Prospects
from legalaid_sim.contracts.tools.amounts import WHOLE, Rounded, millionths_of
from legalaid_sim.contracts.tools.checking import both_hold, known_as, note, rising
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.wording import words
from legalaid_sim.contracts.vocabulary.conditions import compile_test
from legalaid_sim.contracts.vocabulary.values import Condition, Count, Share, Terms
from legalaid_sim.errors import DrawsExhausted, Problem
from legalaid_sim.units import add_up, months_between

NIL = Decimal(0)
ONE_SIDED_95 = 1.645
SMALLEST_SAMPLE = 30
GRAVE = 3


class AuditFrequency(Terms):
    """How often an audit is held, and what else brings one."""

    every_months: Count = Field(ge=1)
    or_if: dict[str, Literal["missed"]] = Field(default_factory=dict)


class Sample(Terms):
    """Which files are looked at."""

    files: Count = Field(ge=1)
    from_: Literal["claims_since_last_audit"] = Field(default="claims_since_last_audit", alias="from")
    chosen: Literal["random", "riskiest"] = "random"


class AuditBurden(Terms):
    """What an audit costs the provider."""

    provider_minutes_per_file: Count = 0


class AuditClass(Terms):
    """How a found reduction is treated."""

    reduction_percent: Condition
    class_: Count = Field(alias="class")
    recover: Literal["sample_only", "extrapolate", "nothing"]


class Extrapolation(Terms):
    """How the sample's reduction is carried to all claims."""

    population: Literal["claims_since_last_audit"] = "claims_since_last_audit"
    less_points_if_no_appeal: Share = NIL
    use: Literal["point_estimate", "lower_bound"] = "point_estimate"


class Appeal(Terms):
    """What contesting an audit costs and how often it works."""

    minutes_per_file: Count = 0
    within_days: Count = 28
    success_percent: Share = NIL


class Audit(Block):
    """Sampled files, a class by reduction, and recovery that may be extrapolated."""

    kind: Literal["audit"]
    held: AuditFrequency
    sample: Sample
    burden: AuditBurden = AuditBurden()
    error_percent: Share = Field(
        default=Decimal(10), description="chance that a sampled file is reduced; the payer's practice"
    )
    reduced_by_percent: Share = Field(default=Decimal(50), description="cut in a file that is reduced")
    classes: tuple[AuditClass, ...] = Field(min_length=1)
    extrapolation: Extrapolation = Extrapolation()
    appeal: Appeal | None = None
    recovered_from: Literal["next_payments"] = "next_payments"


class AuditFinding(NamedTuple):
    """What an audit found: the files, the reduction in percent, the class, what comes back."""

    files: int
    reduction_percent: float
    audit_class: int
    recovered: int
    appealed: bool


class AuditChances(NamedTuple):
    """What decides an audit: which files are taken, which of them are found wanting, how an appeal goes.

    Given as one row: two for each file, by turns, and the last for an appeal. Of a row that is drawn longer than its
    files need, the one before the last decides whether there is an appeal.
    """

    picks: tuple[float, ...]
    findings: tuple[float, ...]
    contested: float
    won: float

    @classmethod
    def of(cls, u: tuple[float, ...]) -> "AuditChances":
        """Name the parts of a row of chances."""
        *files, won = u
        return cls(tuple(files[::2]), tuple(files[1::2]), files[-1] if files else 1.0, won)


class AuditWatch:
    """One audit block: the claims since the last audit, and when the next is due."""

    def __init__(self, block: Audit, starts: date, rounded: Rounded) -> None:
        self.block, self.starts, self.rounded = block, starts, rounded
        self.claims: list[tuple[str, int]] = []
        self.missed_duties: set[str] = set()
        self.last = starts

    def claimed(self, ref: str, pence: int) -> None:
        """Note a claim."""
        self.claims.append((ref, pence))

    def amended(self, ref: str, pence: int) -> None:
        """Change what a claim came to, where it has not been looked at yet."""
        self.claims = [(one, was + pence if one == ref else was) for one, was in self.claims]

    def due(self, day: date, missed: Mapping[str, bool]) -> bool:
        """Tell whether an audit is due: its months have passed, or a target it follows is missed."""
        held = self.block.held
        return months_between(self.last.replace(day=1), day.replace(day=1)) + 1 >= held.every_months or any(
            missed.get(kpi, False) for kpi in held.or_if
        )

    def draws_needed(self) -> int:
        """Give how many chances an audit uses now: two a file and one for an appeal."""
        return 2 * min(self.block.sample.files, len(self.claims)) + 1

    def hold(self, u: tuple[float, ...], on: date, appeals: bool = False) -> AuditFinding:
        """Sample files and find what comes back, by given chances: two a file, one for an appeal."""
        if len(u) < self.draws_needed():
            raise DrawsExhausted("audit", self.block.id, self.draws_needed(), len(u))
        chances = AuditChances.of(u)
        files = self._sample(chances.picks)
        found = [self._reduction(*file, chance) for file, chance in zip(files, chances.findings)]
        paid, off = add_up(pence for _, pence in files), add_up(found)
        percent = 100 * off / paid if paid else 0.0
        chosen = next(
            (one for one in self.block.classes if compile_test(one.reduction_percent)[0](percent)), None
        )
        won = (
            appeals
            and self.block.appeal is not None
            and chances.won * 100 < float(self.block.appeal.success_percent)
        )
        back = 0 if chosen is None or won else self._recovery(chosen, files, found, appeals)
        self.claims, self.last = [], on
        return AuditFinding(len(files), percent, chosen.class_ if chosen else 0, back, appeals)

    def _sample(self, picks: tuple[float, ...]) -> list[tuple[str, int]]:
        left = list(self.claims)
        if self.block.sample.chosen == "riskiest":
            return sorted(left, key=lambda claim: (-claim[1], claim[0]))[: self.block.sample.files]
        # Without putting back: each pick is of those that are left.
        return [left.pop(int(pick * len(left))) for pick in picks[: min(self.block.sample.files, len(left))]]

    def _reduction(self, ref: str, pence: int, u: float) -> int:
        if ref in self.missed_duties:
            return pence
        if u * 100 >= float(self.block.error_percent):
            return 0
        return self.rounded(pence * millionths_of(self.block.reduced_by_percent), WHOLE)

    def _recovery(
        self, chosen: AuditClass, files: list[tuple[str, int]], found: list[int], appeals: bool
    ) -> int:
        if chosen.recover == "nothing":
            return 0
        if chosen.recover == "sample_only":
            return add_up(found)
        terms = self.block.extrapolation
        percent = self._estimate(files, found, terms.use)
        if not appeals:
            percent = max(0, percent - millionths_of(terms.less_points_if_no_appeal))
        return self.rounded(add_up(pence for _, pence in self.claims) * percent, WHOLE)

    def _estimate(self, files: list[tuple[str, int]], found: list[int], use: str) -> int:
        paid = add_up(pence for _, pence in files)
        if not paid:
            return 0
        point = Fraction(add_up(found), paid)
        if use == "point_estimate" or len(files) < 2:
            return add_up(found) * WHOLE // paid
        spread = fsum((off - point * pence) ** 2 for (_, pence), off in zip(files, found)) / (len(files) - 1)
        off_at_most = ONE_SIDED_95 * sqrt(spread / len(files)) * len(files) / paid
        return max(0, int((point - Fraction(off_at_most)) * WHOLE))


def raises(block: Audit) -> tuple[str, ...]:
    """Name what a ladder may count: audits that end in class 3, where there is one."""
    return ("audit_class_3",) if any(found.class_ == GRAVE for found in block.classes) else ()


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say how often files are looked at, and what follows from what is found."""
    sample = block.sample
    yield f"every {block.held.every_months} months {sample.files} files are looked at ({sample.chosen})"
    for found in block.classes:
        yield f"a reduction {compile_test(found.reduction_percent)[1]} percent: {words(found.recover)}"
    if block.burden.provider_minutes_per_file:
        yield f"{block.burden.provider_minutes_per_file} minutes of the provider for each file"


def _classes(page: Page, placed: Placed) -> Iterator[Problem]:
    ends = [audit_class.class_ for audit_class in placed.block.classes]
    yield from rising(page, (*placed.path, "classes"), ends, "class")
    found = [audit_class.reduction_percent for audit_class in placed.block.classes]
    yield from both_hold(page, (*placed.path, "classes"), found, "reduction_percent")


def _names(page: Page, placed: Placed) -> Iterator[Problem]:
    controls = [control.id for control in page.blocks("controls")]
    for name in placed.written["held"].get("or_if", {}):
        yield from known_as(page, (*placed.path, "held", "or_if", name), name, controls, "controls")


def notes(page: Page, placed: Placed, prospects: Prospects) -> Iterator[Problem]:
    """Note a small sample that is carried to all claims."""
    extrapolates = any(found.recover == "extrapolate" for found in placed.block.classes)
    if extrapolates and placed.block.sample.files < SMALLEST_SAMPLE:
        files = placed.block.sample.files
        message = f"what {files} files show is carried to all claims; under {SMALLEST_SAMPLE} say little"
        yield note(page, "CI207", message, (*placed.path, "sample", "files"))


KIND = ControlKind(
    model=Audit,
    say=say,
    marks={
        "Audit": {
            PAID: "sample error_percent reduced_by_percent classes extrapolation appeal recovered_from",
            ACTED: "held", ASKED: "burden",
        },
        "AuditFrequency": {ACTED: "every_months or_if"},
        "Sample": {PAID: "files chosen", TOLD: "from_"},
        "AuditBurden": {ASKED: "provider_minutes_per_file"},
        "AuditClass": {PAID: "reduction_percent class_ recover"},
        "Extrapolation": {PAID: "less_points_if_no_appeal use", TOLD: "population"},
        "Appeal": {PAID: "success_percent", ASKED: "minutes_per_file within_days"},
    },
    unheard={"Audit": UNHEARD},
    sets=("pay", "admin", "taken back"),
    audit=AuditWatch,
    raises=raises,
    checks=(_classes,),
    sound=(_names,),
    notes=notes,
)  # fmt: skip
