"""Runs that pages have begun: each a child of this process, known by what it was asked."""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple

from legalaid_sim.contracts.language.load import library_names
from legalaid_sim.errors import ResultsError
from legalaid_sim.results.folder import slug
from legalaid_sim.studio.folder import MANIFEST, Folder

MOST_CONTRACTS, MOST_WORLDS, MOST_AT_ONCE = 4, 1000, 2
HOW = ("run", "compare")
PATIENCE = 20.0


class LifeAsked(NamedTuple):
    """What is to be lived: names of files below the folder, or of the library."""

    scenario: str
    contracts: tuple[str, ...]
    worlds: int
    how: str = "run"
    seed: int | None = None


class LifeTold(NamedTuple):
    """How far a run is; one of ``finished``, ``failed``, ``stopped`` is said at its end."""

    key: str
    asked: LifeAsked
    done: int = 0
    most: int = 0
    early: tuple[tuple[str, ...], ...] = ()
    finished: str = ""
    failed: str = ""
    stopped: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more is to be told."""
        return bool(self.finished or self.failed or self.stopped)


class _Life:
    """A child and what it has told; a thread reads along."""

    def __init__(self, root: Path, told: LifeTold, out: Path) -> None:
        self._closing = threading.Lock()
        self.told, self._name = told, str(out.relative_to(root))
        asked = told.asked._asdict() | {"out": str(out)}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "legalaid_sim.studio.living"],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C reaches the studio, which closes the child's input
        )
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps(asked) + "\n")
        self.child.stdin.flush()
        self._reader = threading.Thread(target=self._read, args=(self.child.stdout,), daemon=True)
        self._reader.start()

    def _read(self, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                said: dict[str, Any] = json.loads(line)
                if "early" in said:
                    said["early"] = tuple(tuple(row) for row in said["early"])
                if said.get("finished"):
                    said["finished"] = self._name
                self.told = self.told._replace(**said)
        self._close()
        self.child.wait()
        if not self.told.over:
            self.told = self.told._replace(
                failed="the run ended and did not say why; begin it again, it goes on"
            )

    def stop(self) -> LifeTold:
        """Close the child's input, and wait until it has said what is kept."""
        self._close()
        self._reader.join(PATIENCE)
        return self.told

    def _close(self) -> None:
        assert self.child.stdin is not None
        # Asked for by a page and by the thread that reads, which may meet.
        with self._closing, suppress(OSError):
            self.child.stdin.close()


class LifeDesk:
    """The runs of one studio; a question asked again goes on where it was stopped, or shows what stands."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._held: dict[str, _Life | _Stood] = {}
        self._lock = threading.Lock()

    def asked_of(self, sent: Mapping[str, str], contracts: tuple[str, ...]) -> LifeAsked:
        """Read what a form asks; raises ``ResultsError`` where it cannot be lived."""
        scenario = sent.get("scenario", "")
        self.folder.read(scenario)
        chosen = tuple(dict.fromkeys(contracts))
        if not 1 <= len(chosen) <= MOST_CONTRACTS:
            raise ResultsError(
                "this question", f"needs 1 to {MOST_CONTRACTS} contracts; {len(chosen)} are chosen"
            )
        for name in chosen:
            if name not in library_names():
                self.folder.read(name)
        number = sent.get("worlds", "")
        if not number.isdigit() or not 2 <= int(number[:6]) <= MOST_WORLDS:
            raise ResultsError("this question", f"needs from 2 to {MOST_WORLDS} worlds")
        how = sent.get("how", "run")
        if how not in HOW:
            raise ResultsError("this question", "is either a run or a comparison")
        seed = sent.get("seed", "").strip()
        if seed and not (seed.isdigit() and len(seed) < 16):
            raise ResultsError("this question", "has a seed that is no whole number")
        return LifeAsked(scenario, chosen, int(number), how, int(seed) if seed else None)

    def start(self, asked: LifeAsked) -> str:
        """Begin, or go on, and give the key by which it is asked after."""
        key = self._key(asked)
        name = f"results/{slug(Path(asked.scenario).stem)}/try-{key}"
        with self._lock:
            held = self._held.get(key)
            if held is not None and not held.told.over:
                return key
            if held is not None:
                held.stop()
            busy = [life for life in self._held.values() if not life.told.over]
            if len(busy) >= MOST_AT_ONCE:
                raise ResultsError("this question", "has to wait: two runs are on their way; stop one")
            out = self.folder.root / name
            told = LifeTold(key, asked)
            if (out / MANIFEST).is_file():
                self._held[key] = _Stood(told._replace(finished=name))
            else:
                self._held[key] = _Life(self.folder.root, told, out)
        return key

    def told(self, key: str) -> LifeTold:
        """Say how far a run is; raises ``ResultsError`` where none of that key was begun."""
        if key not in self._held:
            raise ResultsError(
                "this run", "was not begun here; begin it again, and it goes on where it was stopped"
            )
        return self._held[key].told

    def stop(self, key: str) -> LifeTold:
        """Stop a run; worlds that are done are kept."""
        self.told(key)
        return self._held[key].stop()

    def all(self) -> list[LifeTold]:
        """Give every run that was begun."""
        return [life.told for life in self._held.values()]

    def end(self) -> None:
        """Stop every run."""
        for life in list(self._held.values()):
            life.stop()

    def _key(self, asked: LifeAsked) -> str:
        """Tell one question from another, by the texts of its files as well as by their names."""
        files = [name for name in (asked.scenario, *asked.contracts) if name not in library_names()]
        texts = [self.folder.read(name).digest for name in files]
        return sha256(json.dumps([asked, texts]).encode()).hexdigest()[:12]


class _Stood:
    """A run whose results stand already."""

    def __init__(self, told: LifeTold) -> None:
        self.told = told

    def stop(self) -> LifeTold:
        """Say that it is done."""
        return self.told
