"""A register's file: where it is, what it holds, and where in it each thing stands.

No other package touches one. Modules are imported one by one: the shell's completion needs
`discovery` and `syntax` on every Tab, and none of what builds records.
"""
