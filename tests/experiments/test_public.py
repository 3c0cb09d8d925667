import legalaid_sim


def test_everything_public_is_there_and_nothing_else_is_promised() -> None:
    assert set(legalaid_sim.__all__) == {*legalaid_sim.LATER, "__version__"}
    for name in legalaid_sim.__all__:
        assert getattr(legalaid_sim, name) is not None


def test_what_is_not_there_is_no_attribute() -> None:
    assert not hasattr(legalaid_sim, "no_such_thing")


def test_importing_the_package_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    words = "import sys, legalaid_sim; print([n for n in ('simpy', 'numpy', 'pydantic', 'click') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", words], capture_output=True, text=True).stdout == "[]\n"
