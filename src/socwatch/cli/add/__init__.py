"""`socwatch add`: its options, and its run."""
