"""A Typer hello world of two commands: no command line made with Typer can start faster."""

import typer

app = typer.Typer()


@app.command()
def greet(name: str = "world") -> None:
    """Say hello."""
    typer.echo(f"hello, {name}")


@app.command()
def part(name: str = "world") -> None:
    """Say goodbye."""
    typer.echo(f"goodbye, {name}")


if __name__ == "__main__":
    app(prog_name="hello")
