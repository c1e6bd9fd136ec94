"""Reports, papers, alerts and registers as text or files."""
