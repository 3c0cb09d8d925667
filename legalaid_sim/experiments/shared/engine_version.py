"""Which engine made a row: the version, and a digest of the source and evidence that can move a result."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from legalaid_sim import __version__
from legalaid_sim.rooms import moves_results

HOME = Path(__file__).parents[2]


@cache
def engine_version() -> str:
    """Give version and digest, such as ``0.1.0+3f2a9c41d07b``; any edit of the model's source changes it."""
    return f"{__version__}+{digest_of(HOME)[:12]}"


def digest_of(package: Path) -> str:
    """Give the SHA-256 over the files of a package that can move a result: their names and their bytes."""
    seen = sha256()
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package)
        if moves_results(name):
            seen.update(name.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()
