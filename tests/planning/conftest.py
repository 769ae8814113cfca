"""The fixtures of tests.brokerage.worlds, for every test of this folder."""

from tests.brokerage.worlds import session, shared_store

__all__ = ["session", "shared_store"]
