"""The files of one folder that may be read and written: YAML and CSV below it, and nothing that a link leads to."""

import csv
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from legalaid_sim.errors import ResultsError
from legalaid_sim.files import replace_unchanged, write_new, write_whole

ENDINGS = (".yaml", ".yml", ".csv")
LARGEST_TEXT = 1_000_000
DEEPEST = 3
REASONS = "reasons.csv"
MANIFEST = "manifest.json"


class Opened(NamedTuple):
    """A file as it stands on disk: its name below the folder, its bytes, and their digest."""

    name: str
    raw: bytes

    @property
    def digest(self) -> str:
        """Tell one version of the file from another."""
        return sha256(self.raw).hexdigest()

    @property
    def text(self) -> str:
        """Give the text with its own line ends and byte order mark; raises ``ResultsError`` where it is none."""
        try:
            return self.raw.decode("utf-8")
        except UnicodeDecodeError:
            raise ResultsError(self.name, "is not UTF-8 text") from None


class Folder:
    """A folder and what may be touched in it; every name is that of a file below it, with ``/`` between parts."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))

    def place(self, name: str) -> Path:
        """Give the path of a name; raises ``ResultsError`` for one that may not be touched, there or not."""
        parts = name.split("/")
        if not name.endswith(ENDINGS) or any(_is_bad(part) for part in parts) or len(parts) > DEEPEST:
            raise ResultsError(name[:200], "is no name of a YAML or CSV file in this folder")
        path = self.root.joinpath(*parts)
        if path.is_symlink() or not Path(os.path.realpath(path)).is_relative_to(self.root):
            raise ResultsError(name[:200], "is, or lies behind, a link: links are not followed")
        return path

    def read(self, name: str) -> Opened:
        """Read a file; raises ``ResultsError`` where it is not there, too large or no text."""
        path = self.place(name)
        try:
            with path.open("rb") as file:
                raw = file.read(LARGEST_TEXT + 1)
        except OSError as error:
            raise ResultsError(name, f"cannot be read: {error.strerror}") from None
        if len(raw) > LARGEST_TEXT:
            raise ResultsError(name, "is larger than 1 MB, the most that is opened here")
        return Opened(name, raw)

    def save(self, was: Opened, now: bytes, because: str = "") -> None:
        """Write over a file that still holds what was read, whole or not at all, and keep the reason if there is one.

        Raises ``ResultsError`` where it holds something else by now.
        """
        if len(now) > LARGEST_TEXT:
            raise ResultsError(was.name, "would be larger than 1 MB, the most that is saved here")
        replace_unchanged(self.place(was.name), was.raw, now)
        if because:
            self._keep_reason(was, Opened(was.name, now), because)

    def add(self, name: str, text: str) -> None:
        """Write a new file; raises ``ResultsError`` where there is one already."""
        write_new(self.place(name), text)

    def names(self, ending: str = ".yaml") -> list[str]:
        """Name the files of a kind, in order; folders of results and hidden ones are passed over."""
        return sorted(self._below(self.root, "", ending))

    def runs(self) -> list[str]:
        """Name the folders of results, newest last."""
        found = (path.parent for path in self.root.glob(f"results/*/*/{MANIFEST}"))
        return sorted(
            (str(path.relative_to(self.root)) for path in found if not path.name.startswith(".")),
            key=lambda name: name.rpartition("/")[2],
        )

    def _below(self, at: Path, before: str, ending: str) -> Iterator[str]:
        with os.scandir(at) as entries:
            held = sorted(entries, key=lambda entry: entry.name)
        if any(entry.name == MANIFEST for entry in held):
            return
        for entry in held:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir() and before.count("/") < DEEPEST - 1 and entry.name != "results":
                yield from self._below(Path(entry.path), f"{before}{entry.name}/", ending)
            elif entry.is_file() and entry.name.endswith(ending):
                yield before + entry.name

    def _keep_reason(self, was: Opened, now: Opened, because: str) -> None:
        path = self.place(REASONS)
        row, head = io.StringIO(newline=""), ("saved", "file", "before", "after", "because")
        writer = csv.writer(row, lineterminator="\n")
        known = path.read_text(encoding="utf-8") if path.exists() else ",".join(head) + "\n"
        told = " ".join(because.split())[:500]
        # A sheet would work out a text that begins so.
        told = f"'{told}" if told.startswith(("=", "+", "-", "@")) else told
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        writer.writerow((stamp, was.name, was.digest[:12], now.digest[:12], told))
        write_whole(path, known + row.getvalue())


def _is_bad(part: str) -> bool:
    return (
        not part
        or part.startswith(".")
        or any(sign in part for sign in '\\:\0"<>|?*\n\r\t')
        or part != part.strip()
    )
