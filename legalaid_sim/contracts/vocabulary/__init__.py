"""What a contract can speak of: facts it is told, values it names, conditions it asks, words that a run can raise."""
