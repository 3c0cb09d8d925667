"""Contracts side by side in the same worlds: differences, who gains by them, equal money, the best of several."""
