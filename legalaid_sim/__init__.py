"""legalaid-sim: what a contract for advice does to the relationship between client and adviser."""

__version__ = "0.1.0"
