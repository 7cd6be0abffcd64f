"""Names for instruments that nobody has named: what is most striking about how they sound."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gansynth_live.latent.sphere import project
from gansynth_live.model.bundle import Bundle, Instruments
from gansynth_live.model.directions.measures import MEASURES
from gansynth_live.model.directions.probes import KEYS, Probes

Floats = NDArray[np.float64]

COMPARED = 16  # instruments that each is compared with: the model's, and drawn ones if it has fewer
STRIKING = 0.5  # spreads from the mean, below which nothing about a spectrum is worth a word
PLAIN = "plain"
SPECTRA = {  # less than others, more than others
    "brightness": ("dark", "bright"),
    "noise": ("pure", "noisy"),
    "hollowness": ("full", "hollow"),
    "fundamental": ("thin", "round"),
}
PLUCKED, FADING = 7.0, 3.0  # dB a second that it falls at least
SWELLING = np.log2(0.15)  # doublings of a second to its loudest moment, at least

_PLACES = {measure.name: place for place, measure in enumerate(MEASURES)}


def describe(bundle: Bundle, progress: Callable[[int, int], None] | None = None) -> Instruments:
    """The instruments of a bundle under names such as "bright plucked 3", 3 being their place.

    Each is played at three keys. `progress` is told (notes that were heard, notes).
    """
    latents = [project(latent) for latent in bundle.instruments.values()]
    draw = np.random.default_rng(0)
    while len(latents) < COMPARED:
        latents.append(project(draw.standard_normal(bundle.spec.latent_size)))
    total = len(latents) * len(KEYS)
    heard = iter(range(1, total + 1))

    def tell() -> None:
        if progress is not None:
            progress(next(heard), total)

    probes = Probes(bundle, tell)
    measured = probes.measured([(latent, key) for latent in latents for key in probes.keys])
    named = described(measured.reshape(len(latents), len(probes.keys), -1).mean(axis=1))
    return {
        f"{name} {number}": latent
        for number, (name, latent) in enumerate(
            zip(named, bundle.instruments.values(), strict=False), 1
        )
    }


def described(measured: Floats) -> list[str]:
    """Two words for each of some instruments, from their `MEASURES` [instruments, measures]."""
    spreads = measured.std(axis=0) + [measure.least for measure in MEASURES]
    relative = (measured - measured.mean(axis=0)) / spreads
    return [
        f"{_spectrum(compared)} {_course(own)}"
        for own, compared in zip(measured, relative, strict=True)
    ]


def _spectrum(relative: Floats) -> str:
    """The word for what is most unlike the others."""
    name = max(SPECTRA, key=lambda name: abs(relative[_PLACES[name]]))
    difference = relative[_PLACES[name]]
    return SPECTRA[name][int(difference > 0)] if abs(difference) >= STRIKING else PLAIN


def _course(measured: Floats) -> str:
    """The word for how its level goes."""
    decay = measured[_PLACES["decay"]]
    if decay >= PLUCKED:
        return "plucked"
    if decay >= FADING:
        return "fading"
    return "swelling" if measured[_PLACES["attack"]] >= SWELLING else "sustained"
