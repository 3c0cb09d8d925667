"""What blocks are made of: the keys they share, what a contract names, and all kinds of block but payments."""
