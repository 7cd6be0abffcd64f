"""Which ports are keyboards, and what their names are."""

import pytest

from gansynth_live.drivers.midi_api import input_names, is_wanted, plain_name


@pytest.mark.parametrize(
    ("port", "plain"),
    [
        ("Keystation 61:Keystation 61 MIDI 1 24:0", "Keystation 61:Keystation 61 MIDI 1"),
        ("Keystation 61 MIDI 1", "Keystation 61 MIDI 1"),
        ("system:midi_capture_1", "system:midi_capture_1"),
    ],
)
def test_a_keyboard_keeps_its_name_when_it_is_plugged_in_again(port: str, plain: str) -> None:
    assert plain_name(port) == plain


def test_without_names_every_keyboard_is_wanted() -> None:
    assert is_wanted("Keystation 61:Keystation 61 MIDI 1 24:0", None)


@pytest.mark.parametrize("port", ["Midi Through:Midi Through Port-0 14:0", "GANSynth Live:out 1"])
def test_ports_that_only_loop_back_are_not_keyboards(port: str) -> None:
    assert not is_wanted(port, None)


def test_a_port_that_is_named_is_wanted_whatever_it_is() -> None:
    assert is_wanted("Midi Through:Midi Through Port-0 14:0", ("through",))
    assert is_wanted("Keystation 61", ("nano", "KEYS"))
    assert not is_wanted("Keystation 61", ("nano",))
    assert not is_wanted("Keystation 61", ())


class Ports:
    """What supriya-midi gives to look for inputs, one of which has a name that is no UTF-8."""

    def get_port_count(self) -> int:
        return 2

    def get_port_name(self, number: int) -> str:
        return (b"Klavier", b"Clavier \xe9")[number].decode()


def test_an_input_whose_name_is_no_text_costs_the_others_nothing() -> None:
    assert input_names(Ports()) == ["Klavier", "unnamed input 2"]


def test_a_name_is_shown_in_one_line() -> None:
    assert plain_name("Cla\nvier\udce9 20:0") == r"Cla\nvier\udce9"
