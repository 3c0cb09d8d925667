"""Kinds of adjustment, one file each: what moves with an index."""
