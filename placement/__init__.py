"""The provider market and placement matching system of a city council's adult social care."""
