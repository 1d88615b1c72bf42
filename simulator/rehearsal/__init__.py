"""Rehearsals: scripted calls played through the simulator against a running product, each with its expected outcome.

Knows the product only as a resident, a 911 desk and a browser do: by telephone and by its staff door.
"""
