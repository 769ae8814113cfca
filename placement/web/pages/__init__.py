"""Pages: parse, ask or do, answer. A blueprint a role; its guard comes from access.POLICY."""

from placement.web.pages import (
    account,
    account_links,  # noqa: F401  # it binds its routes to account's blueprint
    account_steps,  # noqa: F401  # so does this
    admin,
    answer,
    broker,
    commissioner,
    health,
    join,
    onboarding,
    provider,
)

BLUEPRINTS = (
    account.blueprint,
    health.blueprint,
    answer.blueprint,
    join.blueprint,
    broker.blueprint,
    provider.blueprint,
    commissioner.blueprint,
    onboarding.blueprint,
    admin.blueprint,
)
