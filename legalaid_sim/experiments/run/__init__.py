"""One scenario under its contracts, lived until the answer is narrow enough."""
