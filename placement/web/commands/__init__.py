"""The flask commands, one module a noun; the factory adds each row of COMMANDS."""

from click import Command

COMMANDS: tuple[Command, ...] = ()
