"""`gansynth-live note`: one note of the model, as it comes, into a sound file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gansynth_live.cli.options import (
    LAST_SEED,
    Inversion,
    InversionOption,
    ModelOption,
    PitchOption,
    SampleRateOption,
)
from gansynth_live.errors import UsageError

if TYPE_CHECKING:
    from gansynth_live.latent.sphere import Latent


def note(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="WAV", help="File to write.")],
    pitch: PitchOption = 60,
    instrument: Annotated[str | None, typer.Option(metavar="NAME", help="A named timbre.")] = None,
    latent: Annotated[
        Path | None, typer.Option(metavar="NPY", help="A timbre from a NumPy file.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=LAST_SEED, metavar="N", help="A timbre drawn by this seed."),
    ] = None,
    inversion: InversionOption = Inversion.PHASE_LOCKED,
    model: ModelOption = None,
    sample_rate: SampleRateOption = 16_000,
) -> None:
    """Render one note into a WAV file.

    It is as the model makes it: 32-bit float, no envelope, no level correction.
    """
    if sum(choice is not None for choice in (instrument, latent, seed)) != 1:
        raise UsageError("choose one timbre: --instrument NAME, --latent FILE.npy or --seed N")
    from gansynth_live.instrument import open_instrument, require_pitch
    from gansynth_live.performance.sound_file import float_wav

    opened = open_instrument(model, inversion, sample_rate)
    require_pitch(pitch, opened.bundle.spec)
    if latent is not None:
        z = _read_latent(latent, opened.library.latent_size)
    else:
        z = opened.library.played(f"random:{seed}" if instrument is None else instrument, pitch)
    with float_wav(out, sample_rate, opened.renderer.length) as write:
        write(opened.renderer.render_whole(z, pitch).samples)


def _read_latent(path: Path, size: int) -> "Latent":
    import numpy as np

    try:
        stored = np.load(path, allow_pickle=False)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    except Exception:  # a damaged header makes NumPy raise whatever its parts raise
        stored = None
    if not isinstance(stored, np.ndarray) or stored.dtype.kind not in "fiu":
        raise UsageError(f"{path} is no NumPy file with numbers; write it with numpy.save")
    with np.errstate(over="ignore"):
        z = stored.astype(np.float32).reshape(-1)
    if z.size != size or not np.isfinite(z).all():
        raise UsageError(f"{path} does not hold {size} finite numbers, which this model needs")
    return z
