"""A model bundle on disk: a directory of plain data, checked field by field when it is opened.

model.json             ModelSpec, with the sha256 of the other files
weights.safetensors    tensors, float16 or float32
instruments.json       name -> latent
vibrato.json           optional: name -> rate, depth and delay of its vibrato
living.json            optional: name -> how its partials fluctuate
programs.json          optional: the instrument of each General MIDI program
recordings.json        optional: which recording each key of an instrument plays
recordings.safetensors optional, with it: latents of the recordings
import.json            optional: where an imported model came from
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from gansynth_live import unfinished
from gansynth_live.errors import ModelError
from gansynth_live.files import read_bounded
from gansynth_live.kernel.settings import Vibrato
from gansynth_live.latent.living import Living
from gansynth_live.model.living.file import pack_livings, parse_livings
from gansynth_live.model.normaliser import scale_and_offset
from gansynth_live.model.programs import PROGRAMS, pack_programs, parse_programs
from gansynth_live.model.recordings import (
    LATENTS,
    ROWS,
    Recordings,
    pack_recordings,
    unpack_recordings,
)
from gansynth_live.model.spec import ModelSpec
from gansynth_live.model.vibrato import Vibratos, pack_vibratos, parse_vibratos
from gansynth_live.model.weights import StoredWeights, pack_weights, unpack_weights

SPEC, WEIGHTS, INSTRUMENTS, VIBRATO, LIVING, IMPORT_NOTE = (
    "model.json",
    "weights.safetensors",
    "instruments.json",
    "vibrato.json",
    "living.json",
    "import.json",
)
LARGEST = {
    SPEC: 1 << 20,
    WEIGHTS: 1 << 30,
    INSTRUMENTS: 64 << 20,
    VIBRATO: 1 << 20,
    LIVING: 1 << 20,
    PROGRAMS: 1 << 20,
    ROWS: 8 << 20,
    LATENTS: 1 << 30,
    IMPORT_NOTE: 1 << 20,
}
MOST_INSTRUMENTS = 4096
# Sum of the shipped model.json: to be changed with the model.
SHIPPED_DIGEST = "a5a2b319d9c66b1e847be965dcdb011cbf6af226d0c447e3adcf9b7e8913f57f"

Instruments = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Bundle:
    """A model as loaded: all checks passed.

    Attributes:
        weights: tensors by name, float32; read from the file when they are asked for.
        instruments: latents by name, float32 [latent_size], in the file's order.
        digest: sha256 of model.json, which names the sums of all other files; of the weights alone
            where there is no such file yet.
        vibrato: how instruments swing, by name; those that do not are left out.
        living: how the partials of instruments fluctuate, by name; others stand still.
        recordings: latents that instruments have at single keys, in place of their own.
        programs: the instrument of each General MIDI program [128], or none.
    """

    path: Path
    spec: ModelSpec
    weights: Mapping[str, NDArray[np.float32]]
    instruments: Mapping[str, NDArray[np.float32]]
    digest: str
    vibrato: Mapping[str, Vibrato] = field(default_factory=dict)
    living: Mapping[str, Living] = field(default_factory=dict)
    recordings: Recordings = field(default_factory=Recordings)
    programs: Sequence[str] = ()

    @property
    def network(self) -> str:
        """Sum of what the network is made of: it stays when instruments are added or renamed."""
        spec = msgspec.structs.replace(self.spec, files={}, name="-", licence="-")
        weights = self.spec.files.get(WEIGHTS, self.digest)
        return hashlib.sha256(msgspec.json.encode(spec) + weights.encode()).hexdigest()

    def latent(self, name: str, pitch: int) -> NDArray[np.floating]:
        """The latent [latent_size] that an instrument has at a MIDI pitch."""
        recorded = self.recordings.latent(name, pitch - self.spec.low_pitch)
        return self.instruments[name] if recorded is None else recorded


def default_bundle_path() -> Path:
    """The model that is shipped with the package."""
    return Path(__file__).parent / "default"


def load_bundle(path: Path) -> Bundle:
    """Open a bundle.

    Raises:
        ModelError: a file is missing, damaged, too large or does not fit model.json, lies there
            without being named in it, or the shipped model is not the one that was shipped.
    """
    if not os.path.isdir(path):  # noqa: PTH112 - `path.is_dir` raises for names that are too long
        raise ModelError(f"{path}: no such model directory; give the folder that holds {SPEC}")
    text = _read(path / SPEC)
    spec = _parse_spec(text, path / SPEC)
    for name in (WEIGHTS, INSTRUMENTS):
        if name not in spec.files:
            raise ModelError(f"{path / SPEC}: no sha256 of {name}; the bundle is incomplete")
    digest = hashlib.sha256(text).hexdigest()
    if path == default_bundle_path() and digest != SHIPPED_DIGEST:
        raise ModelError(f"{path / SPEC}: not as it was shipped; install the package again")
    contents = {name: _read_verified(path / name, sha256) for name, sha256 in spec.files.items()}
    try:
        stored = StoredWeights(path / WEIGHTS, spec.tensors())
        scale_and_offset(spec.normaliser, unpack_weights(contents[WEIGHTS], spec.tensors()))
        instruments = _parse_instruments(contents[INSTRUMENTS], spec.latent_size)
        vibrato = _parse_vibrato(contents.get(VIBRATO, b"{}"), instruments)
        living = parse_livings(contents.get(LIVING, b"{}"))
        _require_known(living, instruments, LIVING)
        programs = parse_programs(contents.get(PROGRAMS, b"[]"), instruments)
        recordings = unpack_recordings(contents, instruments, spec.pitches, spec.latent_size)
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error
    for name in sorted(LARGEST.keys() - spec.files.keys() - {SPEC}):
        if (path / name).exists():
            raise ModelError(f"{path / name}: {SPEC} does not name it; copy the bundle again")
    return Bundle(path, spec, stored, instruments, digest, vibrato, living, recordings, programs)


def write_bundle(
    path: Path,
    spec: ModelSpec,
    weights: Mapping[str, NDArray[Any]],
    instruments: Mapping[str, NDArray[np.float32]],
    import_note: bytes | None = None,
    vibrato: Mapping[str, Vibrato] | None = None,
    recordings: Recordings | None = None,
    programs: Sequence[str] = (),
    living: Mapping[str, Living] | None = None,
) -> None:
    """Write a bundle into a fresh directory beside `path`, check it, and rename it: never half.

    Weights are stored in the dtype that they have (float16 or float32); `spec.files` is filled in.

    Raises:
        ModelError: `path` exists, cannot be written, or the parts do not fit each other.
    """
    if path.exists():
        raise ModelError(f"{path} exists already; choose a new name or remove it first")
    contents = {
        WEIGHTS: pack_weights(weights),
        INSTRUMENTS: msgspec.json.format(
            msgspec.json.encode({name: z.tolist() for name, z in instruments.items()}), indent=0
        ),
    }
    if recordings is not None:
        contents |= pack_recordings(recordings)
    if import_note is not None:
        contents[IMPORT_NOTE] = import_note
    if programs:
        contents[PROGRAMS] = pack_programs(programs)
    if vibrato:
        contents[VIBRATO] = pack_vibratos(vibrato)
    if living:
        contents[LIVING] = pack_livings(living)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    complete = msgspec.structs.replace(spec, files=sums)
    contents[SPEC] = msgspec.json.format(msgspec.json.encode(complete), indent=2) + b"\n"
    beside = _fresh_directory_beside(path)
    try:
        for name, content in contents.items():
            _write_synced(beside / name, content)
        load_bundle(beside)
        beside.chmod(0o755)
        beside.rename(path)
    except OSError as error:
        raise ModelError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        unfinished.discard(beside)


def _parse_spec(text: bytes, path: Path) -> ModelSpec:
    try:
        spec = msgspec.json.decode(text, type=ModelSpec)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: {error}; the file is damaged or of another version") from error
    if problem := spec.problem():
        raise ModelError(f"{path}: {problem}; the file is damaged")
    if unknown := sorted(set(spec.files) - set(LARGEST) | {SPEC} & set(spec.files)):
        raise ModelError(f"{path}: lists the file {unknown[0]!r}, which no bundle has")
    return spec


def _parse_instruments(text: bytes, latent_size: int) -> Instruments:
    try:
        lists = msgspec.json.decode(text, type=dict[str, list[float]])
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{INSTRUMENTS}: {error}; the file is damaged") from error
    if not 1 <= len(lists) <= MOST_INSTRUMENTS:
        raise ModelError(f"{INSTRUMENTS}: {len(lists)} instruments; 1..{MOST_INSTRUMENTS} expected")
    instruments: Instruments = {}
    for name, values in lists.items():
        if not 1 <= len(name) <= 80 or not name.isprintable() or name != name.strip():
            raise ModelError(f"{INSTRUMENTS}: {name[:80]!r} is no name of 1..80 printable letters")
        with np.errstate(over="ignore"):
            latent = np.array(values, np.float32)
        if latent.shape != (latent_size,) or not np.isfinite(latent).all():
            raise ModelError(
                f"{INSTRUMENTS}: {name!r} is not a list of {latent_size} finite numbers"
            )
        instruments[name] = latent
    return instruments


def _parse_vibrato(text: bytes, instruments: Instruments) -> Vibratos:
    vibratos = parse_vibratos(text)
    _require_known(vibratos, instruments, VIBRATO)
    return vibratos


def _require_known(names: Iterable[str], instruments: Instruments, file: str) -> None:
    if unknown := sorted(set(names) - set(instruments)):
        raise ModelError(f"{file}: {unknown[0][:80]!r} is no instrument of {INSTRUMENTS}")


def _read(path: Path) -> bytes:
    try:
        return read_bounded(path, LARGEST[path.name])
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelError(f"{path}: {reason}; the bundle is incomplete or unreadable") from error


def _read_verified(path: Path, sha256: str) -> bytes:
    content = _read(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError(f"{path}: the contents do not match their sha256; copy the bundle again")
    return content


def _fresh_directory_beside(path: Path) -> Path:
    try:
        return unfinished.create_folder(path.absolute().parent)
    except OSError as error:
        raise ModelError(
            f"cannot write {path}: {error.strerror or error}; choose a folder that is writable"
        ) from error


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
