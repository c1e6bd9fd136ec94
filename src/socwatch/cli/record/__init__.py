"""The commands that record an update: their options, and their run."""
