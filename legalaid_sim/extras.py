"""Libraries that only some work needs: the line that installs them, wherever this package came from."""

import sys
from importlib.metadata import PackageNotFoundError, requires

NAME = "legalaid-sim"


def install_line(extra: str) -> str:
    """Give the command that installs what an extra of this package is made of, into the Python at work.

    It names the libraries and not this package, which no registry need hold under this name.
    """
    wanted = " ".join(f"'{library}'" for library in libraries(extra))
    return f"{sys.executable} -m pip install {wanted}"


def libraries(extra: str) -> list[str]:
    """List the libraries of an extra with their least versions, as the package was installed with them."""
    try:
        told = requires(NAME) or []
    except PackageNotFoundError:
        return [extra]
    parts = (line.partition(";") for line in told)
    found = [name.strip() for name, _, when in parts if f"extra == '{extra}'" in when.replace('"', "'")]
    return found or [extra]
