"""The JACK library, found at run time, and the calls of it that are used here.

Types follow jack/jack.h. Clients and ports are kept as plain addresses.
"""

import ctypes
import sys
from ctypes import POINTER, c_char_p, c_float, c_int, c_uint32, c_uint64, c_ulong, c_void_p
from functools import cache
from typing import Any, NamedTuple

from gansynth_live.drivers.quiet import quiet
from gansynth_live.errors import DeviceError

NO_START_SERVER = 0x01
IS_INPUT, IS_OUTPUT, IS_PHYSICAL = 0x1, 0x2, 0x4
AUDIO, MIDI = b"32 bit float mono audio", b"8 bit raw midi"

_LIBRARIES = {
    "win32": ("libjack64.dll", "libjack.dll"),
    "darwin": (
        "libjack.0.dylib",
        "/opt/homebrew/lib/libjack.0.dylib",
        "/usr/local/lib/libjack.0.dylib",
    ),
}
_CURES = {"win32": "install JACK2", "darwin": "run: brew install jack"}

_CALLS: dict[str, tuple[Any, list[Any]]] = {
    "jack_client_open": (c_void_p, [c_char_p, c_int, POINTER(c_int)]),
    "jack_client_close": (c_int, [c_void_p]),
    "jack_activate": (c_int, [c_void_p]),
    "jack_get_sample_rate": (c_uint32, [c_void_p]),
    "jack_get_buffer_size": (c_uint32, [c_void_p]),
    "jack_port_register": (c_void_p, [c_void_p, c_char_p, c_char_p, c_ulong, c_ulong]),
    "jack_port_name": (c_char_p, [c_void_p]),
    "jack_port_by_name": (c_void_p, [c_void_p, c_char_p]),
    "jack_port_connected_to": (c_int, [c_void_p, c_char_p]),
    "jack_port_get_all_connections": (c_void_p, [c_void_p, c_void_p]),
    "jack_get_ports": (c_void_p, [c_void_p, c_char_p, c_char_p, c_ulong]),
    "jack_free": (None, [c_void_p]),
    "jack_connect": (c_int, [c_void_p, c_char_p, c_char_p]),
    "jack_set_process_callback": (c_int, [c_void_p, c_void_p, c_void_p]),
    "jack_set_freewheel_callback": (c_int, [c_void_p, c_void_p, c_void_p]),
    "jack_set_xrun_callback": (c_int, [c_void_p, c_void_p, c_void_p]),
    "jack_set_port_connect_callback": (c_int, [c_void_p, c_void_p, c_void_p]),
    "jack_set_port_registration_callback": (c_int, [c_void_p, c_void_p, c_void_p]),
    "jack_get_time": (c_uint64, []),
    "jack_cpu_load": (c_float, [c_void_p]),
    "jack_on_shutdown": (None, [c_void_p, c_void_p, c_void_p]),
    "jack_set_error_function": (None, [c_void_p]),
}


class JackServer(NamedTuple):
    """What a running JACK server has decided for all its clients."""

    sample_rate: int
    block: int


@cache
def libjack() -> ctypes.CDLL:
    """The JACK library with its calls declared.

    Raises:
        DeviceError: it is not installed.
    """
    for name in _LIBRARIES.get(sys.platform, ("libjack.so.0",)):
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        for call, (result, arguments) in _CALLS.items():
            function = getattr(library, call)
            function.restype, function.argtypes = result, arguments
        return library
    cure = _CURES.get(sys.platform, "install jackd2 or pipewire-jack")
    raise DeviceError(f"the JACK library is not on this machine; {cure}")


def open_client(name: str) -> int:
    """Address of a new client of the running server, which may number the name to make it unique.

    Raises:
        DeviceError: the library is missing or no server runs.
    """
    with quiet():
        client = libjack().jack_client_open(name.encode(), NO_START_SERVER, ctypes.c_int())
    if not client:
        raise DeviceError("no JACK server is running; start one, or use --driver portaudio")
    return int(client)


def jack_server() -> JackServer:
    """The running server's choices. Raises `DeviceError` like `open_client`."""
    library, client = libjack(), open_client("gansynth-live-look")
    with quiet():
        server = JackServer(
            library.jack_get_sample_rate(client), library.jack_get_buffer_size(client)
        )
        library.jack_client_close(client)
    return server


def jack_ports(client: int, kind: bytes, flags: int) -> list[str]:
    """Full names of the ports of a type (AUDIO or MIDI) that have all `flags`."""
    return _names(libjack().jack_get_ports(client, None, kind, flags))


def connected_ports(client: int, port: int) -> list[str]:
    """Full names of the ports that `port` is connected to."""
    return _names(libjack().jack_port_get_all_connections(client, port))


def bytes_of(name: str) -> bytes:
    """A port's name as JACK knows it: those that are no UTF-8 keep their bytes as surrogates."""
    return name.encode(errors="surrogateescape")


def _names(listing: int | None) -> list[str]:
    """The texts of an array that ends with NULL and is ours to free; NULL for none."""
    if not listing:
        return []
    texts = ctypes.cast(listing, POINTER(c_char_p))
    names: list[str] = []
    while (name := texts[len(names)]) is not None:
        names.append(name.decode(errors="surrogateescape"))
    libjack().jack_free(listing)
    return names
