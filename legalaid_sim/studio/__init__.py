"""A contract designer's desk in the browser: files are the only state, and every answer is that of the command line.

From the ground up: ``folder`` (the files that may be touched), ``editing`` (texts to texts), ``knobs``, ``wording``,
``payview``, ``trying`` and ``bench`` (what is shown beside a text, as plain data), ``looking`` (all of it at once),
``worker`` (looking, in a process with a limit of time), ``desk`` (what a form asks for), ``shapes`` and ``shelf`` (what
there is, and what is begun), ``living`` and ``lives`` (runs, in children), ``safety`` (who may ask), ``pages``,
``trypages`` and ``app`` (what is answered), ``serving`` (the address).
"""
