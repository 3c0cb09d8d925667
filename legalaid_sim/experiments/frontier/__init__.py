"""What the same adviser costs: continuity against waits and load, as the own adviser is waited for longer."""
