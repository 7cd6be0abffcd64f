"""The voices that sound, and what each should go on in. Begin with `voices.py`."""
