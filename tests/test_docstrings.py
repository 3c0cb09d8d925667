"""Every example in a docstring of the package gives what it says."""

import doctest
import importlib
from pathlib import Path

import pytest

import legalaid_sim

PACKAGE = Path(legalaid_sim.__file__).parent
WITH_EXAMPLES = [path for path in sorted(PACKAGE.rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_an_example_gives_what_it_says(path: Path) -> None:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
    for example in doctest.DocTestFinder().find(module):
        runner.run(example, out=told.append)
    # An example that no finder sees (of a decorated function, say) would be a sentence nobody holds to.
    assert runner.summarize(verbose=False).attempted == path.read_text(encoding="utf-8").count(">>> ")
    assert not told, "".join(told)
