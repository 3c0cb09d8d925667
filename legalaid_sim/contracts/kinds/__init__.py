"""What each kind of block pays, and how it is compiled."""
