"""socwatch keeps the record of what HMICFRS asked of each force, and says where each stands."""

__version__ = "0.1.0"
