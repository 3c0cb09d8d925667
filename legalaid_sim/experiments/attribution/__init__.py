"""Which clauses make a difference, and how much of it is typed into them, followed, or found."""
