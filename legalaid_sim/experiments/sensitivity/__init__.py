"""What a finding hangs on: parameters moved one at a time, screened, and by share of the variance."""
