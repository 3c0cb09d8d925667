"""What blocks are made of: the keys they share, what a contract names, how a key acts."""
