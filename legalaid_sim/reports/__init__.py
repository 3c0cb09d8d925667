"""What people read: tables on the terminal, receipts, reports. Works on a results folder as on a live run."""
