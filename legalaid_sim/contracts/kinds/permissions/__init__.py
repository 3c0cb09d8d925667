"""Kinds of permission, one file each: what may be done, and whose turn it is."""
