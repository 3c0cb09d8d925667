"""Kinds of standard, one file each: how the service works."""
