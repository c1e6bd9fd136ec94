"""What `check` reports: alerts, the days on which to remind of them, and both in words."""
