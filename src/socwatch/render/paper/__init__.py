"""The committee's paper, one module for each format."""
