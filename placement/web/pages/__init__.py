"""Pages: parse, ask or do, answer. A blueprint a role; its guard comes from access.POLICY."""

from placement.web.pages import (  # noqa: F401  # they bind their routes to account's
    account,
    account_links,
    account_steps,
    admin,
    answer,
    broker,
    commissioner,
    health,
    provider,
)

BLUEPRINTS = (
    account.blueprint,
    health.blueprint,
    answer.blueprint,
    broker.blueprint,
    provider.blueprint,
    commissioner.blueprint,
    admin.blueprint,
)
