"""Live what docs/one-to-one.md tells: each claim of the paper with its mechanism and without, in the same worlds.

``python docs/claims.py`` says how long it may take, lives what is not there yet, keeps each claim in ``claims.json``
as soon as it is done, and writes ``one-to-one.md`` from all that is kept. ``--only`` names single claims by a part of
their words; ``--dry-run`` stops after the estimate; ``--render`` lives nothing. A claim is lived again when the engine,
its worlds or its settings have changed.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from time import monotonic, process_time
from typing import Any

DOCS = Path(__file__).parent
sys.path[:0] = [str(DOCS.parent), str(DOCS)]

from legalaid_sim.evidence import register  # noqa: E402
from legalaid_sim.experiments.shared.axes import CONTRACT, Target, plan_with, scenario_with  # noqa: E402
from legalaid_sim.experiments.shared.contrasts import column, contrasts_of, differences  # noqa: E402
from legalaid_sim.experiments.shared.doubt import doubts_of  # noqa: E402
from legalaid_sim.experiments.shared.engine_version import engine_version  # noqa: E402
from legalaid_sim.experiments.shared.executors import workers_for  # noqa: E402
from legalaid_sim.experiments.shared.plans import RegimePlan, plans_of  # noqa: E402
from legalaid_sim.experiments.shared.replicate import Replication, Trial  # noqa: E402
from legalaid_sim.files import write_whole  # noqa: E402
from legalaid_sim.scenario import load_scenario  # noqa: E402
from legalaid_sim.scenario.model import Scenario  # noqa: E402
from legalaid_sim.units import counted  # noqa: E402

from claimed import CLAIMS, MONTHS, Claim, page  # noqa: E402  # isort: skip

KEPT, PAGE = DOCS / "claims.json", DOCS / "one-to-one.md"
SCENARIOS = DOCS.parent / "scenarios"
# Eight worlds with what is shipped part real from thin; eleven that draw hold eight draws, the least there must be.
KNOWN, DRAWN = 8, 11


def changed(claim: Claim, side: int, ignorance: bool) -> tuple[Scenario, RegimePlan]:
    """Give the scenario and the regime of one side of a claim (0 with its mechanism, 1 without)."""
    path = SCENARIOS / f"{claim.scenario}.yaml"
    scenario = load_scenario(path)
    values = claim.off if side else {name: _usual(claim, name) for name in claim.settled}
    values = {
        **{name: value for name, value in values.items() if value is not None},
        **({} if side else claim.on),
    }
    data = scenario.model_dump(mode="json", exclude_none=True)
    terms: dict[str, Any] = {}
    for name, value in {**MONTHS, "period.months": claim.months, **values}.items():
        if name.startswith(f"{CONTRACT}."):
            terms[name.removeprefix(f"{CONTRACT}.")] = value
        elif name in register():
            data["assumptions"] = {**data.get("assumptions", {}), name: value}
        elif "." in name:
            data = scenario_with(data, [Target(f"scenario.{name}", "scenario", name)], [value])
        else:
            data[name] = value
    data["guesses"] = {
        name: guess
        for name, guess in data.get("guesses", {}).items()
        if ignorance and name not in claim.settled
    }
    made = Scenario.model_validate({**data, "ignorance": ignorance})
    plans = {plan.name: plan for plan in plans_of(made, path.parent)}
    plan = plans[claim.regimes[side]]
    for term, value in terms.items():
        plan = plan_with(plan, [Target(f"{CONTRACT}.{term}", CONTRACT, term)], [value])
    return made, plan


def _usual(claim: Claim, name: str) -> Any:
    """Give the value of the register that a mechanism has as it is shipped; nothing for other names, which stand."""
    if name not in register() or name in claim.on:
        return None
    own = load_scenario(SCENARIOS / f"{claim.scenario}.yaml").assumptions.get(name)
    value = register()[name].value if own is None else own
    return value if isinstance(value, int | float) else value.model_dump(exclude_none=True)


def lived(claim: Claim, side: int, worlds: int, workers: int | None, ignorance: bool) -> list[Replication]:
    """Live one side of a claim in worlds 1 to ``worlds``."""
    scenario, plan = changed(claim, side, ignorance)
    return list(workers_for(workers, worlds).results(Trial(scenario, (plan,), "none"), range(1, worlds + 1)))


def live(claim: Claim, known: int, drawn: int, workers: int | None) -> dict[str, Any]:
    """Give what a mechanism adds to its measure and to what a client would notice, in known worlds and drawn ones."""
    measures = (claim.measure, *claim.noticed)

    def held(side: int, worlds: int, ignorance: bool) -> tuple[list[Any], list[Replication]]:
        done = lived(claim, side, worlds, workers, ignorance)
        found = [dict(next(iter(each.lived.values())).measures) for each in done]
        if side and claim.against:
            for each in found:
                each[claim.measure] = each[claim.against]
        return found, done

    on, off = (held(side, known, False)[0] for side in (0, 1))
    gaps = {name: differences(column(on, name), column(off, name)) for name in measures}
    (ours, done), (theirs, _) = (held(side, drawn, True) for side in (0, 1))
    sides = {"off": theirs, "on": ours}
    contrasts = contrasts_of(sides, {}, "off", (claim.measure,), {}, drawn=True)
    doubts = doubts_of(contrasts, sides, "off", [each.drawn for each in done])
    own = doubts[0]._asdict() if doubts else {}
    return {
        "known": gaps,
        "drawn": {name: own.get(name) for name in ("mean", "chance", "low", "high", "ahead", "worlds")},
    }


def said(claim: Claim, known: int, drawn: int) -> dict[str, Any]:
    """Give what a kept claim is made of, with the digest that knows it again."""
    lived_by = {name: part for name, part in claim._asdict().items() if name not in ("page", "typed", "way")}
    told = json.dumps([lived_by, MONTHS, known, drawn, engine_version()], sort_keys=True, default=str)
    return {
        "key": sha256(told.encode()).hexdigest()[:16], "engine": engine_version(), "known": known, "drawn": drawn,
    }  # fmt: skip


def size_of(claim: Claim, known: int, drawn: int) -> float:
    """Give how much a claim is to live: people who come, over all its lives."""
    scenario, _ = changed(claim, 0, False)
    days = (scenario.period.closes - scenario.period.begins).days
    return scenario.clients.arrivals.per_day * days * 2 * (known + drawn)


def seconds_for(left: Sequence[Claim], known: int, drawn: int) -> float:
    """Foresee processor seconds by living one world of the first claim that is left."""
    began = process_time()
    lived(left[0], 0, 1, 1, False)
    once = (process_time() - began) / size_of(left[0], 1, 0) * 2
    return once * sum(size_of(claim, known, drawn) for claim in left)


def keep(kept: Mapping[str, Any], place: Path) -> None:
    """Write what is kept, in the order of the page; claims that there are no more are dropped."""
    held = {claim.says: kept[claim.says] for claim in CLAIMS if claim.says in kept}
    text = json.dumps(held, separators=(",", ":"), ensure_ascii=False)
    write_whole(place, text.replace('},"', '},\n"') + "\n")


def main(words: Sequence[str] | None = None) -> None:
    """Say how long it takes, live what is not kept yet, write the page."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument(
        "--only", action="append", default=[], help="claims that have this in their words; repeat it"
    )
    asked.add_argument("--known", type=int, default=KNOWN, help="worlds with what is shipped")
    asked.add_argument("--drawn", type=int, default=DRAWN, help="worlds that draw what is only assumed")
    asked.add_argument("-w", "--workers", type=int, default=1)
    asked.add_argument("--kept", type=Path, default=KEPT, help="where the claims are kept")
    asked.add_argument("--page", type=Path, default=PAGE)
    asked.add_argument("--dry-run", action="store_true", help="say what is left to do, and how long it takes")
    asked.add_argument(
        "--render", action="store_true", help="write the page from what is kept, and live nothing"
    )
    given = asked.parse_args(words)
    kept = json.loads(given.kept.read_text(encoding="utf-8")) if given.kept.exists() else {}
    if strange := [part for part in given.only if all(part not in claim.says for claim in CLAIMS)]:
        asked.error(f"--only: no claim has {strange[0]} in its words; {PAGE.name} has them all")
    left = [
        claim
        for claim in CLAIMS
        if not given.render
        and (not given.only or any(part in claim.says for part in given.only))
        and kept.get(claim.says, {}).get("key") != said(claim, given.known, given.drawn)["key"]
    ]
    if left:
        minutes = seconds_for(left, given.known, given.drawn) / 60
        print(f"{counted(len(left), 'claim')}: about {minutes:.0f} minutes of a processor", flush=True)
    if given.dry_run:
        return
    for claim in left:
        began = monotonic()
        found = live(claim, given.known, given.drawn, given.workers)
        kept[claim.says] = {**said(claim, given.known, given.drawn), "found": found}
        keep(kept, given.kept)
        write_whole(given.page, page(kept))
        print(f"{claim.says}: {monotonic() - began:.0f} s", flush=True)
    write_whole(given.page, page(kept))


if __name__ == "__main__":
    main()
