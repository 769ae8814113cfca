"""Pages: parse, ask or do, answer. A blueprint a role; its guard comes from access.POLICY."""

from placement.web.pages import account, health

BLUEPRINTS = (account.blueprint, health.blueprint)
