"""Put a value at a dotted path: of the scenario, of a contract (as a change of it), of the evidence."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from legalaid_sim.experiments.shared.axis import Axis
from legalaid_sim.experiments.shared.plans import RegimePlan
from legalaid_sim.scenario.distribution import Between, Distribution, Triangular, TwoPoint

CONTRACT, ASSUMPTIONS, SCENARIO = "contract", "assumptions", "scenario"
MONEY_PLACES = 2
AxisValues = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Target:
    """Where an axis takes effect: a room, the path within it, the contracts it is for (all where empty)."""

    name: str
    room: str
    path: str
    only: tuple[str, ...] = ()
    places: int | None = None

    def reaches(self, plan: str) -> bool:
        """Say whether a value here can make a difference to a regime."""
        return self.room != CONTRACT or not self.only or plan in self.only


def target_of(axis: Axis) -> Target:
    """Find where an axis takes effect from how its path begins."""
    room, _, rest = axis.path.partition(".")
    name = axis.path if not axis.only else f"{axis.path} ({', '.join(axis.only)})"
    if room in (CONTRACT, ASSUMPTIONS, SCENARIO):
        places = axis.places if axis.places is not None else MONEY_PLACES if room == CONTRACT else None
        return Target(name, room, rest, tuple(axis.only), places)
    # With its room before it, a key such as seed is not taken for a column of the rows.
    return Target(name if rest else f"{SCENARIO}.{name}", SCENARIO, axis.path, (), axis.places)


def settled(value: Any, places: int | None) -> Any:
    """Give a drawn value as it is used and stored: with so many places, whole where there are none.

    >>> settled(12.3456, 2), settled(12.6, 0), settled("pool", 2)
    (12.35, 13, 'pool')
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or places is None:
        return value
    if places == 0:
        return round(value)
    return round(float(value), places)


def scenario_with(base: Mapping[str, Any], targets: Sequence[Target], values: AxisValues) -> dict[str, Any]:
    """Give the data of the scenario with the values of a point in their places.

    Raises ``ChangeFailed`` where a path is not there.
    """
    data = deepcopy(dict(base))
    for target, value in zip(targets, values):
        if target.room == SCENARIO:
            put(data, target.path, value)
        elif target.room == ASSUMPTIONS:
            data["assumptions"] = {**data.get("assumptions", {}), target.path: assumed(target.path, value)}
    return data


def put(data: dict[str, Any], dotted: str, value: Any) -> None:
    """Set one value in place; raises ``ChangeFailed`` with the nearest words where the path is not there."""
    from legalaid_sim.contracts.language.changes import find_path

    path = find_path(data, dotted)
    here: Any = data
    for segment in path[:-1]:
        here = here[segment]
    here[path[-1]] = deepcopy(value)


def value_at(target: Target, plan: RegimePlan, data: Mapping[str, Any]) -> Any:
    """Give what stands at the path of a target now; None where nothing does."""
    return value_in(target, [written.data for written in plan.contracts], data)


def value_in(target: Target, contracts: Sequence[Mapping[str, Any]], data: Mapping[str, Any]) -> Any:
    """Give what stands at the path of a target in contracts, or in the scenario's data; None where nothing does."""
    from legalaid_sim.contracts.language.changes import ChangeFailed, find_path
    from legalaid_sim.evidence import register

    if target.room == ASSUMPTIONS:
        given = data.get("assumptions", {}).get(target.path)
        return register()[target.path].value.mean if given is None else given
    for held in contracts if target.room == CONTRACT else [data]:
        here: Any = held
        try:
            for segment in find_path(held, target.path):
                here = here[segment]
        except ChangeFailed:
            continue
        return here
    return None


def assumed(path: str, value: Any) -> Any:
    """Give a value for an evidence parameter: a number for a distribution means one with that mean."""
    from legalaid_sim.evidence import register

    usual = register().get(path)
    if usual is None or isinstance(value, dict) or usual.value.fixed is not None:
        return value
    return with_mean(usual.value, float(value)).model_dump(mode="json", exclude_none=True)


def with_mean(shape: Distribution, mean: float) -> Distribution:
    """Give a distribution of the same shape with another mean; its bounds move with it, a cut-off stays."""
    name, form = next(
        (name, form) for name in type(shape).model_fields if (form := getattr(shape, name)) is not None
    )
    if name == "fixed":
        return Distribution.model_validate({"fixed": mean})
    if isinstance(form, Triangular | Between | TwoPoint):
        ratio = mean / shape.mean
        kept = {key: part if key == "share_high" else part * ratio for key, part in form.model_dump().items()}
    else:
        kept = {**form.model_dump(exclude_none=True), "mean": mean}
    return Distribution.model_validate({name: kept})


def plan_with(plan: RegimePlan, targets: Sequence[Target], values: AxisValues) -> RegimePlan:
    """Give a regime with the values of a point in its contracts.

    A path is set in those of its contracts that hold it; raises ``ChangeFailed`` where none does.
    """
    for target, value in zip(targets, values):
        if target.room == CONTRACT and target.reaches(plan.name):
            plan = _changed(plan, {"set": target.path, "to": written_value(value, target.places)})
    return plan


def _changed(plan: RegimePlan, change: Mapping[str, Any]) -> RegimePlan:
    from legalaid_sim.contracts.language.changes import ChangeFailed, apply_changes

    held, failures = [], []
    for written in plan.contracts:
        try:
            held.append(replace(written, data=apply_changes(written.data, [change])))
        except ChangeFailed as failed:
            failures.append(failed)
            held.append(written)
    if len(failures) == len(plan.contracts):
        raise failures[0] if failures else ChangeFailed("CR037", f"'{plan.name}' holds no contract")
    return replace(plan, contracts=tuple(held))


def written_value(value: Any, places: int | None) -> Any:
    """Give a value as a contract file holds it: a drawn number as the decimal that a person would write."""
    if isinstance(value, float):
        return Decimal(f"{value:.{places}f}") if places is not None else Decimal(repr(value))
    return value
