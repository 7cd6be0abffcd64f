"""Errors that a user can cause. Each message is one line: the thing, the reason, the cure."""

LONGEST = 600  # letters of a message; of more the middle is left out
LEFT_OUT = " ... "
CURE = 200  # of its last letters, with which it still ends


class GansynthError(Exception):
    """Base of all errors that the command line shows as one line instead of a traceback."""

    def __str__(self) -> str:
        """The line. Names in it may hold anything, and any amount of it."""
        line = printable(super().__str__())
        if len(line) > LONGEST:
            line = line[: LONGEST - CURE - len(LEFT_OUT)] + LEFT_OUT + line[-CURE:]
        return line


class UsageError(GansynthError):
    """A command was asked for something impossible (unknown instrument, bad option value)."""


class ConfigError(GansynthError):
    """A configuration file or override has an unknown key or a bad value."""


class TuningError(ConfigError):
    """A scale or a keyboard map cannot be read, or says none."""


class ModelError(GansynthError):
    """A model bundle is missing, damaged or does not fit its own description."""


class RenderError(GansynthError):
    """Notes can no longer be rendered."""


class CheckpointError(GansynthError):
    """A Magenta checkpoint directory is damaged or of an unsupported kind."""


class DownloadError(GansynthError):
    """Something on the internet cannot be reached, or is not what it should be."""


class MidiFileError(GansynthError):
    """A Standard MIDI File cannot be read."""


class DeviceError(GansynthError):
    """An audio or MIDI device, or the library that reaches it, is missing or refuses."""


def printable(text: str) -> str:
    """`text` in one line, with control characters and other unprintable ones as escapes."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
