"""What a designer or analyst asks of their own files: is it right, what does it mean, what would differ."""
