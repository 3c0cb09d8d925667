"""Try an axis of a sweep before any work is done: is its path there, can its values stand there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.experiments.shared.axes import ASSUMPTIONS, CONTRACT, Target, plan_with, scenario_with
from legalaid_sim.experiments.shared.axis import Axis
from legalaid_sim.experiments.shared.plans import RegimePlan
from legalaid_sim.experiments.sweep.points import value_at

if TYPE_CHECKING:
    from legalaid_sim.contracts.language.changes import ChangeFailed

NEAREST = 0.005, 0.995
SHOWN = 12
OF_CONTRACTS = (
    "what a contract says has a path such as contract.payments.fee.amount; only: [NAME] names whose"
)


class AxisFault(NamedTuple):
    """What is wrong with an axis: the key of the file it concerns, a name, words, a remedy."""

    key: str
    name: str
    words: str
    remedy: str = ""


def axis_problem(
    axis: Axis, target: Target, data: Mapping[str, Any], plans: Sequence[RegimePlan]
) -> AxisFault | None:
    """Give the first thing wrong with an axis; None where nothing is."""
    if target.room == ASSUMPTIONS:
        return _unknown_assumption(target) or _bad_scenario_value(axis, target, data)
    if target.room == CONTRACT:
        return _bad_contract(axis, target, plans)
    return _bad_scenario_value(axis, target, data)


def trial_values(axis: Axis) -> Iterator[Any]:
    """Give the values to try: all that are listed, or the ends of what is drawn from."""
    if axis.values is not None:
        yield from axis.values
    else:
        at = value_at(axis)
        yield from (at(u) for u in (NEAREST if axis.distribution else (0.0, 1.0)))


def _unknown_assumption(target: Target) -> AxisFault | None:
    from legalaid_sim.evidence import register
    from legalaid_sim.evidence.register import unknown_parameter

    if target.path in register():
        return None
    known = unknown_parameter(target.path)
    return AxisFault("path", "unknown-path", known.message, known.help)


def _bad_scenario_value(axis: "Axis", target: Target, data: Mapping[str, Any]) -> AxisFault | None:
    from legalaid_sim.contracts.language.changes import ChangeFailed

    for value in trial_values(axis):
        try:
            said = _refusal(scenario_with(data, [target], [value]))
        except ChangeFailed as failed:
            fault = _unknown_path(failed, "the scenario")
            return fault._replace(remedy=OF_CONTRACTS) if target.path.startswith("contracts.") else fault
        if said:
            words = f"'{value}' cannot stand at '{axis.path}': {said}"
            return AxisFault(_key(axis), "bad-value", words, _whole(value, said))
    return None


def _refusal(data: Mapping[str, Any]) -> str:
    from legalaid_sim.diagnostics import validate
    from legalaid_sim.scenario.model import Scenario
    from legalaid_sim.yamlfile import Document, Marks

    scenario, problems = validate(Document(data, Marks(), "", ""), Scenario)
    return "" if scenario is not None else f"{problems[0].message}"


def _bad_contract(axis: Axis, target: Target, plans: Sequence[RegimePlan]) -> AxisFault | None:
    names = [plan.name for plan in plans]
    strangers = [name for name in target.only if name not in names]
    if strangers:
        words = f"'{strangers[0]}' is none of the contracts of this sweep"
        return AxisFault("only", "unknown-path", words, f"there is: {', '.join(names)}")
    reached = [plan for plan in plans if target.reaches(plan.name)]
    found = [(plan, _contract_fault(axis, target, plan)) for plan in reached]
    faults = [(plan, fault) for plan, fault in found if fault is not None]
    if not faults:
        return None
    _, fault = faults[0]
    holding = [plan.name for plan, fault in found if fault is None]
    if fault.name == "unknown-path" and holding:
        return fault._replace(remedy=f"others hold it: write only: [{', '.join(holding)}]")
    return fault


def _contract_fault(axis: "Axis", target: Target, plan: RegimePlan) -> AxisFault | None:
    from legalaid_sim.contracts.language.changes import ChangeFailed
    from legalaid_sim.errors import Refusal

    for value in trial_values(axis):
        try:
            said = _contract_refusal(plan_with(plan, [target], [value]))
        except ChangeFailed as failed:
            return _unknown_path(failed, f"contract '{plan.name}'")
        except Refusal as refusal:
            said = str(refusal)
        if said:
            words = f"'{value}' cannot stand at '{axis.path}' of '{plan.name}': {said}"
            return AxisFault(_key(axis), "bad-value", words, _whole(value, said))
    return None


def _contract_refusal(plan: RegimePlan) -> str:
    from legalaid_sim.contracts.schema import Contract
    from legalaid_sim.diagnostics import validate
    from legalaid_sim.yamlfile import Document, Marks

    for written in plan.contracts:
        contract, problems = validate(Document(dict(written.data), Marks(), "", ""), Contract)
        if contract is None:
            return problems[0].message
    plan.compiled()
    return ""


def _unknown_path(failed: "ChangeFailed", where: str) -> AxisFault:
    from legalaid_sim.diagnostics import did_you_mean

    hint = did_you_mean(failed.word, failed.known) if failed.word else ""
    words = f"{failed.why.replace('the contract has', f'{where} has')}.{hint}"
    remedy = f"there is: {', '.join(failed.known[:SHOWN])}" if failed.known else ""
    return AxisFault("path", "unknown-path", words, remedy)


def _whole(value: Any, said: str) -> str:
    """Say how whole numbers are drawn where a broken one was refused for it."""
    is_broken = not isinstance(value, int) and "a whole number" in said
    return "places: 0 draws whole numbers; in a search, PATH=LOW..HIGH:0" if is_broken else ""


def _key(axis: Axis) -> str:
    return next(
        (name for name in ("values", "range", "distribution") if getattr(axis, name) is not None), "path"
    )
