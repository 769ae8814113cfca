"""Pages: parse, ask or do, answer. A blueprint a role; its guard comes from access.POLICY."""

from placement.web.pages import (  # the modules bind their routes to the blueprints
    account,
    account_links,  # noqa: F401  # it binds its routes to account's blueprint
    account_steps,  # noqa: F401  # so does this
    admin,
    answer,
    broker,
    commissioner,
    emails,  # noqa: F401  # to that of account
    health,
    join,
    onboarding,
    provider,
    update,
)

BLUEPRINTS = (
    account.blueprint,
    health.blueprint,
    answer.blueprint,
    update.blueprint,
    join.blueprint,
    broker.blueprint,
    provider.blueprint,
    commissioner.blueprint,
    onboarding.blueprint,
    admin.blueprint,
)
