"""Known answers: queueing formulas and exact laws, held against the real engine."""
