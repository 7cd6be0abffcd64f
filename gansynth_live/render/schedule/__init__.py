"""What is rendered next, and by which thread. Begin with `scheduler.py`."""
