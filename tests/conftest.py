"""What holds for all tests: none of them is about how fast the machine is."""

import signal

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")

# A shell that starts the suite in the background lets Ctrl-C be ignored, which whatever is started here would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)
