"""The front page for research from Python: the commands as functions of plain arguments, with typed results.

A scenario is named by its file; a contract by its name in the library, by its file, or by its text; one contract or
several. Results know their rows: lists of mappings that pandas and polars take as they are. Nothing is printed.
Whatever is wrong with files or questions is raised as a ``LegalAidSimError`` that says what to do. What an argument
may be is said above its function, in the words of ``arguments``, and read before anything is done.
"""
