"""What must come of a change, by subject: tables that one test reads."""
