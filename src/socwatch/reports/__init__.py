"""Which rows, in which order, under which headings: each report is a value for `render`."""
