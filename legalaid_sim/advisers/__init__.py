"""Who advises: desks and diaries, allocation, effort, strain."""
