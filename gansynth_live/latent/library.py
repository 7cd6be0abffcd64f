"""The instruments by name: the bundle's own, those the user kept, and any number drawn by seed."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from gansynth_live.errors import UsageError
from gansynth_live.kernel.settings import NO_VIBRATO, Vibrato
from gansynth_live.latent import living
from gansynth_live.latent.blend import Blend
from gansynth_live.latent.kept import KeptInstruments
from gansynth_live.latent.living import STILL, Living
from gansynth_live.latent.sphere import Latent, moved, project, weighted
from gansynth_live.latent.vibrato import blended

RANDOM = "random:"  # names of drawn instruments: random:SEED or random:SEED:NUMBER
DRAWN = re.compile(r"random:[0-9]{1,18}(:[0-9]{1,18})?")
LONGEST_NAME = 80
FIT_NAME = re.compile(rf"(?! )[^,]{{1,{LONGEST_NAME}}}(?<! )")
MIXED = 3  # a drawn timbre is a mixture of so many named ones ...
STRAY = 0.3  # ... plus this much noise, in units of a standard normal
KEPT_LATENTS = 512  # of an instrument at a pitch, as they are played: 1 KB each


def random_names(count: int, seed: int) -> list[str]:
    """Names of `count` instruments drawn by `seed`; `Library` knows them without being told."""
    return [f"{RANDOM}{seed}:{number}" for number in range(count)]


class Library:
    """Latents by name for one model.

    `named` are the bundle's instruments, each [latent_size]; `kept` the user's own, which win where
    names meet. `mixtures` says what drawing means: for an auto-decoder, whose timbres lie between
    its instruments, a mixture of some; without it a standard normal, as a GAN was trained.
    `played` gives the latent of a named instrument at a MIDI pitch, where keys differ in it.
    `directions` finds the unit vectors [latent_size] by name along which blends may move; it is
    asked when the first one is wanted, since that may take its time. `vibratos` are those of the
    bundle's instruments that swing, `livings` tell how their partials fluctuate. `programs` names
    the instrument of each General MIDI program
    [128], where there is such a table.
    Lookups are safe from any thread; `keep` and `forget` are for one thread.
    """

    def __init__(
        self,
        named: Mapping[str, NDArray[np.floating]],
        latent_size: int,
        kept: KeptInstruments | None = None,
        *,
        mixtures: bool = True,
        played: Callable[[str, int], NDArray[np.floating]] | None = None,
        directions: Callable[[], Mapping[str, NDArray[np.floating]]] = dict,
        vibratos: Mapping[str, Vibrato] | None = None,
        livings: Mapping[str, Living] | None = None,
        programs: Sequence[str] = (),
    ) -> None:
        self.programs = programs
        self.latent_size = latent_size
        self._named = {name: project(latent) for name, latent in named.items()}
        self._mixtures = mixtures
        self._played: Callable[[str, int], Latent] | None = None
        if played is not None:  # projected, and kept: of a moving blend every voice asks for both
            self._played = lru_cache(KEPT_LATENTS)(lambda name, pitch: project(played(name, pitch)))
        self._find_directions = directions
        self._vibratos = vibratos or {}
        self._livings = livings or {}
        self._kept_file = kept
        self._kept = kept.read(latent_size) if kept else {}
        self._lent: dict[str, Latent] = {}

    @property
    def names(self) -> list[str]:
        """The bundle's instruments in its order, then the user's."""
        return list(self._named | self._kept)

    def is_kept(self, name: str) -> bool:
        """Whether the user kept this instrument (and not the bundle brought it)."""
        return name in self._kept

    def is_own(self, name: str) -> bool:
        """Whether an instrument is the user's: kept, or lent."""
        return name in self._kept or name in self._lent

    def instrument(self, name: str) -> Latent:
        """The latent float32 [latent_size] of a named, kept or drawn instrument.

        Raises:
            UsageError: no such instrument; the message names the nearest one.
        """
        for instruments in (self._kept, self._named, self._lent):
            if name in instruments:
                return instruments[name]
        if name.startswith(RANDOM):
            return self._drawn(name)
        cure = _meant(name, self.names) or f"try {RANDOM}1"
        raise UsageError(f"no instrument '{name[:LONGEST_NAME]}' in this model; {cure}")

    def has(self, name: str) -> bool:
        """Whether there is an instrument of a name."""
        drawn = DRAWN.fullmatch(name) is not None
        return name in self._kept or name in self._named or name in self._lent or drawn

    def known(self, names: Iterable[str]) -> tuple[str, ...]:
        """The same names, each of which is an instrument's.

        Raises:
            UsageError: one is not; the message names the nearest one.
        """
        names = tuple(names)
        for name in names:
            self.instrument(name)
        return names

    def direction(self, name: str) -> NDArray[np.floating]:
        """The unit vector [latent_size] of a named direction.

        Raises:
            UsageError: no such direction; the message names the nearest one.
        """
        if name in self._directions:
            return self._directions[name]
        cure = _meant(name, list(self._directions)) or "this model has none"
        raise UsageError(f"no direction '{name[:LONGEST_NAME]}' in this model; {cure}")

    def played(self, name: str, pitch: int) -> Latent:
        """The latent float32 [latent_size] of an instrument at a MIDI pitch.

        The keys of a bundle's instrument may differ, as its recordings did; those of kept and
        drawn ones do not.

        Raises:
            UsageError: no such instrument; the message names the nearest one.
        """
        if self._played is None or name in self._kept or name not in self._named:
            return self.instrument(name)
        return self._played(name, pitch)

    def latent(self, blend: Blend, pitch: int) -> Latent:
        """The latent float32 [latent_size] of a blend at a MIDI pitch.

        Its length is sqrt(latent_size) * focus.
        """
        latents = np.stack([self.played(name, pitch) for name, _ in blend.weights])
        weights = [weight for _, weight in blend.weights]
        if not blend.moves:
            return weighted(latents, weights, blend.focus)
        steps = [(self.direction(name), amount) for name, amount in blend.moves]
        return moved(weighted(latents, weights), steps, blend.focus)

    def vibrato(self, blend: Blend) -> Vibrato:
        """How the pitch of a blend swings."""
        return blended(
            (self._vibratos.get(name, NO_VIBRATO), weight) for name, weight in blend.weights
        )

    def living(self, blend: Blend) -> Living:
        """How the partials of a blend fluctuate."""
        return living.blended(
            [(self._livings.get(name, STILL), weight) for name, weight in blend.weights]
        )

    def keep(self, instruments: Mapping[str, NDArray[np.floating]]) -> None:
        """Remember latents by name, for this model, for good: all of them or none.

        Raises:
            UsageError: a name is unfit, reserved or taken, or nothing can be written.
        """
        for name in instruments:
            if name.startswith(RANDOM) or not FIT_NAME.fullmatch(name) or not name.isprintable():
                raise UsageError(
                    f"'{name[:LONGEST_NAME]}' cannot name an instrument; use 1 to {LONGEST_NAME} "
                    "letters, no comma, no blank at the ends"
                )
            if name in self._named:
                raise UsageError(f"the model has an instrument '{name}' already; choose another")
            if name in self._kept:
                raise UsageError(f"you keep an instrument '{name}' already; --forget it first")
        self._store(self._kept | {name: project(latent) for name, latent in instruments.items()})

    def lend(self, instruments: Mapping[str, Latent]) -> None:
        """Know latents by name until the end, unlisted: all of them or none. From any thread.

        Raises:
            UsageError: a name means another latent here, or a latent is none of this model.
        """
        for name, latent in instruments.items():
            if latent.shape != (self.latent_size,) or not np.isfinite(latent).all():
                raise UsageError(f"'{name[:LONGEST_NAME]}' is no instrument of this model")
            if self.has(name) and not np.array_equal(self.instrument(name), latent):
                raise UsageError(
                    f"there is another instrument '{name[:LONGEST_NAME]}' here; forget yours,"
                    " or keep it by another name"
                )
        self._lent = {**self._lent, **instruments}

    def forget(self, names: Collection[str]) -> None:
        """Remove instruments that the user kept: all of them or none.

        Raises:
            UsageError: the user kept none of such a name.
        """
        for name in names:
            if name not in self._kept:
                raise UsageError(f"no kept instrument '{name[:LONGEST_NAME]}'")
        self._store({name: z for name, z in self._kept.items() if name not in names})

    @cached_property
    def _directions(self) -> Mapping[str, NDArray[np.floating]]:
        return self._find_directions()

    def _store(self, kept: dict[str, Latent]) -> None:
        if self._kept_file:
            self._kept_file.write(kept)
        self._kept = kept

    def _drawn(self, name: str) -> Latent:
        if not DRAWN.fullmatch(name):
            raise UsageError(
                f"'{name[:LONGEST_NAME]}' is no instrument; a drawn one is {RANDOM}SEED"
            )
        entropy = [int(seed) for seed in name.removeprefix(RANDOM).split(":")]
        draw = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
        noise = draw.standard_normal(self.latent_size)
        if not self._mixtures or len(self._named) < MIXED:
            return project(noise)
        latents = list(self._named.values())
        chosen = draw.permutation(len(latents))[:MIXED]
        shares = draw.standard_exponential(MIXED)
        mixture = weighted(np.stack([latents[i] for i in chosen]), shares.tolist())
        return project(mixture + STRAY * noise)


def _meant(name: str, known: list[str]) -> str:
    """A cure that names the nearest of what is known; empty when nothing is."""
    near = get_close_matches(name[:LONGEST_NAME].lower(), known, n=1, cutoff=0.0)
    return f"did you mean '{near[0]}'?" if near else ""
