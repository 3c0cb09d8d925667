"""Kinds of cash rule, one file each: when money moves."""
