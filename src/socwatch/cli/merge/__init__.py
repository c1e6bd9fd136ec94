"""`socwatch merge`: its options, its runs, and what sets git up."""
