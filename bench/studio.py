"""Time the studio: a text looked at, for every contract of the library, and its first page from a cold start.

    python bench/studio.py [ROUNDS]

A round turns a number of each contract and takes the time of all that the page then asks for: check, pay curves now and
saved, receipt, examples, English. Percentiles are over all contracts and rounds. Nothing is asserted.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from legalaid_sim.authoring.checking import check_contract
from legalaid_sim.contracts.analysis.paycurve import pay_curve, sample_matters
from legalaid_sim.contracts.language.load import LIBRARY, library_names
from legalaid_sim.studio.looking import TextAsked, look_at_text
from legalaid_sim.yamlfile import numbers_of, parse, with_number

ROUNDS = 5


def main() -> None:
    os.chdir(LIBRARY)  # as the process that looks does
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    every: list[float] = []
    both: list[float] = []
    print(f"{'contract':<40}{'check+curve':>12}{'whole page':>12}  ms, median of {rounds}")
    for name in library_names():
        asked, looked = [], []
        place = LIBRARY / f"{name}.yaml"
        saved = place.read_text(encoding="utf-8")
        numbers = [
            each for each in numbers_of(parse(saved)) if each.path[0] not in ("schema_version", "examples")
        ]
        for turn in range(rounds + 1):
            chosen = numbers[turn % len(numbers)]
            text = with_number(saved, chosen.mark, str(chosen.value))
            began = time.perf_counter()
            checked = check_contract(parse(text, str(place)), place)[1]
            for sample in list(sample_matters(checked))[:1]:
                pay_curve(checked, sample)
            middle = time.perf_counter()
            look_at_text(TextAsked(str(LIBRARY), place.name, text, saved))
            if turn:  # the first warms up
                asked.append(1000 * (middle - began))
                looked.append(1000 * (time.perf_counter() - middle))
        both += asked
        every += looked
        print(f"{name:<40}{at(asked, 50):>12.0f}{at(looked, 50):>12.0f}")
    for words, found in (("check and curve", both), ("whole page", every)):
        print(f"{words}: p50 {at(found, 50):.0f} ms, p95 {at(found, 95):.0f} ms, most {max(found):.0f} ms")
    colds = [cold() for _ in range(3)]
    print(f"first page from a cold start: {', '.join(f'{each:.2f}' for each in colds)} s")


def at(found: list[float], percent: int) -> float:
    """Give the value that so many percent do not exceed."""
    return sorted(found)[max(0, -(-len(found) * percent // 100) - 1)]


def cold() -> float:
    """Give the seconds from typing the command to having read the shelf."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.yaml").write_bytes((LIBRARY / "core-and-case.yaml").read_bytes())
        began = time.perf_counter()
        typed = [sys.executable, "-m", "legalaid_sim", "studio", folder, "--no-open"]
        with subprocess.Popen(typed, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
            assert running.stdout is not None
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            assert b"Shelf" in opener.open(running.stdout.readline().strip()).read()
            took = time.perf_counter() - began
            running.terminate()
        return took


if __name__ == "__main__":
    main()
