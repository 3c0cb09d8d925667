"""Try faults and say which the tests did not see.

    python -m tests.mutation GROUP [--share 0.2] [--module PATTERN …] [--within FUNCTION …] [--out FILE] [--again FILE]

Needs cosmic-ray (``pip install cosmic-ray``). Exits 1 where a survivor is not answered in ``answered.json``.
"""

import argparse
import fnmatch
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.mutation import GROUPS, SEED, Mutant, answered, drawn, modules_of, mutants_of, places_of
from tests.mutation.trying import Tried, fates_of, warm


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description="Try faults.")
    parser.add_argument("group", choices=sorted(GROUPS))
    parser.add_argument("--share", type=float, default=1.0, help="the share of the faults of each module (1)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"which of them are drawn ({SEED})")
    parser.add_argument("--module", nargs="*", default=[], help="these modules of the group only")
    parser.add_argument("--within", nargs="*", default=[], help="faults of these functions only")
    parser.add_argument("--tests", nargs="*", default=[], help="these tests instead of the group's")
    parser.add_argument("--again", type=Path, help="only what survived by such a file")
    parser.add_argument("--out", type=Path, help="write every fault and its fate into this file, a line each")
    asked = parser.parse_args()
    group, reasons = GROUPS[asked.group], answered()
    os.environ["PYTHONHASHSEED"] = "0"
    warm()
    tests = asked.tests or group.tests
    open_ones = 0
    every = {
        module: places_of(module)
        for module in modules_of(group)
        if _asked_for(module, [f"*{pattern}" for pattern in asked.module])
    }
    kept = _survived(asked.again) if asked.again else None
    mutants: list[Mutant] = []
    for module, places in every.items():
        share = drawn(places, asked.share, asked.seed)
        # Making one fault takes as long as trying it: none is made in a function of which nothing is asked for.
        within = None if kept is None else {known[1] for known in kept if known[0] == module}
        mutants += mutants_of(
            module,
            [
                each
                for each in share
                if _asked_for(each[2], asked.within) and (within is None or each[2] in within)
            ],
        )
    if kept is not None:
        mutants = [mutant for mutant in mutants if mutant.key in kept]
    fates: dict[str, Counter[str]] = {module: Counter() for module in every}
    for mutant, found in fates_of(mutants, tests, group.called_only):
        known = found.fate == "survived" and mutant.key in reasons
        fates[mutant.module]["answered" if known else found.fate] += 1
        if found.fate == "survived" and not known:
            open_ones += 1
            print(_survivor(mutant), flush=True)
        _keep(asked.out, mutant, found)
    for module, places in every.items():
        print(
            f"{module}: {fates[module].total()} of {len(places)} faults, {_told(fates[module])}", flush=True
        )
    return 1 if open_ones else 0


def _asked_for(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def _survived(path: Path) -> set[tuple[str, str, str, str]]:
    kept = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {
        (each["module"], each["within"], each["says"], each["would_say"])
        for each in kept
        if each["fate"] == "survived"
    }


def _survivor(mutant: Mutant) -> str:
    place = f"{mutant.module}:{mutant.line} {mutant.within} ({mutant.operator})"
    return f"survived  {place}\n    - {mutant.says}\n    + {mutant.would_say}"


def _told(fates: Counter[str]) -> str:
    seen = fates["killed"] + fates["too slow"]
    counted = seen + fates["survived"] + fates["answered"]
    words = ", ".join(f"{number} {fate}" for fate, number in sorted(fates.items()))
    return f"{words}: {seen} of {counted} seen"


def _keep(out: Path | None, mutant: Mutant, found: Tried) -> None:
    if out:
        with out.open("a", encoding="utf-8") as kept:
            kept.write(
                json.dumps({**mutant._asdict(), **found._asdict(), "source": ""}, ensure_ascii=False) + "\n"
            )


if __name__ == "__main__":
    sys.exit(main())
