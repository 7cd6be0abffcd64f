"""Which render lies in which slot, and from which one a key starts. Begin with `render.py`."""
