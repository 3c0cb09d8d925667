"""The same bytes under every CPython that is promised, as far as this machine has them."""

import sys
from pathlib import Path

import pytest

from tests.interpreters import compared, found


def test_only_interpreters_that_run_are_found(tmp_path: Path) -> None:
    broken = tmp_path / "python3.12"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    here = Path(sys.executable)
    assert found([broken, tmp_path / "none", here, here]) == {f"3.{sys.version_info.minor}": here}


@pytest.mark.long
def test_the_same_bytes_under_every_interpreter_found(tmp_path: Path) -> None:
    told = list(compared(found(), (), tmp_path))
    assert told
    assert [each for each in told if not each.same] == []
