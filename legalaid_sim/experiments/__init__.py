"""Many runs: replications, stopping, and where the work is done."""
