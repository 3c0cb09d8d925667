"""Kinds of block, one file each: a room for each list of a contract, and the list of all of them."""
