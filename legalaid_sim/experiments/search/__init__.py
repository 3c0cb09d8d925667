"""Contracts that no person wrote: proposed, lived, lived again in fresh worlds."""
