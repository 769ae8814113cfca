"""The words and rules of the trade; standard library only."""
