"""Contracts as files: read, checked, told in English, compared, and played through worked examples."""
