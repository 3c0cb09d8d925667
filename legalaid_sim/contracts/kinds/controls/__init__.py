"""Kinds of control, one file each: what is watched, and what follows."""
