"""Experiments: worlds lived again and again, and what can be said from them.

A room for each kind of study, from the ground up; a room may use those above it here, and no other:
``shared``, ``run``, ``compare``, ``sweep``, ``sensitivity``, ``attribution``, ``search``, and ``reproducing``.
"""
