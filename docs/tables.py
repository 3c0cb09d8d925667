"""Live what docs/findings.md tells, and write the page: both ranges at equal money, one change at a time, two days.

``python docs/tables.py`` says how long it may take, lives what is not there yet, keeps each piece in
``findings.json`` as soon as it is done, and writes ``findings.md`` from all that is kept. ``headlines``, ``changes``
and ``days`` name parts of it, ``--only`` single pieces; ``--dry-run`` stops after the estimate. A piece is lived
again when the engine, its worlds or its settings have changed.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from time import monotonic, process_time
from typing import Any, NamedTuple

DOCS = Path(__file__).parent
sys.path[:0] = [str(DOCS.parent), str(DOCS)]

from legalaid_sim.experiments.compare.equal_money import equal_money, live_with  # noqa: E402
from legalaid_sim.experiments.shared.contrasts import column, contrasts_of, differences  # noqa: E402
from legalaid_sim.experiments.shared.doubt import doubts_of  # noqa: E402
from legalaid_sim.experiments.shared.doubt_files import doubts_as_data  # noqa: E402
from legalaid_sim.experiments.shared.engine_version import engine_version  # noqa: E402
from legalaid_sim.experiments.shared.executors import workers_for  # noqa: E402
from legalaid_sim.experiments.shared.plans import RegimePlan, plans_of  # noqa: E402
from legalaid_sim.experiments.shared.replicate import Replication, Trial  # noqa: E402
from legalaid_sim.files import write_whole  # noqa: E402
from legalaid_sim.scenario import load_scenario  # noqa: E402
from legalaid_sim.scenario.model import Scenario  # noqa: E402
from legalaid_sim.units import counted  # noqa: E402

from findings import page, turns_of  # noqa: E402  # isort: skip

KEPT, PAGE = DOCS / "findings.json", DOCS / "findings.md"
SCENARIOS = DOCS.parent / "scenarios"
TOWN = SCENARIOS / "canning-town-2008.yaml"
# Twelve worlds hold nine draws, and eight is the least that parts chance from what is not known.
WORLDS = {"headlines": 12, "changes": 3, "days": 6}
MEASURES = (
    "continuity.coc", "continuity.trust_at_closing", "admin.share", "outcomes.resolved_share", "access.turned_away",
    "access.days_to_first_contact", "money.earned",
)  # fmt: skip
PATIENCE = "organisation.allocation.own_adviser_patience_days"
PAIR, BEFORE = ("unified-contract-2007", "relational-pilot"), "not-for-profit-hours-2004"
OFF = {
    "outcome.again": 0, "outcome.stubborn": 0, "missed.person": 0, "effort.slack_is_free": 0, "effort.squeeze": 1,
    "effort.drop_meetings": 1, "multitask.relations": 0, "problem.clock_runs": 0, "learning.extra": 0,
    "adviser.settles_in_months": 0, "adviser.shares_supervision": 0, "load.by_hours": 0, "outreach.minutes": 0,
}  # fmt: skip
BOTH, EFFORT = ("none", "effort"), ("effort",)
SMALL = {"clients.arrivals": {"per_week": 6}, "advisers": [{"role": "caseworker", "number": 2}]}
CHANGES: Mapping[str, tuple[tuple[str, ...], Mapping[str, Any]]] = {
    "as it is": (BOTH, {}),
    "whoever is free takes the next meeting": (BOTH, {PATIENCE: 0}),
    "the house waits 14 days for the own adviser": (BOTH, {PATIENCE: 14}),
    "the house waits for ever": (BOTH, {PATIENCE: "for_ever"}),
    "12 people a week": (BOTH, {"clients.arrivals": {"per_week": 12}}),
    "26 people a week": (BOTH, {"clients.arrivals": {"per_week": 26}}),
    "no admin staff": (BOTH, {"organisation.admin_staff_hours_per_week": 0}),
    "two advisers, 6 people a week": (BOTH, SMALL),
    "5 meetings and 60 minutes of casework": (BOTH, {"problem.contacts": 5, "problem.casework_minutes": 60}),
    "no retelling, 5 minutes of reading": (BOTH, {"contact.retelling_minutes": 0, "contact.reading_minutes": 5}),
    "6 minutes of listening": (BOTH, {"contact.listening_minutes": 6}),
    "30 minutes of listening": (BOTH, {"contact.listening_minutes": 30}),
    "advisers leave at 0.004 a month": (BOTH, {"adviser.leaving_per_month": 0.004}),
    "advisers leave at 0.015 a month": (BOTH, {"adviser.leaving_per_month": 0.015}),
    "notice in place of a vacancy": (BOTH, {"adviser.vacancy_months": 0}),
    "a try decides all (`outcome.again` 0)": (BOTH, {"outcome.again": 0}),
    "problems and people alike (`outcome.stubborn`, `missed.person` 0)": (
        BOTH, {"outcome.stubborn": 0, "missed.person": 0},
    ),
    "late only when asked late (`problem.clock_runs` 0)": (BOTH, {"problem.clock_runs": 0}),
    "load by the head (`load.by_hours` 0)": (BOTH, {"load.by_hours": 0}),
    "successors know all (`learning.extra` 0)": (BOTH, {"learning.extra": 0}),
    "a minute always costs (`effort.slack_is_free` 0)": (EFFORT, {"effort.slack_is_free": 0}),
    "a scarce minute costs three times": (EFFORT, {"effort.shadow": 3}),
    "flat pay cuts 3 %": (EFFORT, {"effort.flat_cut": 0.03}),
    "flat pay cuts 30 %": (EFFORT, {"effort.flat_cut": 0.3}),
    "a cut takes listening in proportion": (EFFORT, {"effort.squeeze": 0}),
    "a cut takes listening first": (EFFORT, {"effort.squeeze": 1}),
    "each contract from the first day (`start: own`)": (BOTH, {"start": "own", "before": None}),
    "an empty agency (`start: empty`)": (BOTH, {"start": "empty", "before": None}),
    "all mechanisms of the second model off": (BOTH, OFF),
}  # fmt: skip
DAYS = ("2008-04-01", "2008-10-01")
WITHOUT: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "": ({}, {}),
    "the limit on matter starts": ({}, {"permissions.matter_starts.allowed": 100_000}),
    "problems brought back": ({"outcome.return_chance": 0}, {}),
    "people who leave": ({"adviser.leaving_per_month": 0}, {}),
}


class Piece(NamedTuple):
    """One piece of work: its part and name, what it is made of, how many lives that is, how to live it."""

    part: str
    name: str
    said: Mapping[str, Any]
    lives: int
    weight: float
    live: Callable[[int | None], Mapping[str, Any]]

    def key(self) -> str:
        """Tell by a digest whether a kept piece is this one."""
        told = json.dumps([self.part, self.name, self.said, engine_version()], sort_keys=True, default=str)
        return sha256(told.encode()).hexdigest()[:16]


def changed(path: Path, changes: Mapping[str, Any], respond: str | None = None) -> Scenario:
    """Give a scenario with changes: keys of the file by dotted path, parameters of the register by their name."""
    from legalaid_sim.evidence import register
    from legalaid_sim.experiments.shared.axes import ASSUMPTIONS, SCENARIO, Target, scenario_with

    data = load_scenario(path).model_dump(mode="json")
    data = {**data, "respond": respond or data["respond"], "guesses": {}}
    for name, value in changes.items():
        if name == "before" and value is None:
            data.pop("before", None)
            continue
        room = ASSUMPTIONS if name in register() else SCENARIO
        if "." not in name:
            data[name] = value
        else:
            data = scenario_with(data, [Target(f"{room}.{name}", room, name)], [value])
    return Scenario.model_validate(data)


def lived(
    scenario: Scenario, plans: Sequence[RegimePlan], worlds: int, workers: int | None
) -> list[Replication]:
    """Live plans in worlds 1 to ``worlds``."""
    return list(
        workers_for(workers, worlds).results(Trial(scenario, tuple(plans), "none"), range(1, worlds + 1))
    )


def gaps(done: Sequence[Replication], baseline: str) -> dict[str, dict[str, list[float | None]]]:
    """Give the difference of each contract from the baseline in every measure, world by world."""
    held = {name: [each.lived[name].measures for each in done] for name in done[0].lived}
    return {
        name: {
            measure: differences(column(worlds, measure), column(held[baseline], measure))
            for measure in (*MEASURES, "money.earned_per_matter")
        }
        for name, worlds in held.items()
        if name != baseline
    }


def headlines(folder: Path, worlds: int) -> Iterator[Piece]:
    """Give every published scenario under its contracts, what is not known drawn, as it is and at equal money."""
    for path in sorted(folder.glob("*.yaml")):
        scenario = load_scenario(path)
        if len(scenario.regimes) < 2:
            continue
        lives = round(worlds * (2.5 * len(scenario.regimes) - 1.5))
        said = {"worlds": worlds, "text": path.read_text(encoding="utf-8")}
        yield Piece(
            "headlines", path.stem, said, lives, size_of(scenario),
            lambda workers, path=path: headline(path, worlds, workers),  # type: ignore[misc]
        )  # fmt: skip


def headline(path: Path, worlds: int, workers: int | None) -> dict[str, Any]:
    """Live one scenario with what is unknown drawn; set every contract against the first, then at its money."""
    scenario = load_scenario(path).model_copy(update={"ignorance": True})
    plans = plans_of(scenario, path.parent)
    done = lived(scenario, plans, worlds, workers)
    held = {plan.name: [each.lived[plan.name].measures for each in done] for plan in plans}
    first, drawn = plans[0].name, [each.drawn for each in done]
    last: dict[str, Sequence[Mapping[str, Any]]] = {}
    live = live_with(lambda tried: Trial(scenario, tried, "none"), workers_for(workers, worlds), worlds)

    def kept(plan: RegimePlan) -> Sequence[Mapping[str, Any]]:
        last[plan.name] = live(plan)
        return last[plan.name]

    equal = equal_money(plans, held, first, MEASURES, scenario.answer_with, kept, drawn=True)
    as_it_is = contrasts_of(held, {}, first, MEASURES, scenario.answer_with, drawn=True)
    contracts = {}
    for each in equal:
        same = each.factor in (None, 1.0)
        two = {first: held[first], each.contract: held[each.contract] if same else last[each.contract]}
        contracts[each.contract] = {
            "factor": each.factor, "times": each.times, "why": each.why,
            "as it is": told([one for one in as_it_is if one.contract == each.contract], held, first, drawn),
            "at equal money": None if each.factor is None else told(each.contrasts, two, first, drawn),
        }  # fmt: skip
    baseline = {measure: [world[measure] for world in held[first]] for measure in ("money.earned",)}
    return {"baseline": first, "respond": scenario.respond, "of baseline": baseline, "contracts": contracts}


def told(contrasts: Any, held: Any, first: str, drawn: Any) -> list[dict[str, Any]]:
    """Give differences with both their ranges, the verdict on chance, and what turns them, as plain data."""
    verdicts = {each.measure: each.verdict for each in contrasts}
    return [
        {**each, "verdict": verdicts[each["measure"]]}
        for each in doubts_as_data(doubts_of(contrasts, held, first, drawn))
    ]


def changes(worlds: int) -> Iterator[Piece]:
    """Give the pilot against the unified contract in the first year after the switch, one change at a time."""
    for name, (ways, change) in CHANGES.items():
        usual = {"period.months": 12, "before": BEFORE}
        said = {"worlds": worlds, "ways": ways, "change": {**usual, **change}}

        def live(
            workers: int | None, ways: tuple[str, ...] = ways, change: Mapping[str, Any] = said["change"]
        ) -> dict[str, Any]:
            found = {}
            for respond in ways:
                scenario = changed(TOWN, change, respond)
                done = lived(scenario, plans_of(scenario, TOWN.parent, PAIR), worlds, workers)
                found[respond] = gaps(done, PAIR[0])[PAIR[1]]
            return found

        scenario = changed(TOWN, said["change"])
        yield Piece("changes", name, said, 2 * worlds * len(ways), size_of(scenario), live)


def days(worlds: int, turned: bool) -> Iterator[Piece]:
    """Give the contracts of the town parted on two days; where a sign turns, again without what may turn it."""
    for without, (change, terms) in WITHOUT.items() if turned else [("", WITHOUT[""])]:
        for day in DAYS:
            said = {"worlds": worlds, "change": {"period.starts": day, **change}, "terms": terms}

            def live(
                workers: int | None,
                change: Mapping[str, Any] = said["change"],
                terms: Mapping[str, Any] = terms,
            ) -> dict[str, Any]:
                scenario = changed(TOWN, change)
                plans = [_without(plan, terms) for plan in plans_of(scenario, TOWN.parent)]
                return gaps(lived(scenario, plans, worlds, workers), plans[0].name)

            scenario = changed(TOWN, said["change"])
            name = f"{day} without {without}" if without else day
            yield Piece("days", name, said, worlds * len(scenario.regimes), size_of(scenario), live)


def _without(plan: RegimePlan, terms: Mapping[str, Any]) -> RegimePlan:
    """Change terms of a plan's own contracts where they have them."""
    from legalaid_sim.contracts.language.changes import ChangeFailed
    from legalaid_sim.experiments.shared.axes import CONTRACT, Target, plan_with

    for path, value in terms.items():
        try:
            plan = plan_with(plan, [Target(f"{CONTRACT}.{path}", CONTRACT, path)], [value])
        except ChangeFailed:
            continue
    return plan


def size_of(scenario: Scenario) -> float:
    """Give how much one life is: people who come while it is lived."""
    period = scenario.period
    return scenario.clients.arrivals.per_day * (period.closes - period.begins).days


def pieces(worlds: int | None, kept: Mapping[str, Any]) -> dict[str, Piece]:
    """List all pieces in order; once two days are kept between which a sign turns, what may turn it too."""
    number = {part: worlds or usual for part, usual in WORLDS.items()}
    found = [
        *headlines(SCENARIOS, number["headlines"]),
        *changes(number["changes"]),
        *days(number["days"], bool(turns_of(kept))),
    ]
    return {f"{piece.part}: {piece.name}": piece for piece in found}


def left_of(given: argparse.Namespace, kept: Mapping[str, Any]) -> dict[str, Piece]:
    """Give the pieces that are asked for and not kept as they would come out now."""
    return {
        name: piece
        for name, piece in pieces(given.worlds, kept).items()
        if (not given.parts or piece.part in given.parts)
        and (not given.only or piece.name in given.only)
        and kept.get(name, {}).get("key") != piece.key()
    }


def keep(kept: dict[str, Any], place: Path, worlds: int | None) -> None:
    """Write what is kept, in the order of the page; pieces that there are no more are dropped."""
    held = {name: kept[name] for name in pieces(worlds, kept) if name in kept}
    text = json.dumps(held, separators=(",", ":"), ensure_ascii=False)
    write_whole(place, text.replace('},"', '},\n"') + "\n")


def seconds_for(left: Sequence[Piece]) -> float:
    """Foresee processor seconds by living one world of the town."""
    scenario = load_scenario(TOWN)
    began = process_time()
    lived(scenario, plans_of(scenario, TOWN.parent)[:1], 1, 1)
    once = (process_time() - began) / size_of(scenario)
    return once * sum(piece.lives * piece.weight for piece in left)


def write(kept: Path, place: Path) -> None:
    """Write the page of all that is kept, so that it holds what was lived whenever somebody stops."""
    held = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    write_whole(place, page(held))


def main(words: Sequence[str] | None = None) -> None:
    """Say how long it takes, live what is not kept yet, write the page."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("parts", nargs="*", choices=[*WORLDS, []], metavar="headlines|changes|days")
    asked.add_argument("--only", action="append", default=[], help="a piece by its name; repeat it")
    asked.add_argument("--worlds", type=int, help="worlds of every piece, in place of the usual number")
    asked.add_argument("-w", "--workers", type=int, default=1)
    asked.add_argument("--kept", type=Path, default=KEPT, help="where the pieces are kept")
    asked.add_argument("--page", type=Path, default=PAGE)
    asked.add_argument("--dry-run", action="store_true", help="say what is left to do, and how long it takes")
    given = asked.parse_args(words)
    kept = json.loads(given.kept.read_text(encoding="utf-8")) if given.kept.exists() else {}
    names = sorted({piece.name for piece in pieces(given.worlds, kept).values()})
    if strange := [name for name in given.only if name not in names]:
        asked.error(f"--only: no piece is called {strange[0]}; there are: {'; '.join(names)}")
    while left := left_of(given, kept):
        minutes = seconds_for(list(left.values())) / 60
        print(f"{counted(len(left), 'piece')}: about {minutes:.0f} minutes of a processor", flush=True)
        if given.dry_run:
            return
        for name, piece in left.items():
            began = monotonic()
            found = piece.live(given.workers)
            kept[name] = {
                "key": piece.key(), "engine": engine_version(), "worlds": piece.said["worlds"], "found": found,
            }  # fmt: skip
            keep(kept, given.kept, given.worlds)
            write(given.kept, given.page)
            print(f"{name}: {monotonic() - began:.0f} s", flush=True)
    write(given.kept, given.page)


if __name__ == "__main__":
    main()
