"""Kinds of duty, one file each: what is asked of the provider, with its minutes."""
