"""A compiled contract: what a matter earns under it, why, and what one more minute would earn."""
