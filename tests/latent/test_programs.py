"""Which instrument a program change selects."""

from gansynth_live.latent.programs import LIST_BANK, Banks, ProgramMap

LISTED = [f"listed {number}" for number in range(200)]
GENERAL = [f"general {number}" for number in range(128)]


def test_a_list_goes_on_in_the_next_bank() -> None:
    programs = ProgramMap(LISTED)
    assert programs.find(5) == "listed 5"
    assert programs.find(5, bank=1) == "listed 133"
    assert programs.find(100, bank=1) is None
    assert programs.find(0, bank=2) is None


def test_general_midi_stands_in_every_bank_but_one() -> None:
    programs = ProgramMap(LISTED, GENERAL)
    assert [programs.find(40, bank) for bank in (0, 1, 8, 127)] == ["general 40"] * 4
    assert programs.find(40, LIST_BANK) == "listed 40"


def test_banks_are_kept_for_each_channel() -> None:
    banks = Banks()
    banks.hear(0xB2, 0, 100)
    banks.hear(0xB3, 32, 7)
    banks.hear(0xB4, 1, 99)
    banks.hear(0x92, 0, 55)
    assert [banks.of(channel) for channel in (1, 2, 3, 4)] == [0, 100, 7, 0]
