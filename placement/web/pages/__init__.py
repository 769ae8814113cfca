"""Pages: parse, ask or do, answer. A blueprint a role; its guard comes from access.POLICY."""

from placement.web.pages import (  # the modules bind their routes to the blueprints
    account,
    admin,
    answer,
    broker,
    commissioner,
    emails,  # noqa: F401  # to that of account
    health,
    provider,
    update,
)

BLUEPRINTS = (
    account.blueprint,
    health.blueprint,
    answer.blueprint,
    update.blueprint,
    broker.blueprint,
    provider.blueprint,
    commissioner.blueprint,
    admin.blueprint,
)
