from pathlib import Path

import onnx
import pytest

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
