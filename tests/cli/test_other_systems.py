"""What cannot be tried here: Windows and macOS, simulated as far as a test on another system can."""

import ast
import errno
import json
import os
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import legalaid_sim
from legalaid_sim.experiments.reproducing import machines_apart
from legalaid_sim.experiments.shared import executors
from legalaid_sim.results import folder as folders
from legalaid_sim.results import open_run
from tests.cli.shell import ROOT, SMALL, run, small
from tests.interpreters import PROMISED

PACKAGE = Path(legalaid_sim.__file__).parent
SYSTEMS = {
    "Linux": ("posix", "linux", "x86_64"),
    "Windows": ("nt", "win32", "AMD64"),
    "Darwin": ("posix", "darwin", "arm64"),
}
EXTRAS = {
    "requirements/run.txt": ["", "studio"],
    "requirements/test.txt": ["", "test", "docs", "parquet", "cluster", "sensitivity", "search", "studio"],
}


# ---- the install line --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXTRAS)
@pytest.mark.parametrize("version", PROMISED)
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_locked_set_is_whole_on_every_system(system: str, version: str, name: str) -> None:
    surroundings = surrounded(system, version)
    assert missing_from(locked_in(name, surroundings), surroundings, EXTRAS[name]) == []


def test_a_package_that_only_windows_needs_is_missed() -> None:
    surroundings = surrounded("Windows", "3.13")
    locked = locked_in("requirements/test.txt", surroundings)
    del locked["colorama"]
    assert any("colorama" in words for words in missing_from(locked, surroundings, ["", "test"]))
    assert "colorama" not in locked_in("requirements/test.txt", surrounded("Linux", "3.13"))


def missing_from(locked: dict[str, set[str]], surroundings: dict[str, str], extras: list[str]) -> list[str]:
    """Say what a set with hashes lacks, which pip then refuses: all that its packages need, as that system reads it."""
    asked = [("legalaid-sim", extras, own_needs())]
    asked += [(package, ["", *more], needs_of(package)) for package, more in locked.items()]
    return [
        f"{package} needs {need}"
        for package, wanted, needs in asked
        for need in needs
        if any(applies(need, {**surroundings, "extra": extra}) for extra in wanted)
        and canonicalize_name(need.name) not in (*locked, "legalaid-sim")
    ]


def surrounded(system: str, version: str) -> dict[str, str]:
    name, platform, machine = SYSTEMS[system]
    return {
        "os_name": name, "sys_platform": platform, "platform_machine": machine, "platform_system": system,
        "python_version": version, "python_full_version": f"{version}.0", "implementation_name": "cpython",
        "platform_python_implementation": "CPython", "implementation_version": f"{version}.0",
        "platform_release": "", "platform_version": "", "extra": "",
    }  # fmt: skip


def locked_in(name: str, surroundings: dict[str, str]) -> dict[str, set[str]]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.rstrip("\\ ")) for line in lines if line and line[0] not in " #"]
    return {canonicalize_name(pin.name): pin.extras for pin in pins if applies(pin, surroundings)}


def applies(need: Requirement, surroundings: dict[str, str]) -> bool:
    return need.marker is None or need.marker.evaluate(surroundings)


def needs_of(package: str) -> list[Requirement]:
    try:
        return [Requirement(line) for line in requires(package) or ()]
    except PackageNotFoundError:
        return []  # of another system: what it needs cannot be read here


def own_needs() -> list[Requirement]:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"].items()
    further = [Requirement(f"{line} ; extra == '{extra}'") for extra, lines in optional for line in lines]
    return [*map(Requirement, project["dependencies"]), *further]


# ---- texts are the same bytes everywhere -------------------------------------------------------------------------


def test_every_text_names_its_encoding_and_the_end_of_its_lines() -> None:
    left = {
        path: list(left_to_the_system(path.read_text(encoding="utf-8"))) for path in PACKAGE.rglob("*.py")
    }
    assert {path: found for path, found in left.items() if found} == {}


def test_a_text_left_to_the_system_is_seen() -> None:
    careless = "p.read_text()\np.write_text(t, encoding='utf-8')\nopen(p, 'w', encoding='utf-8')\np.open()\n"
    careless += "p.open('rb')\np.open('w', encoding='utf-8', newline='')"
    assert [line for line, _ in left_to_the_system(careless)] == [1, 2, 3, 4]


def left_to_the_system(source: str) -> Iterator[tuple[int, str]]:
    """Every reading without an encoding, every writing without an end of line: Windows has its own for both."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (needed := needed_by(node)) - {word.arg for word in node.keywords}:
            yield node.lineno, f"{ast.unparse(node.func)} needs {needed}"


def needed_by(call: ast.Call) -> set[str]:
    name = ast.unparse(call.func).rpartition(".")[2]
    if name in ("read_text", "write_text"):
        return {"encoding", "newline"} if name == "write_text" else {"encoding"}
    if name != "open" or ast.unparse(call.func) in ("os.open", "self._casework.open"):
        return set()
    at = 1 if isinstance(call.func, ast.Name) else 0
    mode = ast.literal_eval(call.args[at]) if len(call.args) > at else "r"
    return set() if "b" in mode else {"encoding"} if mode == "r" else {"encoding", "newline"}


# ---- files and folders -------------------------------------------------------------------------------------------


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """No handle on a folder, no flush of what was opened to read, nothing renamed onto another or while it is open."""
    opened, flushed, renamed = os.open, os.fsync, os.rename
    reading: set[int] = set()

    def open_(path: Path, flags: int, mode: int = 0o777, **more: int) -> int:
        if not more and Path(path).is_dir():
            raise PermissionError(errno.EACCES, "Permission denied")
        handle = opened(path, flags, mode, **more)
        (reading.add if flags & os.O_ACCMODE == os.O_RDONLY else reading.discard)(handle)
        return handle

    def fsync(handle: int) -> None:
        if handle in reading:
            raise OSError(errno.EBADF, "Bad file descriptor")
        flushed(handle)

    def rename(old: Path, new: Path) -> None:
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, "Cannot create a file when that file already exists")
        assert held_open(Path(old)) == []
        renamed(old, new)

    for name, instead in (("open", open_), ("fsync", fsync), ("rename", rename)):
        monkeypatch.setattr(folders.os, name, instead)  # type: ignore[attr-defined]
    monkeypatch.setattr(folders, "_windows", lambda: True)


def held_open(place: Path) -> list[str]:
    """Name what of a folder this process holds open: there, such a folder cannot be renamed."""
    handles = Path("/proc/self/fd")
    links = [os.readlink(each) for each in handles.iterdir() if each.is_symlink()] if handles.is_dir() else []
    return [link for link in links if Path(link).is_relative_to(place)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a short run, with its report."""
    folder = tmp_path_factory.mktemp("here")
    done = run("run", small(folder), "-r", 1, "-w", 1, "-o", "there", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "there"


def test_a_folder_is_written_whole_as_windows_does_it(tmp_path: Path, windows: None) -> None:
    place = tmp_path / "given"
    place.mkdir()
    with folders.written_whole(place) as partial:
        (partial / "inner").mkdir()
        (partial / "inner" / "a.txt").write_text("a", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["given"]
    assert (place / "inner" / "a.txt").is_file()


@pytest.mark.parametrize(
    "words",
    [
        ("init", "new.yaml"),
        ("run", "small.yaml", "--out", "out", "--workers", "1"),
        ("compare", "small.yaml", "--out", "out", "--workers", "1", "--replications", "3"),
        ("export", "FOLDER", "--format", "csv", "--out", "out"),
        ("export", "FOLDER", "--format", "xlsx", "--out", "out.xlsx"),
        ("reproduce", "FOLDER", "--workers", "1"),
    ],
    ids=lambda words: "-".join(words[:1] + words[2:4:2]),
)
def test_commands_that_write_do_so_as_windows_does_it(
    tmp_path: Path, written: Path, windows: None, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    from legalaid_sim.cli import group

    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(group, [str(written) if word == "FOLDER" else word for word in words])
    assert told.exit_code == 0, told.output


@pytest.mark.parametrize("name", ["con", "NUL", "Com1", "lpt9", "aux."])
def test_no_folder_bears_the_name_of_a_device(name: str) -> None:
    assert folders.slug(name) not in folders.DEVICES
    assert folders.slug(f"{name} agency") == folders.slug(f"{name}-agency")


# ---- processes and signals ---------------------------------------------------------------------------------------


def test_no_more_processes_than_windows_can_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import process

    monkeypatch.setattr(executors, "os", SimpleNamespace(name="nt"))
    assert executors.workers_for(512, 1000) == executors.Local(process._MAX_WINDOWS_WORKERS)  # type: ignore[attr-defined]
    monkeypatch.setattr(executors, "os", SimpleNamespace(name="posix"))
    assert executors.workers_for(512, 1000) == executors.Local(512)


def test_work_is_shared_where_signals_and_affinity_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "signal", SimpleNamespace(SIGINT=2))
    monkeypatch.setattr(executors, "os", SimpleNamespace(name="nt", cpu_count=lambda: 2))
    assert executors.available() == 2
    with executors._deaf_children():
        assert executors.workers_for(None, 3) == executors.Local(2)


# ---- a folder from another machine -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "processor", "words"),
    [
        ("macOS-15.1-arm64-arm-64bit", "arm64", "macOS on arm64 then"),
        ("Windows-11-10.0.26100-SP0", "AMD64", "Windows on AMD64 then"),
        ("Linux-6.1.0-x86_64-with-musl1.2", "x86_64", "Linux with musl1.2 on x86_64 then"),
    ],
)
def test_a_folder_of_another_machine_is_told(
    tmp_path: Path, written: Path, system: str, processor: str, words: str
) -> None:
    place = tmp_path / "elsewhere"
    shutil.copytree(written, place)
    path = place / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    with open_run(place) as here:
        assert machines_apart(here) is None
    told["made"] |= {"platform": system, "processor": processor}
    path.write_text(json.dumps(told), encoding="utf-8")
    with open_run(place) as here:
        assert (machines_apart(here) or "").startswith(words)
