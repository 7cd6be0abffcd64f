"""How a sounding voice goes on: no threads, no machine. Begin with `continuation.py`."""
