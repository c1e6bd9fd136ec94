"""Alerts, in the formats that only `check` has."""
