"""What the cases of an agency say of a scenario: who comes, with what, how long it takes. Each value with its interval.

Days are as they were: a fit comes before days are moved, and nothing of it but the values leaves. A kind of under ten
cases sets nothing of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import Any, NamedTuple

from legalaid_sim.evidence import Assumptions, resolve
from legalaid_sim.experiments.shared.statistics import share_interval
from legalaid_sim.importing.hiding import FEWEST
from legalaid_sim.importing.meetings import Meetings, capped_geometric
from legalaid_sim.importing.reading import ImportedCase
from legalaid_sim.importing.shapes import (
    apart,
    capped_mean,
    ends,
    neat,
    plainly,
    scaled,
    tens,
    variance,
)
from legalaid_sim.importing.splicing import SplicedValue
from legalaid_sim.importing.survival import (
    Interval,
    middle,
    rate,
    still_open,
    weighted_line,
    weighted_mean,
    weighted_ratio,
    weighted_spread,
    weights_of,
)
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.people import ProblemKind
from legalaid_sim.units import add_up

WEEK = 7
MOST_OPEN = 0.1
SIGN = "fitted to cases: "
LEAST_MINUTES = 1.0
CLEARLY = 3.0
# What a list of cases cannot say, whatever is in it.
NEVER = (
    "who was turned away, or left before a case was opened: arrivals are of people of whom a case was made",
    "several problems of one person, follow-ons, patience, trust, missed meetings",
    "the staff, its hours and pay, and the agency's money",
)


class CaseDays(NamedTuple):
    """The days that a list of cases speaks of, both inclusive, and by what its cases are in it.

    ``by`` is ``opened`` (all opened on these days, closed or still open) or ``closed`` (all closed on these days, as in
    files of claims, which hold no open case).
    """

    first: date
    last: date
    by: str

    @property
    def weeks(self) -> int:
        """Whole weeks in it."""
        return ((self.last - self.first).days + 1) // WEEK


@dataclass(slots=True)
class Fitted:
    """Settings for a scenario, and what was not set, with why."""

    settings: list[SplicedValue] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def set(self, path: Sequence[str], value: Any, note: str) -> None:
        """Add a setting."""
        self.settings.append(SplicedValue(tuple(path), value, note))


def span_of(cases: Sequence[ImportedCase], since: date | None, until: date | None) -> CaseDays | None:
    """Find the days that cases speak of; None where no case says its days.

    Where some are still open the list is of cases opened, followed to the last day known. Where none is, it is of cases
    closed: those that take long and began late are not in it yet, so it is read by the days of closing, among which
    cases of all lengths are as they come where numbers are steady.
    """
    by = "opened" if any(case.opened and not case.closed for case in cases) else "closed"
    days = [day for case in cases if (day := _day(case, by)) is not None]
    if not days:
        return None
    known = [day for case in cases for day in case.days]
    return CaseDays(since or min(days), until or max(known), by)


def _day(case: ImportedCase, by: str) -> date | None:
    if by == "closed":
        return case.closed if case.opened else None
    return case.opened


def fit(
    cases: Sequence[ImportedCase], scenario: Scenario, since: date | None = None, until: date | None = None
) -> Fitted:
    """Work out what cases set in a scenario.

    Cases of a kind that the scenario does not have set nothing. Arrivals need whole weeks, a kind ten cases.
    """
    found, span = Fitted(), span_of(cases, since, until)
    if span is None or span.weeks < 2:
        found.unset.append("anything: the cases say no days, or of less than two weeks")
        return found
    held = [case for case in cases if (day := _day(case, span.by)) and span.first <= day <= span.last]
    kinds = _kinds(held, scenario)
    known = [case for of_kind in kinds.values() for case in of_kind]
    _strangers(len(held) - len(known), found)
    if not any(len(of_kind) >= FEWEST for of_kind in kinds.values()):
        found.unset.append(f"anything: no kind that the scenario has comes {FEWEST} times")
        return found
    _arrivals(kinds, span, scenario, found)
    _mix(kinds, found)
    assumptions = resolve(scenario.assumptions)
    for name, of_kind in kinds.items():
        if len(of_kind) < FEWEST:
            found.unset.append(f"minutes and durations of {name}: under {FEWEST} cases")
        else:
            _Kind(name, of_kind, span, scenario, assumptions, found).fit()
    found.unset += NEVER
    return found


def _kinds(cases: Sequence[ImportedCase], scenario: Scenario) -> dict[str, list[ImportedCase]]:
    """Sort cases into the scenario's kinds of problem: by category, or by the fee code that a kind has alone."""
    problems = scenario.clients.problems
    codes = [kind.fee_code for kind in problems.values()]
    by_code = {kind.fee_code: name for name, kind in problems.items() if codes.count(kind.fee_code) == 1}
    found: dict[str, list[ImportedCase]] = {name: [] for name in problems}
    for case in cases:
        name = case.category if case.category in problems else by_code.get(case.fee_code, "")
        if name and (case.category in problems or case.fee_code):
            found[name].append(case)
    return found


def _strangers(number: int, found: Fitted) -> None:
    if number:
        many = f"about {tens(number)}" if number >= FEWEST else f"under {FEWEST}"
        found.unset.append(f"kinds that the scenario does not have: {many} cases, left out of the mix")


def _counted(cases: Sequence[ImportedCase]) -> int:
    """Count the cases of a kind: one of under ten, or none, counts as five, so that nothing tells how many it has."""
    return len(cases) if len(cases) >= FEWEST else FEWEST // 2


def _arrivals(
    kinds: Mapping[str, list[ImportedCase]], span: CaseDays, scenario: Scenario, found: Fitted
) -> None:
    """Set arrivals: people whose first case falls into each whole week, of kinds of ten cases or more."""
    cases = [case for of_kind in kinds.values() if len(of_kind) >= FEWEST for case in of_kind]
    firsts: dict[str, date] = {}
    for case in cases:
        day = (case.asked or case.opened) if span.by == "opened" else case.closed
        if day is not None:
            person = case.client or case.matter
            firsts[person] = min(day, firsts.get(person, day))
    counts = [0] * span.weeks
    for day in firsts.values():
        week = (day - span.first).days // WEEK
        if 0 <= week < span.weeks:
            counts[week] += 1
    if add_up(counts) < FEWEST:
        found.unset.append(f"arrivals: under {FEWEST} people in whole weeks")
        return
    seen = rate(counts)
    half = len(counts) // 2
    if apart(add_up(counts[:half]), add_up(counts[-half:])) > CLEARLY:
        found.doubts.append(
            "people come more often in one half of the time than in the other: see --since and --until"
        )
    unit = next(
        name for name in ("per_week", "per_hour", "per_year") if getattr(scenario.clients.arrivals, name)
    )
    all_kinds = add_up(_counted(of_kind) for of_kind in kinds.values()) / len(cases)
    told = seen.scaled(
        all_kinds * {"per_week": 1, "per_hour": 1 / (WEEK * 24), "per_year": 365.25 / WEEK}[unit]
    )
    days = f"{span.by} from {span.first:%Y-%m} to {span.last:%Y-%m}"
    found.set(
        ("clients", "arrivals", unit), neat(told.value), f"{ends(told)}; about {tens(seen.n)} people, {days}"
    )
    if not any(case.client for case in cases):
        found.doubts.append("no column tells clients: each case is taken as a person's first")


def _mix(kinds: Mapping[str, list[ImportedCase]], found: Fitted) -> None:
    """Set shares of kinds in per cent."""
    counts = {name: _counted(cases) for name, cases in kinds.items()}
    whole = add_up(counts.values())
    for name, count in counts.items():
        low, high = share_interval(count / whole, whole)
        told = Interval(count / whole, low, high, whole).scaled(100)
        note = f"{ends(told)} per cent of about {tens(whole)} cases"
        if len(kinds[name]) < FEWEST:
            note = f"as of {FEWEST // 2} cases: there are under {FEWEST}, how many is not told"
        found.set(("clients", "problems", name, "share"), neat(told.value), note)


class _Kind:
    """The minutes and days of one kind of problem, from cases closed, each weighed for those still open."""

    def __init__(
        self,
        name: str,
        cases: Sequence[ImportedCase],
        span: CaseDays,
        scenario: Scenario,
        assumptions: Assumptions,
        found: Fitted,
    ) -> None:
        self.name, self.scenario, self.assumptions, self.found = name, scenario, assumptions, found
        self.kind: ProblemKind = scenario.clients.problems[name]
        dated = [case for case in cases if case.opened is not None]
        self.closed = [case.closed is not None and case.closed <= span.last for case in dated]
        ends_on = [min(case.closed or span.last, span.last) for case in dated]
        self.days = [float((end - (case.opened or end)).days) for end, case in zip(ends_on, dated)]
        weights = weights_of(self.days, self.closed) if any(self.closed) else [0.0] * len(dated)
        self.rows = [
            (case, day, weight) for case, day, weight in zip(dated, self.days, weights) if weight > 0
        ]
        self.about = f"about {tens(len(self.rows))} cases closed"
        if not all(self.closed):
            self.about += ", weighed for those still open"

    def fit(self) -> None:
        """Set what the cases say."""
        if len(self.rows) < FEWEST:
            self.found.unset.append(f"minutes and durations of {self.name}: under {FEWEST} cases closed")
            return
        if still_open(self.days, self.closed) > MOST_OPEN:
            self.found.unset.append(
                f"minutes and durations of {self.name}: over a tenth are open for longer than any was followed"
            )
            return
        meetings = self._meetings()
        self._minutes(meetings)
        self._durations(meetings)

    def _usual(self, part: str) -> Distribution:
        given: Distribution | None = getattr(self.kind, part)
        return given or self.assumptions[f"problem.{part}"]

    def _set(self, part: str, shape: Distribution, told: Interval, note: str = "") -> None:
        """Set a distribution; ``told`` is its mean, as it is set."""
        said = f"mean {ends(told)}; {note}{self.about}"
        self.found.set(("clients", "problems", self.name, part), plainly(shape), said)

    def _column(self, name: str) -> list[tuple[float, float, ImportedCase]]:
        """Give what is known of a column, with weights."""
        rows = ((getattr(case, name), weight, case) for case, _, weight in self.rows)
        return [(float(value), weight, case) for value, weight, case in rows if value is not None]

    def _meetings(self) -> Distribution:
        """Set the number of meetings; give what the scenario has where no column tells it."""
        usual, rows = self._usual("contacts"), self._column("contacts")
        if len(rows) < FEWEST:
            self.found.unset.append(f"meetings of {self.name}: no column tells them")
            return usual
        seen = weighted_mean([value for value, _, _ in rows], [weight for _, weight, _ in rows])
        at_most = usual.geometric.at_most if usual.geometric else 0
        told = seen.changed(lambda mean: capped_geometric(mean, at_most) if at_most else max(mean, 1.0))
        shape = scaled(usual, told.value)
        self._set("contacts", shape, told)
        return shape

    def _minutes(self, meetings: Distribution) -> None:
        parts = [row for row in self._column("contact_minutes") if row[2].contacts]
        work = self._column("casework_minutes")
        if len(parts) >= FEWEST and len(work) >= FEWEST:
            self._contact_minutes(parts)
            self._casework([value for value, _, _ in work], [weight for _, weight, _ in work])
            return
        rows = self._column("minutes")
        if len(rows) < FEWEST:
            self.found.unset.append(f"minutes of {self.name}: no column tells them")
            return
        self._both(meetings, [value for value, _, _ in rows], [weight for _, weight, _ in rows])

    def _listening(self) -> float:
        """Minutes of listening in a mean meeting, which a scenario adds to facts and advice."""
        need = self.scenario.clients.relational_need or self.assumptions["client.relational_need"]
        return self.assumptions.number("contact.listening_minutes") * need.mean

    def _contact_minutes(self, rows: Sequence[tuple[float, float, ImportedCase]]) -> None:
        values, weights = [value for value, _, _ in rows], [weight for _, weight, _ in rows]
        numbers = [float(case.contacts or 0) for _, _, case in rows]
        seen, listening = weighted_ratio(values, numbers, weights), self._listening()
        told = seen.changed(lambda mean: max(mean - listening, LEAST_MINUTES))
        spreads = [(value - seen.value * number) ** 2 / number for value, number in zip(values, numbers)]
        cv = sqrt(weighted_mean(spreads, weights).value) / told.value
        shape = scaled(self._usual("contact_minutes"), told.value, cv)
        self._set(
            "contact_minutes", shape, told, f"less {neat(listening)} of listening, which a scenario adds; "
        )

    def _casework(self, values: Sequence[float], weights: Sequence[float]) -> None:
        told = weighted_mean(values, weights)
        if told.value < LEAST_MINUTES:
            self.found.unset.append(f"casework of {self.name}: hardly any")
            return
        cv = sqrt(weighted_spread(values, weights)) / told.value
        self._set("casework_minutes", scaled(self._usual("casework_minutes"), told.value, cv), told)

    def _both(self, meetings: Distribution, values: Sequence[float], weights: Sequence[float]) -> None:
        """Set minutes with and without the client from their sum, in the proportion that the scenario has."""
        seen = weighted_mean(values, weights)
        contact, casework = self._usual("contact_minutes"), self._usual("casework_minutes")
        meeting = contact.mean + self._listening()
        needs = capped_mean(meetings) * meeting + casework.mean
        with_client = seen.changed(
            lambda all_: max(all_ / needs * meeting - self._listening(), LEAST_MINUTES)
        )
        note = "from the minutes of a case, parted as the scenario does; "
        self._set("contact_minutes", scaled(contact, with_client.value), with_client, note)
        without = seen.changed(lambda all_: all_ / needs * casework.mean)
        if without.value >= LEAST_MINUTES:
            left = weighted_spread(values, weights) - (seen.value / needs * meeting) ** 2 * variance(meetings)
            cv = sqrt(left) / without.value if left > 0 else None
            self._set("casework_minutes", scaled(casework, without.value, cv), without, note)

    def _durations(self, meetings: Distribution) -> None:
        """Set the days between meetings from how much longer cases of more meetings take, or from their mean."""
        rows = [(float(case.contacts), day, weight) for case, day, weight in self.rows if case.contacts]
        if len(rows) >= FEWEST:
            numbers, days, weights = ([row[part] for row in rows] for part in range(3))
            line = weighted_line([number - 1 for number in numbers], days, weights)
            told, how = (line.step, "by the number of meetings") if line else (None, "")
        else:
            between = capped_mean(meetings) - 1
            whole = weighted_mean([day for _, day, _ in self.rows], [weight for _, _, weight in self.rows])
            told = whole.scaled(1 / between) if between > 0 else None
            how = f"from the mean duration over {neat(between)} meetings after the first"
        usual = self._usual("days_between")
        if told is None or told.value <= 0 or usual.mean <= 0:
            self.found.unset.append(
                f"days between meetings of {self.name}: cases do not take longer with more of them"
            )
            return
        set_ = told.changed(Meetings(self.scenario, self.assumptions, usual).mean_for)
        half = middle(self.days, self.closed)
        known = f"half of cases are closed within {half:g} days; " if half is not None else ""
        note = f"{how}, less closed hours and missed meetings; {known}"
        self._set("days_between", scaled(usual, set_.value), set_, note)
