import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import onnx
import pytest

from gansynth_live.folders import user_cache_dir
from gansynth_live.model.bundle import Bundle
from gansynth_live.model.progressive.network import Network
from gansynth_live.model.progressive.rows import plan_slice
from gansynth_live.model.progressive.settings import Progressive
from gansynth_live.model.runtime import (
    CACHED_GRAPHS,
    cached_graph,
    default_threads,
    graph_key,
    usable_providers,
)


class Builder:
    """Makes graph bytes and counts how often."""

    def __init__(self) -> None:
        self.built = 0

    def __call__(self) -> bytes:
        self.built += 1
        return b"graph"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path))
    return tmp_path


def test_a_graph_is_built_once(cache: Path) -> None:
    build = Builder()
    assert cached_graph("key", build) == cached_graph("key", build) == b"graph"
    assert build.built == 1


@pytest.mark.parametrize("content", [b"", b"graph", b"\0" * 32 + b"graph"])
def test_a_damaged_graph_is_built_again(cache: Path, content: bytes) -> None:
    build = Builder()
    cached_graph("key", build)
    (file,) = (cache / "graphs").iterdir()
    file.write_bytes(content)
    assert cached_graph("key", build) == b"graph"
    assert cached_graph("key", build) == b"graph"
    assert build.built == 2


def test_graphs_that_were_exchanged_are_built_again(cache: Path) -> None:
    build = Builder()
    cached_graph("one", build)
    cached_graph("other", build)
    first, second = (cache / "graphs").iterdir()
    first.replace(second)
    assert cached_graph("one", build) == cached_graph("other", build) == b"graph"
    assert build.built == 4


def test_an_unusable_cache_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("GANSYNTH_LIVE_CACHE_DIR", str(tmp_path / "file"))
    assert cached_graph("key", Builder()) == b"graph"


def test_the_cache_does_not_grow_for_ever(cache: Path) -> None:
    for number in range(CACHED_GRAPHS + 3):
        cached_graph(str(number), Builder())
    assert len(list((cache / "graphs").iterdir())) == CACHED_GRAPHS


def test_keys_differ_with_every_part() -> None:
    keys = {graph_key("a", "b"), graph_key("ab"), graph_key("a", b"b", ""), graph_key("b", "a")}
    assert len(keys) == 4


def test_a_processor_is_always_there() -> None:
    assert usable_providers()[-1][0] == "CPUExecutionProvider"
    assert default_threads() >= 1


def test_graphs_are_plain(full_size: Bundle) -> None:
    settings = full_size.spec.family
    assert isinstance(settings, Progressive)
    network = Network(full_size, settings)
    _, _, plan = plan_slice(8, 32, [16, 32, 64, 128])
    for content in (network.start_graph(2), network.frames_graph(4, plan)):
        model = onnx.load_from_string(content)
        assert [opset.domain for opset in model.opset_import] == [""]
        assert {node.domain for node in model.graph.node} == {""}
        assert not any(tensor.external_data for tensor in model.graph.initializer)


# The kernel ends the process when any code of it, Python's or C's, asks for a way to the net.
GUARDED = """
import ctypes, os, platform, struct, sys, time
number = {"x86_64": 41, "aarch64": 198}[platform.machine()]  # of the system call `socket`
LOAD, EQUAL, RETURN, ALLOW, KILL = 0x20, 0x15, 0x06, 0x7FFF0000, 0x80000000
steps = [(LOAD, 0, 0, 0), (EQUAL, 0, 4, number), (LOAD, 0, 0, 16), (EQUAL, 1, 0, 2),
         (EQUAL, 0, 1, 10), (RETURN, 0, 0, KILL), (RETURN, 0, 0, ALLOW)]  # AF_INET, AF_INET6
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]
prctl = ctypes.CDLL(None, use_errno=True).prctl
given = Filter(len(steps), ctypes.addressof(code))
if prctl(38, 1, 0, 0, 0) != 0 or prctl(22, 2, ctypes.byref(given), 0, 0) != 0:
    sys.exit(77)
if sys.argv[1:] == ["net"]:
    __import__("socket").getaddrinfo("example.org", 80)
from gansynth_live.cli import main
try:
    main()
finally:
    time.sleep(1)  # what a thread does on its own
"""
NO_GUARD = 77
USER_ERROR = 2


def guarded(home: Path, *arguments: str) -> int:
    """Exit code of a command in a process of its own, whose home is `home`."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    folders = {f"GANSYNTH_LIVE_{name}_DIR": str(home / "own") for name in ("CONFIG", "DATA", "LOG")}
    folders["GANSYNTH_LIVE_CACHE_DIR"] = str(user_cache_dir())
    ended = subprocess.run(
        [sys.executable, "-c", GUARDED, *arguments],
        env=kept | folders | {"HOME": str(home)},
        check=False,
    )
    if ended.returncode == NO_GUARD:
        pytest.skip("this kernel lets no process guard itself")
    return ended.returncode


@pytest.mark.skipif(platform.machine() not in {"x86_64", "aarch64"}, reason="unknown processor")
@pytest.mark.skipif(sys.platform != "linux", reason="guards by a filter of Linux")
def test_nothing_is_sent_and_nothing_is_written_into_the_home(tmp_path: Path) -> None:
    assert guarded(tmp_path, "net") == -signal.SIGSYS  # the guard works
    assert guarded(tmp_path, "note", "--seed", "1", "-o", str(tmp_path / "a.wav")) == 0
    assert {path.name for path in tmp_path.iterdir()} <= {"a.wav", "own"}


@pytest.mark.skipif(platform.machine() not in {"x86_64", "aarch64"}, reason="unknown processor")
@pytest.mark.skipif(sys.platform != "linux", reason="guards by a filter of Linux")
def test_only_getting_a_model_asks_the_net_for_one(tmp_path: Path, golden: Path) -> None:
    source = str(golden / "small")
    assert guarded(tmp_path, "model", "import", source, "--name", "acoustic_only") == 0
    assert guarded(tmp_path, "instruments", "--model", "acoustic_only") == 0
    assert guarded(tmp_path, "instruments", "--model", "all_instruments") == USER_ERROR
    assert guarded(tmp_path, "model", "get", "http://127.0.0.1:9/a.zip") == -signal.SIGSYS
    assert {path.name for path in tmp_path.iterdir()} == {"own"}
