"""From a GANSynth model of Magenta's, in any of its forms, to a bundle of ours."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from gansynth_live.model.bundle import Bundle, Instruments, write_bundle
from gansynth_live.model.checkpoint.archive import unpacked
from gansynth_live.model.checkpoint.contents import MANIFEST
from gansynth_live.model.checkpoint.javascript import read_javascript
from gansynth_live.model.checkpoint.note import ImportNote
from gansynth_live.model.checkpoint.trained import read_trained
from gansynth_live.model.weights import pack_weights

RANDOM_INSTRUMENTS = 8


def _as_they_are(bundle: Bundle) -> Instruments:
    return dict(bundle.instruments)


def import_checkpoint(
    source: Path,
    target: Path,
    licence: str = "unknown",
    name: str | None = None,
    address: str | None = None,
    named: Callable[[Bundle], Instruments] = _as_they_are,
) -> ImportNote:
    """Turn the model directory `source`, or a zip archive of one, into the bundle `target`.

    It holds a checkpoint of TensorFlow's, or Magenta.js' form of one. The model is called `name`,
    if there is one, else as its source is. `address` is where that was fetched from. `named` gives
    names to the instruments that are drawn: "random 1", "random 2", ...

    Raises:
        CheckpointError: the source is damaged or of an unsupported kind.
        ModelError: the target exists or cannot be written.
    """
    name = name or source_name(source)
    if source.is_file():
        with unpacked(source) as folder:
            return import_checkpoint(folder, target, licence, name, address, named)
    read = read_javascript if (source / MANIFEST).is_file() else read_trained
    found = read(source, name, licence)
    note = msgspec.structs.replace(
        found.note,
        sha256={path.relative_to(source).as_posix(): _sha256(path) for path in found.files},
        address=address,
    )
    text = msgspec.json.format(msgspec.json.encode(note), indent=2) + b"\n"
    weights = hashlib.sha256(pack_weights(found.weights)).hexdigest()
    drawn = random_instruments(found.spec.latent_size)
    instruments = named(Bundle(target, found.spec, found.weights, drawn, digest=weights))
    write_bundle(target, found.spec, found.weights, instruments, import_note=text)
    return note


def source_name(source: Path) -> str:
    """What a model is called after its directory or archive."""
    return source.absolute().name.removesuffix(".zip")


def random_instruments(latent_size: int, count: int = RANDOM_INSTRUMENTS) -> Instruments:
    """Latents "random 1", "random 2", ...: standard normal, each number being its own seed."""
    return {
        f"random {seed}": np.random.default_rng(seed).standard_normal(latent_size, np.float32)
        for seed in range(1, count + 1)
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
