"""What every study uses: worlds lived again and again, estimates and what can be said of them, workers, stopping."""
