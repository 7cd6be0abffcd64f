"""A session for hands that reach it from outside: OSC and the panel. For any thread."""

from collections.abc import Callable, Sequence
from functools import cached_property

from gansynth_live.errors import UsageError
from gansynth_live.glance import Glance
from gansynth_live.panel.playing import Devices, Facts, Listed, Meters, Weights
from gansynth_live.parameters.controllers import Bindings
from gansynth_live.presets.file import SUFFIX
from gansynth_live.presets.named import named_preset
from gansynth_live.session import Session
from gansynth_live.takes.keeping import keep

FAMILIES = (
    "piano", "mallets", "organ", "guitar", "bass", "strings", "ensemble", "brass",
    "reed", "pipe", "lead", "pad", "effects", "world", "drums", "noises",
)  # fmt: skip
PROGRAMS_OF_ONE = 8  # of a General MIDI family


class Remote:
    """What may be asked of a session from outside.

    Args:
        say: is told in one line what came of a take.
    """

    def __init__(self, session: Session, say: Callable[[str], None]) -> None:
        self._session = session
        self._say = say
        self._glance = Glance(session)
        synth, editor = session.synth, session.editor
        self.send, self.panic, self.patch = synth.send, synth.panic, synth.patch
        self.value, self.subscribe = synth.parameters.value, synth.parameters.subscribe
        self.listen = synth.subscribe  # to what is performed
        self.heard = synth.machine.heard
        self.set, self.turn = editor.set, editor.turn
        self.undo, self.redo, self.compare = editor.undo, editor.redo, editor.compare
        self.forget = session.learner.forget
        self.meters: Callable[[int], Meters] = self._glance.meters

    @cached_property
    def facts(self) -> Facts:
        """What does not change."""
        spec, library = self._session.instrument.bundle.spec, self._session.instrument.library
        families: dict[str, str] = {}
        for program, name in enumerate(library.programs):
            families.setdefault(name, FAMILIES[program // PROGRAMS_OF_ONE])
        instruments = [(name, families.get(name, "")) for name in library.names]
        return Facts(spec.name, spec.low_pitch, spec.high_pitch, instruments)

    @property
    def devices(self) -> Devices:
        """What it plays on now."""
        return Devices(self._session.output, self._session.inputs)

    @property
    def sample_rate(self) -> int:
        """Of the output, Hz."""
        return self._session.synth.machine.sample_rate

    def channel_of(self, part: int) -> int:
        """A channel (0..15) that a part plays.

        Raises:
            UsageError: there is no such part.
        """
        listeners = self._session.synth.listeners
        if not 0 <= part < len(listeners):
            raise UsageError(f"there is no part {part + 1}; there are {len(listeners)}")
        return min(listeners[part].part.channels or (1,)) - 1

    def load(self, name: str) -> str:
        """Play a preset by name or code; its name. No file: who sends need not know which exist.

        Raises:
            UsageError, ConfigError: there is none, or it cannot be played.
        """
        if name.endswith(SUFFIX):
            raise UsageError("from outside presets have a name or a code, not a file")
        preset = named_preset(name)
        self._session.editor.load(preset)
        return preset.name

    def save(self, name: str) -> None:
        """Put what plays among the user's presets; one of that name is replaced.

        Raises:
            UsageError: it cannot have that name, or nothing can be written.
        """
        self._session.presets.save(self._session.editor.preset(name), over=True)

    def star(self, name: str, *, shines: bool) -> None:
        """Make a preset a favourite, or no longer one (see `Store.star`)."""
        self._session.presets.star(name, shines=shines)

    def remove(self, name: str) -> None:
        """Remove a preset of the user's (see `Store.remove`)."""
        self._session.presets.remove(name)

    def presets(self) -> Sequence[Listed]:
        """All presets."""
        return [
            Listed(
                entry.preset.name,
                entry.preset.category,
                entry.preset.tags,
                entry.preset.author,
                entry.preset.notes,
                entry.is_factory,
                entry.is_favourite,
            )
            for entry in self._session.presets.entries
        ]

    def learn(self, parameter: str) -> None:
        """Let the controller that is moved next move a parameter; "": wait for none.

        Raises:
            ConfigError: there is no such parameter, or no controller can move it.
        """
        if parameter:
            self._session.learner.begin(parameter)
        else:
            self._session.learner.end()

    def bindings(self) -> Bindings:
        """Which controllers move what."""
        return self._session.synth.parameters.controllers

    def blends(self) -> Sequence[Weights]:
        """What the renders of each part are aimed at."""
        return [blend.weights for blend in self._session.synth.renders.targets]

    def keep(self) -> None:
        """Keep what was just played."""
        keep(self._session.takes, self._say)
