"""`socwatch edit`: its options, and its run."""
