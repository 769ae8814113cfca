"""Pages: parse, ask or do, answer. A blueprint a role; its guard comes from access.POLICY."""

from placement.web.pages import account, admin, answer, broker, commissioner, health, provider, update

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
