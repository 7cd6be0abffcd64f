"""Program changes in the banks of presets load presets."""

from collections.abc import Callable

from gansynth_live.editor import Editor
from gansynth_live.errors import GansynthError
from gansynth_live.kernel.events import Performed
from gansynth_live.latent.programs import PRESET_BANKS, Banks
from gansynth_live.midi.messages import PROGRAM_CHANGE
from gansynth_live.presets.store import Store
from gansynth_live.synth import Synth


class PresetPrograms:
    """Hears what is performed. For the thread that attends to the synth.

    Args:
        store: is read when the first preset is wanted.
        say: is told in one line what was wanted in vain; the same once only.
    """

    def __init__(
        self, synth: Synth, editor: Editor, store: Store, say: Callable[[str], None]
    ) -> None:
        self._synth = synth
        self._editor = editor
        self._store = store
        self._say = say
        self._banks = Banks()
        self._complaint = ""
        self.refused = 0

    def hear(self, event: Performed) -> None:
        """Take in a message that was performed."""
        self._banks.hear(event.status, event.data1, event.data2)
        channel = event.status & 0x0F
        bank = self._banks.of(channel)
        if event.status & 0xF0 == PROGRAM_CHANGE and bank in PRESET_BANKS:
            try:
                self._load(bank, event.data1, event.status)
            except GansynthError as error:
                self._refuse(str(error))

    def _load(self, bank: int, program: int, status: int) -> None:
        entries = self._store.banks[bank]
        entry = entries[program] if program < len(entries) else None
        if entry is None:
            self._refuse(f"there is no preset with program {program + 1} in bank {bank}")
            return
        listeners = self._synth.listeners
        parts = [each.number for each in listeners if each.part.hears(status)]
        self._editor.load(entry.preset, parts)

    def _refuse(self, complaint: str) -> None:
        self.refused += 1
        if complaint != self._complaint:
            self._complaint = complaint
            self._say(f"program change: {complaint}")
