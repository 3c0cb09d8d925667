"""Python's cyclic garbage collector, set aside while very many records are made and hardly a cycle."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_later() -> Iterator[None]:
    """Keep the cyclic collector off, and leave it as it was found.

    What was made meanwhile counts as old afterwards, since it is there to stay: looking through all of it once more at
    the next small collection would cost a tenth of the run.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # In and out of the permanent generation: what comes out of it counts as old.
        gc.freeze()
        gc.unfreeze()
        if was_on:
            gc.enable()
