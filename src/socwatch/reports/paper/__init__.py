"""The committee's paper, section by section, as values for `render`."""
