"""`socwatch schema`."""

from __future__ import annotations

from pathlib import Path

from socwatch.cli.options import OutputOption, RegisterOptions


def schema_command(*, output: OutputOption = None, register: RegisterOptions) -> None:
    """Print the JSON Schema by which editors check a register.

    Save it beside the register with --output recommendations.schema.json, and make
    #:schema ./recommendations.schema.json the first line of the register: editors that use taplo
    or tombi then complete and check it while it is typed.
    """
    from socwatch.cli.registers import register_files
    from socwatch.cli.streams import write_file, write_out
    from socwatch.errors import RegisterError
    from socwatch.store.schema import schema_text

    if output is None:
        write_out(schema_text())
        return
    try:
        beside: tuple[Path, ...] = register_files(register).files
    except RegisterError:
        beside = ()
    write_file(output, schema_text(), registers=beside)
