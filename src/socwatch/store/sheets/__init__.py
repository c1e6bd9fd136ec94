"""A spreadsheet's file, read to plain cells: nothing here knows what a cell means."""
