"""What has happened under a contract with one provider, and what the contract answers."""
