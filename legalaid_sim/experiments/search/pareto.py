"""Goals that pull in different directions, and the points that no other point beats in all of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from legalaid_sim.experiments.compare.question import BadQuestion, refuse_unknown_measure
from legalaid_sim.experiments.shared.axis import Axis

GOAL = re.compile(r"\s*(max|min)\s*:\s*([\w.]+)\s*")
BETWEEN = re.compile(r"\s*(-?[\d.]+?)\s*\.\.\s*(-?[\d.]+)\s*(?::\s*(\d+))?\s*")


@dataclass(frozen=True, slots=True)
class Goal:
    """A measure, and whether more or less of it is wanted."""

    way: Literal["max", "min"]
    measure: str

    @property
    def sign(self) -> int:
        """Give +1 where more is wanted, -1 where less is."""
        return 1 if self.way == "max" else -1

    def __str__(self) -> str:
        return f"{self.way}:{self.measure}"


def read_goal(text: str) -> Goal:
    """Read a goal such as ``max:continuity.coc``; raises ``BadQuestion`` with the right form."""
    found = GOAL.fullmatch(text)
    if found is None:
        raise BadQuestion(f"'{text}' is no goal; write max:continuity.coc or min:admin.share")
    refuse_unknown_measure(found[2])
    return Goal("max" if found[1] == "max" else "min", found[2])


def read_axis(text: str) -> Axis:
    """Read what is varied: ``payments.fee.amount=150..250``, ``…=150..250:0`` or ``…=8,18,30``.

    A path is one of the contract unless it says otherwise. Raises ``BadQuestion`` with the right form.
    """
    path, equals, said = text.partition("=")
    if not equals or not path.strip() or not said.strip():
        raise BadQuestion(f"'{text}' says not what is varied; write PATH=LOW..HIGH or PATH=a,b,c")
    name = _roomed(path.strip())
    between = BETWEEN.fullmatch(said)
    if between is None:
        return Axis(path=name, values=list(_scalars(said)))
    low, high = float(between[1]), float(between[2])
    if low >= high:
        raise BadQuestion(f"'{text}': the range must rise; found {low:g} to {high:g}")
    return Axis(path=name, range=(low, high), places=int(between[3]) if between[3] else None)


def axis_text(axis: Axis) -> str:
    """Give what is varied as ``read_axis`` reads it.

    >>> axis_text(read_axis("values.fee=150..250:0")), axis_text(read_axis("standards.own.days=8,18,30"))
    ('contract.values.fee=150.0..250.0:0', 'contract.standards.own.days=8,18,30')
    """
    if axis.range is None:
        return f"{axis.path}={','.join(_scalar_text(value) for value in axis.values or ())}"
    low, high = axis.range
    places = "" if axis.places is None else f":{axis.places}"
    return f"{axis.path}={Decimal(str(low)):f}..{Decimal(str(high)):f}{places}"


def _scalar_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _roomed(path: str) -> str:
    return path if path.startswith(("contract.", "assumptions.", "scenario.")) else f"contract.{path}"


def front(rows: Sequence[Mapping[str, float]], goals: Sequence[Goal]) -> list[int]:
    """Give the positions of the rows that no other row beats."""
    return [
        at
        for at, row in enumerate(rows)
        if not any(beats(other, row, goals) for other in rows if other is not row)
    ]


def beats(ours: Mapping[str, float], theirs: Mapping[str, float], goals: Sequence[Goal]) -> bool:
    """Say whether a row is at least as good in all goals and better in one."""
    gains = [goal.sign * (ours[goal.measure] - theirs[goal.measure]) for goal in goals]
    return all(gain >= 0 for gain in gains) and any(gain > 0 for gain in gains)


def _scalars(said: str) -> Iterator[Any]:
    from legalaid_sim.yamlfile import plain_scalar

    yield from (plain_scalar(word.strip()) for word in said.split(","))
