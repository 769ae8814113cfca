"""Asking providers about a place: sending, answering, choosing one and thanking the others.

Each step is one short write unit. Locks are taken in the order of `locks`. A yes is no placement: a broker chooses, and
only then is a place reserved (`planning.asking`).
"""
