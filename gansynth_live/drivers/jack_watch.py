"""Whether the JACK server is still there that a library in this process became a client of.

PortAudio has a JACK client from its first moment to its last, and aborts the process when it is
asked to tidy up after that client's server has died. Leaving a server that lives without a goodbye
is no way out: it stops the sound of all others until its patience ends.
"""

import ctypes
from threading import Event

from gansynth_live.drivers.heartbeat import goodbye
from gansynth_live.drivers.libjack import libjack, open_client

CLIENT_NAME = "gansynth-live-watch"
_Shutdown = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class JackWatch:
    """A client without ports and call-backs for sound, which learns that its server goes.

    Raises:
        DeviceError: no library or no server.
    """

    def __init__(self) -> None:
        self._gone = Event()
        self._shutdown = _Shutdown(lambda _: self._gone.set())  # must outlive the client
        self._client = open_client(CLIENT_NAME)
        libjack().jack_on_shutdown(self._client, self._shutdown, None)

    def server_is_gone(self, seconds: float = 0.0) -> bool:
        """Whether the server goes within `seconds`, or has gone: the next one is another."""
        return self._gone.wait(seconds)

    def close(self) -> None:
        """Leave the server, if it is still there."""
        goodbye(lambda: libjack().jack_client_close(self._client))
