"""Errors that a user can cause. Each message is one line: the thing, the reason, the cure."""


class GansynthError(Exception):
    """Base of all errors that the command line shows as one line instead of a traceback."""


class UsageError(GansynthError):
    """A command was asked for something impossible (unknown instrument, bad option value)."""


class ConfigError(GansynthError):
    """A configuration file or override has an unknown key or a bad value."""


class ModelError(GansynthError):
    """A model bundle is missing, damaged or does not fit its own description."""


class RenderError(GansynthError):
    """Notes can no longer be rendered."""


class CheckpointError(GansynthError):
    """A Magenta checkpoint directory is damaged or of an unsupported kind."""


class MidiFileError(GansynthError):
    """A Standard MIDI File cannot be read."""


class DeviceError(GansynthError):
    """An audio or MIDI device, or the library that reaches it, is missing or refuses."""
