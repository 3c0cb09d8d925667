"""What of each contract nothing in a scenario reaches: blocks that never pay or fall, keys that never count."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from legalaid_sim.contracts.analysis.needs import Unreached, unreached
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.vocabulary.settings import LivedSetting
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import Problem
from legalaid_sim.experiments.shared.plans import RegimePlan
from legalaid_sim.scenario.agencies import Agency
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.regimes import Practice
from legalaid_sim.units import counted
from legalaid_sim.yamlfile import Mark

# What says who comes and to whom; a contract for more than come here is nothing out of the ordinary.
WHO_COMES = frozenset(
    {
        "category", "fee_code", "region", "channel", "provider.name", "provider.region", "provider.vat_registered",
    }
)  # fmt: skip
# Told by a code of their own, with what to do; and tax for those who charge it, where nobody does.
TOLD_ELSEWHERE = frozenset({"provider.heads", "outcome", "provider.vat_registered"})
MOST_NAMED = 6


class HeldContract(NamedTuple):
    """A contract with every setting in which it is lived, and where it is named first."""

    contract: Contract
    settings: tuple[LivedSetting, ...]
    mark: Mark


def never_reached(
    scenario: Scenario, plans: Sequence[RegimePlan], marks: Sequence[Mark]
) -> Iterator[Problem]:
    """Tell of each contract what nothing in the scenario reaches, over all regimes in which it is held."""
    for held in _held(scenario, plans, marks).values():
        found = [one for one in unreached(held.contract, held.settings) if not _told_elsewhere(one)]
        yield from _problems(held, found)


def never_reached_of(contract: Contract, scenario: Scenario) -> tuple[Unreached, ...]:
    """Give what of a contract nothing in a scenario reaches, were every organisation to hold it."""
    practices = [Practice(), *(regime.practice for regime in scenario.regimes)]
    settings = [
        one
        for agency in scenario.houses
        for practice in practices
        for one in settings_of(scenario, agency, practice)
    ]
    return unreached(contract, settings)


def settings_of(scenario: Scenario, agency: Agency, practice: Practice) -> tuple[LivedSetting, ...]:
    """Give the settings of one organisation under one practice, a kind of problem each."""
    return tuple(LivedSetting(scenario, kind, agency, practice) for kind in scenario.clients.problems)


def _held(
    scenario: Scenario, plans: Sequence[RegimePlan], marks: Sequence[Mark]
) -> Mapping[str, HeldContract]:
    found: dict[str, HeldContract] = {}
    for plan, mark in zip(plans, marks):
        for part in plan.parts:
            own = dict(part.own)
            for agency in scenario.houses:
                name = agency.organisation.name
                for written in (own[name],) if name in own else part.contracts:
                    before = found.get(written.name, HeldContract(written.contract, (), mark))
                    more = settings_of(scenario, agency, part.practice)
                    found[written.name] = before._replace(settings=(*before.settings, *more))
    return found


def _told_elsewhere(one: Unreached) -> bool:
    return one.whole and any(wanted.name in TOLD_ELSEWHERE for wanted in one.missing)


def _for_others(one: Unreached) -> bool:
    return all(
        wanted.sort == "fact" and wanted.name.removeprefix("matter.") in WHO_COMES for wanted in one.missing
    )


def _worth_a_warning(one: Unreached) -> bool:
    """Whether a scenario could bring it about, and something is missed where it does not: costs passed on are not."""
    return any(wanted.sort != "costs" and wanted.word and wanted.word.here for wanted in one.missing)


def _problems(held: HeldContract, found: Sequence[Unreached]) -> Iterator[Problem]:
    name = held.contract.contract
    others = [one for one in found if _for_others(one)]
    if others:
        message = f"'{name}' speaks of others than come here: {_named(others)}"
        yield problem_of("CR076", message, held.mark, help=_mend(name, others))
    groups: dict[tuple[bool, str], list[Unreached]] = {}
    for one in found:
        if one not in others:
            groups.setdefault((one.whole, one.because), []).append(one)
    for (whole, because), same in groups.items():
        message = f"'{name}' waits for {because}, which nothing here brings: {_named(same)}"
        code = "CR077" if not whole else "CR075" if any(map(_worth_a_warning, same)) else "CR078"
        yield problem_of(code, message, held.mark, help=_mend(name, same))


def _named(found: Sequence[Unreached]) -> str:
    paths = [one.path for one in found]
    shown = paths if len(paths) <= MOST_NAMED + 1 else paths[:MOST_NAMED]
    rest = len(paths) - len(shown)
    return ", ".join(shown) + (f" and {counted(rest, 'other')}" if rest else "")


def _mend(name: str, found: Sequence[Unreached]) -> str:
    remedies = dict.fromkeys(one.remedy for one in found if one.remedy)
    long = (f"explain {name} --in SCENARIO lists them all",) if len(found) > MOST_NAMED + 1 else ()
    return "; ".join((*remedies, *long))
