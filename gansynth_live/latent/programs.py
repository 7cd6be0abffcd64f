"""Which instrument a program change selects."""

from collections.abc import Sequence

from gansynth_live.midi.messages import CONTROL_CHANGE

BANK_HIGH, BANK_LOW = 0, 32  # controllers of bank select
LIST_BANK = 100  # where General MIDI numbers rule: the bank that holds the list all the same
BANK = 128  # programs
# Banks of presets, which are none of instruments. Files of other makers name lower ones.
FACTORY_BANK, USER_BANK, FAVOURITES_BANK = PRESET_BANKS = (101, 102, 103)


class ProgramMap:
    """Instruments by bank and program number.

    Args:
        listed: instruments in their order; a bank holds 128 of them.
        general: the instrument of each General MIDI program [128]; none: the list alone counts.
    """

    def __init__(self, listed: Sequence[str], general: Sequence[str] = ()) -> None:
        self._listed = listed
        self._general = general

    def find(self, program: int, bank: int = 0) -> str | None:
        """The instrument of a program 0..127; None: there is none.

        General MIDI instruments stand in every bank but `LIST_BANK` and those of presets: files
        name banks of other makers' variations.
        """
        if bank in PRESET_BANKS:
            return None
        if self._general and bank != LIST_BANK:
            return self._general[program]
        number = program if self._general else BANK * bank + program
        return self._listed[number] if number < len(self._listed) else None


class Banks:
    """The bank of each channel, by bank select; it counts from the next program change on."""

    def __init__(self) -> None:
        self._selected: dict[tuple[int, int], int] = {}

    def hear(self, status: int, data1: int, data2: int) -> None:
        """Take a message in; those that select no bank change nothing."""
        if status & 0xF0 == CONTROL_CHANGE and data1 in (BANK_HIGH, BANK_LOW):
            self._selected[status & 0x0F, data1] = data2

    def of(self, channel: int) -> int:
        """Number of the bank: that of CC 0 or, where it is 0, of CC 32."""
        high = self._selected.get((channel, BANK_HIGH), 0)
        return high or self._selected.get((channel, BANK_LOW), 0)
