"""Claims priced a second from a CSV file on one core, and the memory that a long file needs.

Repeats the published claims of the civil scheme until the file is as long as asked for, prices it a few times
and prints the median. Run from the repository: ``python bench/price.py [--claims N] [--rounds N]``.
"""

import argparse
import csv
import resource
import statistics
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from legalaid_sim.contracts.claimsfile.pricer import Pricer, open_pricer
from legalaid_sim.contracts.language.load import LIBRARY

KILOBYTES_A_MEGABYTE = 1024


def write_claims(path: Path, number: int) -> None:
    with (LIBRARY / "civil-scheme-claims.csv").open(encoding="utf-8", newline="") as published:
        names, *rows = csv.reader(published)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([f"{at}-{row[0]}", *row[1:]] for at, row in enumerate(islice(cycle(rows), number)))


def rate(pricer: Pricer, claims: Path, out: Path) -> float:
    started = time.process_time()
    tally = pricer.price_file(claims, out)
    return tally.priced / (time.process_time() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    started = time.perf_counter()
    pricer = open_pricer("civil-scheme")
    loaded = time.perf_counter() - started
    with tempfile.TemporaryDirectory() as folder:
        claims, out = Path(folder) / "claims.csv", Path(folder) / "priced.csv"
        write_claims(claims, given.claims)
        rates = [rate(pricer, claims, out) for _ in range(given.rounds)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KILOBYTES_A_MEGABYTE
    print(f"contract loaded and compiled in {loaded:.3f} s")
    print(f"{given.claims:,} claims, {given.rounds} rounds, peak memory {peak} MB")
    print(f"median {statistics.median(rates):,.0f} claims a second ({min(rates):,.0f} to {max(rates):,.0f})")


if __name__ == "__main__":
    main()
