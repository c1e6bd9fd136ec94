"""Imports what `socwatch status` cannot do without, and prints one table: it works out nothing."""

import toml_rs
import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

IMPORTED = (toml_rs.loads, typer.Typer, BaseModel)


def main() -> None:
    """Prints a table of the size of the shipped register's."""
    table = Table("Body", "Grade", "Causes", "Recommendations", "AFIs", "Overdue", "Next deadline")
    for number in range(1, 7):
        table.add_row(f"Body {number}", "adequate", "1", "5 of 9", "3", "2", "1 Jan 2025")
    Console().print(table)


if __name__ == "__main__":
    main()
