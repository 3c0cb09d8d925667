"""Which engine made a row: the version, and a digest of the source and evidence that can move a result."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from legalaid_sim import __version__

HOME = Path(__file__).parents[1]
APART = (
    "cli",
    "reports",
    "studio",
    "experiments",
    "results",
    "validation",
    "contracts/library",
    "contracts/lint",
)


@cache
def engine_version() -> str:
    """Give version and digest, such as ``0.1.0+3f2a9c41d07b``; any edit of the model's source changes it."""
    seen = sha256()
    for path in sorted(HOME.rglob("*")):
        name = path.relative_to(HOME).as_posix()
        if path.suffix in (".py", ".yaml") and not name.startswith(APART):
            seen.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{__version__}+{seen.hexdigest()[:12]}"
