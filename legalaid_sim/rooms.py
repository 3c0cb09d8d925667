"""The plan of the house: which rooms there are, which way imports point, and which of them can move a result."""

from pathlib import PurePath

# From the ground up; a room may import those above it in this list and itself.
ROOMS = (
    ("errors", "arguments", "units", "garbage", "rooms", "files", "extras", "tabular", "glossary"),
    ("yamlfile",),
    ("diagnostics",),
    ("draws", "calendars", "events"),
    ("scenario", "evidence"),
    ("contracts", "brought"),
    ("world",),
    ("clients", "advisers"),
    ("engine",),
    ("invariants", "measures"),
    ("results",),
    ("experiments",),
    ("importing",),
    ("validation", "authoring"),
    ("reports", "exports", "starting"),
    ("api",),
    ("studio",),
    ("cli",),
)
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}
# Rooms with districts, each from the ground up; a file stands in one, and may import those before it and its own.
DISTRICTS = {
    "contracts": (
        "vocabulary", "blocks", "tools", "kinds", "schema", "pricing", "account", "analysis", "language", "claimsfile",
    ),
    "experiments": (
        "shared", "run", "compare", "frontier", "sweep", "sensitivity", "attribution", "search", "reproducing",
    ),
}  # fmt: skip

# What a world lived under a contract can depend on, down to its measures.
MODEL = frozenset(
    {
        "units", "yamlfile", "draws", "calendars", "events", "scenario", "evidence", "contracts", "brought", "world",
        "clients", "advisers", "engine", "invariants", "measures", "tabular",
    }
)  # fmt: skip
# Within them: contracts themselves, which a result keeps beside it, and what only talks about contracts.
APART = (
    ("contracts", "library"),
    ("contracts", "language", "lint"),
    ("contracts", "language", "english"),
)


def room_of(path: PurePath) -> str:
    """Name the room of a file, given by its path within the package.

    >>> room_of(PurePath("clients.py")), room_of(PurePath("cli/run_command.py"))
    ('clients', 'cli')
    """
    return path.with_suffix("").parts[0]


def moves_results(path: PurePath) -> bool:
    """Say whether an edit of this file of the package can move a result.

    >>> moves_results(PurePath("clients.py")), moves_results(PurePath("cli/run_command.py"))
    (True, False)
    """
    parts = path.with_suffix("").parts
    return (
        path.suffix in (".py", ".yaml")
        and room_of(path) in MODEL
        and not any(parts[: len(apart)] == apart for apart in APART)
    )
