"""The whole register, one module for each format."""
