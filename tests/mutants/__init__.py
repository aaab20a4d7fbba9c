"""Deliberate faults, and the runner that proves that a test notices each of them."""
