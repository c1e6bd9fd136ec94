"""`socwatch check`: its options, and its run."""
