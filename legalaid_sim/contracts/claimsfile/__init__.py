"""Tables of closed cases, priced under a contract."""
