"""Many points of a scenario: what is varied, the work of a point, the store of its rows, reading them again."""
