"""The drivers are tried on the same private JACK server as the whole instrument."""

from tests.e2e.conftest import jack_server

__all__ = ["jack_server"]
