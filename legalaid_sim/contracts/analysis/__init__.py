"""What a contract would answer: pay curves, circumstances that a contract tells apart, what a run must raise for it."""
