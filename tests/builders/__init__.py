"""What tests build of: scenarios, contracts and matters, lives, logs by hand; of what the engine can write alone."""
