"""How many providers to ask at once: pure arithmetic over how each has answered before."""
