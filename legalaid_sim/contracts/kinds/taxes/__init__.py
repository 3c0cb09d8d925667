"""Kinds of tax on what is paid, one file each."""
