"""Compiled: what stands between the parts and the bus: a plate, an ensemble and a delay.

Each part sends some of its sound to each effect (`sends.py`), and what they answer is added to the
sum of all parts (`rack.py`). An effect that nobody feeds, and that has died away, sleeps; with all
asleep and nothing sent, not one bit is touched. Parameters are looked at on the grid of segments
that the voices share, so that it does not matter how a driver cuts time into blocks.
"""
