"""Write the digests that ``test_golden.py`` holds the engine to: run only when a result is meant to move.

    python -m tests.engine.golden

Say in CHANGELOG, under "moves results", what moved and why.
"""

import json
from pathlib import Path

from legalaid_sim.engine import Regime, simulate
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.world import sample
from tests.engine.worlds import digest, scenario

GOLDEN = Path(__file__).with_name("golden.json")


def made() -> dict[str, Scenario]:
    """The scenarios whose digests are kept."""
    return {
        "least_loaded": scenario(),
        "pool": scenario(
            organisation__allocation={"first": "pool", "own_adviser_patience_days": 0},
            clients__patience_days={"exponential": {"mean": 30}},
        ),
        "strict": scenario(
            organisation__allocation={"first": "specialist", "own_adviser_patience_days": "for_ever"},
            assumptions={"adviser.leaving_per_month": 0.1},
        ),
    }


def digests(which: Scenario) -> dict[str, str]:
    """Digests of the world and of the log without a contract."""
    world = sample(which, 2008)
    return {"world": world.digest, "log": digest(simulate(world, which, Regime("no-contract")))}


if __name__ == "__main__":
    found = {name: digests(which) for name, which in made().items()}
    GOLDEN.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"Wrote {GOLDEN}. Say in CHANGELOG what moved and why.")
