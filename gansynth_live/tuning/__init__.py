"""At which frequency each key sounds: Scala's scales and keyboard maps. Begin with `keys.py`."""
