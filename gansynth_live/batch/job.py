"""A file to render as data that may travel, and what came of it."""

from msgspec import Struct

from gansynth_live import __version__


class Job(Struct, frozen=True):
    """All that decides how a file sounds.

    Attributes:
        midi: the bytes of the file.
        request: what is asked of its render, packed.
        model: its name or folder, as the process that renders finds it; "": the shipped one.
        digest: of the model.
        version: of the program.
    """

    midi: bytes
    request: bytes
    model: str
    digest: str
    version: str = __version__


class Outcome(Struct, frozen=True):
    """What came of a job.

    Attributes:
        seconds: of sound.
        sound: sha256 of the file that was written.
        remarks: for the user, one line each.
        failure: why there is no file, in one line; "": there is one.
        trace: where a failure comes from that is no error of the user's, for the log.
    """

    seconds: float = 0.0
    sound: str = ""
    remarks: tuple[str, ...] = ()
    failure: str = ""
    trace: str = ""
