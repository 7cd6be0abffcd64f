"""What a model bundle says about itself: the contents of model.json."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from gansynth_live.model import normaliser
from gansynth_live.model.audio.stft import Stft
from gansynth_live.model.harmonic.settings import Harmonic
from gansynth_live.model.normaliser import Normaliser
from gansynth_live.model.progressive.settings import Progressive

Text = Annotated[str, Meta(min_length=1, max_length=1000)]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Key = Annotated[int, Meta(ge=0, le=127)]


class ModelSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sizes and kind of a model.

    Attributes:
        latent_size: length of a latent z.
        low_pitch, high_pitch: first and last MIDI key that the model was trained on.
        mel_bins: width of an image; its height is `stft.frames`.
        files: sha256 of each other file of the bundle, by name.
    """

    format: Literal[1] = 1
    name: Text
    licence: Text
    sample_rate: Annotated[int, Meta(ge=4000, le=192000)]
    latent_size: Annotated[int, Meta(ge=1, le=4096)]
    low_pitch: Key
    high_pitch: Key
    mel_bins: Annotated[int, Meta(ge=4, le=4096)]
    stft: Stft
    normaliser: Normaliser
    family: Progressive | Harmonic
    files: dict[Text, Sha256] = msgspec.field(default_factory=dict)

    @property
    def frames(self) -> int:
        """Frames of a whole note."""
        return self.stft.frames

    @property
    def pitches(self) -> int:
        """Number of pitches that the model knows."""
        return self.high_pitch - self.low_pitch + 1

    def tensors(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every tensor that weights.safetensors must hold."""
        return {
            **self.family.tensors(self.latent_size, self.pitches),
            **normaliser.tensors(self.normaliser, self.mel_bins),
        }

    def problem(self) -> str | None:
        """Why the fields do not fit each other, or None if they do."""
        if self.pitches < 1:
            return f"low_pitch {self.low_pitch} lies above high_pitch {self.high_pitch}"
        if self.stft.bins % self.mel_bins:
            return f"mel_bins {self.mel_bins} does not divide the transform's {self.stft.bins}"
        if isinstance(self.family, Harmonic) and isinstance(self.normaliser, normaliser.PerBin):
            return "a harmonic model has one normaliser for all bins"
        return self.stft.problem() or self.family.problem(self.frames, self.mel_bins)
