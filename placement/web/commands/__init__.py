"""The flask commands, one module a noun; the factory adds each row of COMMANDS."""

from click import Command

from placement.web.commands.market import market
from placement.web.commands.match import match
from placement.web.commands.places import demo, geography
from placement.web.commands.planning import planning
from placement.web.commands.serve import start, worker

COMMANDS: tuple[Command, ...] = (demo, geography, market, match, planning, start, worker)
