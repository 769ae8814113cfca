"""The provider market and placement matching system of a city council's adult social care."""

__version__ = "0.1.0"
