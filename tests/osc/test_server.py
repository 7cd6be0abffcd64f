"""OSC over real UDP: parameters set and asked, notes, errors, changes told."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.osc.packet import Message, encode, parse
from gansynth_live.osc.server import LOOPBACK, MOST_A_SECOND, OscServer, parse_address
from gansynth_live.osc.surface import Surface
from gansynth_live.parameters.table import find
from gansynth_live.patch import Patch

PATIENCE = 20.0


class Synth:
    """Stands for what plays: remembers what it was asked for."""

    def __init__(self) -> None:
        self.values: dict[tuple[int, str], Any] = {}
        self.asked: list[tuple[Any, ...]] = []

    def send(self, status: int, data1: int = 0, data2: int = 0) -> bool:
        self.asked.append((status, data1, data2))
        return True

    def panic(self) -> None:
        self.asked.append(("panic",))

    def value(self, part: int, parameter: str) -> Any:
        return self.values.get((part, parameter), find(parameter).default)

    def set(self, part: int, parameter: str, value: Any) -> None:
        if part > 1:
            raise ConfigError(f"there is no part {part + 1}; there are 2")
        self.values[part, parameter] = find(parameter).check(value, parameter)

    def patch(self) -> Patch:
        return Patch({"output.gain_db": -3.0}, ({"voice.attack": 0.5}, {}))

    def load(self, name: str) -> str:
        self.asked.append(("load", name))
        return name

    def keep(self) -> None:
        self.asked.append(("keep",))

    def undo(self) -> bool:
        return False

    def redo(self) -> bool:
        return True


class Phone:
    """A client: a socket that sends, and waits for answers."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, 0))
        self.socket.settimeout(PATIENCE)
        self.port = 0

    @property
    def address(self) -> tuple[str, int]:
        return LOOPBACK, int(self.socket.getsockname()[1])

    def tell(self, address: str, *arguments: int | float | str | bool) -> None:
        self.socket.sendto(encode(Message(address, arguments)), (LOOPBACK, self.port))

    def hear(self) -> Message:
        [message] = parse(self.socket.recv(65_536))
        return message

    def ask(self, address: str, *arguments: int | float | str | bool) -> Message:
        self.tell(address, *arguments)
        return self.hear()


@pytest.fixture
def phone() -> Iterator[Phone]:
    phone = Phone()
    yield phone
    phone.socket.close()


@pytest.fixture
def synth() -> Synth:
    return Synth()


@pytest.fixture
def server(phone: Phone, synth: Synth) -> Iterator[OscServer]:
    with OscServer(Surface(synth), (LOOPBACK, 0), None, pytest.fail) as server:
        phone.port = server.port
        yield server


@pytest.mark.usefixtures("server")
def test_a_parameter_is_set_and_asked_for_in_its_own_unit(phone: Phone, synth: Synth) -> None:
    phone.tell("/gansynth/voice/attack", 2)
    assert phone.ask("/gansynth/voice/attack") == Message("/gansynth/voice/attack", (2.0,))
    phone.tell("/gansynth/part/2/morph/instruments", "flute", "cello")
    path = phone.ask("/gansynth/part/2/morph/instruments")
    assert path.arguments == ("flute", "cello")
    phone.tell("/gansynth/voice/voices_per_key", 3.0)
    assert phone.ask("/gansynth/voice/voices_per_key").arguments == (3,)
    phone.tell("/gansynth/motion/lfo_shape", "triangle")
    assert phone.ask("/gansynth/motion/lfo_shape").arguments == ("triangle",)
    phone.tell("/gansynth/morph/weights/2", 0.5)
    assert phone.ask("/gansynth/morph/weights/2").arguments == (0.5,)
    assert synth.values[1, "morph.instruments"] == ("flute", "cello")


@pytest.mark.usefixtures("server")
def test_notes_controllers_presets_and_panic(phone: Phone, synth: Synth) -> None:
    phone.tell("/gansynth/note", 60, 100)
    phone.tell("/gansynth/note/off", 60.0, 2)
    phone.tell("/gansynth/cc", 1, 64, 16)
    phone.tell("/gansynth/bend", -1.0)
    phone.tell("/gansynth/program", 5)
    assert phone.ask("/gansynth/preset", "Warm Fog").arguments == ("Warm Fog",)
    phone.tell("/gansynth/keep")
    phone.tell("/gansynth/panic")
    assert phone.ask("/gansynth/output/gain_db").arguments == (0.0,), "all before is done"
    assert synth.asked == [
        (0x90, 60, 100), (0x81, 60, 0), (0xBF, 1, 64), (0xE0, 0, 0), (0xC0, 5, 0),
        ("load", "Warm Fog"), ("keep",), ("panic",),
    ]  # fmt: skip


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("address", "arguments", "said"),
    [
        ("/gansynth/voice/atack", (1.0,), "did you mean 'voice.attack'"),
        ("/gansynth/voice/attack", (99.0,), "voice.attack = 99.0"),
        ("/gansynth/voice/attack", ("slow",), "voice.attack"),
        ("/gansynth/voice/attack", (1.0, 2.0), "2 arguments where 1"),
        ("/gansynth/part/9/voice/attack", (1.0,), "there is no part 9"),
        ("/gansynth/note", (60,), "1 arguments where 2 to 3"),
        ("/gansynth/note", (60, 400), "a number from 0 to 127"),
        ("/gansynth/note", ("c", 1), "a number from 0 to 127"),
        ("/gansynth/bend", (3.0,), "-1 to 1"),
        ("/gansynth/undo", (), "nothing to undo"),
        ("/other/voice", (1,), "does not begin with /gansynth/"),
        ("/gansynth/voice/*", (1,), "patterns are not"),
    ],
)
def test_what_cannot_be_done_is_answered(
    phone: Phone, address: str, arguments: tuple[Any, ...], said: str
) -> None:
    answer = phone.ask(address, *arguments)
    assert answer.address == "/gansynth/error"
    assert said in str(answer.arguments[0])


def test_damaged_packets_end_nothing(phone: Phone, server: OscServer) -> None:
    for packet in (b"\xff" * 50, b"", b"#bundle\0", bytes(5000)):
        phone.socket.sendto(packet, (LOOPBACK, phone.port))
        assert phone.hear().address == "/gansynth/error"
    assert server.refused == 4
    assert phone.ask("/gansynth/voice/attack").arguments


@pytest.mark.usefixtures("server")
def test_all_parameters_are_told_to_whoever_asks(phone: Phone) -> None:
    phone.tell("/gansynth/all")
    assert [phone.hear(), phone.hear()] == [
        Message("/gansynth/output/gain_db", (-3.0,)),
        Message("/gansynth/part/1/voice/attack", (0.5,)),
    ]


def test_changes_are_told_but_not_back_to_where_they_came_from(synth: Synth, phone: Phone) -> None:
    time = [0.0]
    surface = Surface(synth)
    with OscServer(
        surface, (LOOPBACK, 0), phone.address, pytest.fail, clock=lambda: time[0]
    ) as server:
        phone.port = server.port
        server.changed(1, "voice.attack", 0.25)
        assert phone.hear() == Message("/gansynth/part/2/voice/attack", (0.25,))
        phone.tell("/gansynth/voice/decay", 0.5)
        assert phone.ask("/gansynth/voice/release").arguments
        time[0] = 0.05
        server.changed(0, "voice.decay", 0.5)
        server.changed(-1, "output.gain_db", -6.0)
        assert phone.hear() == Message("/gansynth/output/gain_db", (-6.0,))
        time[0] = 0.2
        server.changed(0, "voice.decay", 0.75)
        assert phone.hear() == Message("/gansynth/part/1/voice/decay", (0.75,))


def test_a_flood_is_counted_and_left_alone(synth: Synth, phone: Phone) -> None:
    server = OscServer(Surface(synth), (LOOPBACK, 0), None, pytest.fail, clock=lambda: 1.0)
    with server:
        phone.port = server.port
        for _ in range(MOST_A_SECOND - 1):
            phone.ask("/gansynth/voice/attack")
        phone.ask("/gansynth/voice/attack")
        phone.tell("/gansynth/panic")
        phone.socket.sendto(b"?", (LOOPBACK, phone.port))
        assert phone.hear().address == "/gansynth/error"
    assert server.refused == 2
    assert synth.asked == []


@pytest.mark.parametrize("text", ["", "x", "0", "70000", ":9000", "host:", "1" * 5000])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError, match="is no address; write a port"):
        parse_address(text)


def test_an_address_without_a_host_is_this_computer() -> None:
    assert parse_address("9000") == ("127.0.0.1", 9000)
    assert parse_address("0.0.0.0:9000") == ("0.0.0.0", 9000)  # noqa: S104 - what a user writes


def test_a_taken_port_is_said_in_one_line(synth: Synth, phone: Phone) -> None:
    with pytest.raises(UsageError, match=r"OSC cannot listen at 127\.0\.0\.1"):
        OscServer(Surface(synth), phone.address, None, pytest.fail)
