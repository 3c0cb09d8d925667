"""What holds for all tests: none of them is about how fast the machine is."""

import gc
import os
import signal
import sys

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

# A shell that starts the suite in the background lets Ctrl-C be ignored, which whatever is started here would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Where the shell forbids compiled files, whatever a test starts would compile all that it imports again, and every
# session would write the assertions of all tests anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What thousands of collected tests are made of stays to the end, and what a life makes is freed by its counts (a test
# of the engine says so): Python's usual collector would look through all of it again and again for the few cycles.
gc.set_threshold(50_000, 20, 100)
