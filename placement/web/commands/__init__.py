"""The flask commands, a module a noun, each an AppGroup and its commands; the factory adds each row of COMMANDS."""

from click import Command

from placement.web.commands.demo import demo
from placement.web.commands.geography import geography
from placement.web.commands.market import market
from placement.web.commands.match import match
from placement.web.commands.planning import planning
from placement.web.commands.serve import start, worker
from placement.web.commands.user import user

COMMANDS: tuple[Command, ...] = (demo, geography, market, match, planning, start, user, worker)
