"""Let ``python -m legalaid_sim`` do what the console script does."""

from legalaid_sim.cli import main

if __name__ == "__main__":
    main()
