"""How all files of a run are rendered, and the job that a file makes of it."""

import hashlib
from typing import NamedTuple

from msgspec import msgpack
from msgspec.structs import replace

from gansynth_live import __version__
from gansynth_live.batch.job import Job
from gansynth_live.config import with_values
from gansynth_live.instrument import open_library, path_instruments
from gansynth_live.model.installed import installed, model_path
from gansynth_live.performance.rendering import named_instruments
from gansynth_live.performance.request import Request
from gansynth_live.presets.preset import Preset
from gansynth_live.presets.settings import PATH, lend_instruments

WORKERS = "render.workers"


class Order(NamedTuple):
    """How all files of a run are rendered; a job is one of them with a file.

    Attributes:
        request: what is asked, with the threads of one render.
        model: as in `Job`.
        digest: as in `Job`.
    """

    request: Request
    model: str
    digest: str

    def job(self, midi: bytes) -> Job:
        """The job of a file."""
        return Job(midi, self.request.pack(), self.model, self.digest)

    def key(self, midi: bytes) -> str:
        """A hash of all that is heard: where two are alike, the sound is."""
        heard = (__version__, self.digest, self.request.heard().pack(), midi)
        return hashlib.sha256(msgpack.encode(heard)).hexdigest()

    def with_threads(self, threads: int) -> "Order":
        """The same with so many threads for each file, unless the settings say how many."""
        settings = self.request.settings
        if settings.render.workers:
            return self
        settings = with_values(settings, {WORKERS: threads})
        return self._replace(request=replace(self.request, settings=settings))


def make_order(request: Request, model: str | None, preset: Preset | None) -> Order:
    """The order of a request: it takes along the instruments that only this user has.

    Args:
        model: name or folder, in place of the settings'.
        preset: whose instruments it may name.

    Raises:
        ModelError: the model is missing or damaged.
        ConfigError, UsageError: no file could be rendered so.
    """
    name = model or request.settings.model.path
    bundle, library = open_library(name)
    if preset is not None:
        lend_instruments(preset, bundle, library)
    own = sorted(filter(library.is_own, named_instruments(request, library)))
    lent = {each: tuple(map(float, library.instrument(each))) for each in own}
    # What a path is by default depends on the instruments that are known, elsewhere others.
    path = path_instruments(request.settings.morph.instruments, library)
    settings = with_values(request.settings, {PATH: path})
    # A folder is found from anywhere; a name is for each machine to find.
    place = name if not name or name in installed() else str(model_path(name).absolute())
    return Order(replace(request, settings=settings, lent=lent), place, bundle.digest)
