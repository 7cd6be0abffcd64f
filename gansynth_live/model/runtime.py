"""ONNX graphs as bytes: built once, cached by hash, run without touching any other file."""

import ctypes
import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gansynth_live import disk_cache
from gansynth_live.errors import ModelError
from gansynth_live.folders import user_cache_dir
from gansynth_live.model.spec import ModelSpec

# Its maker's telemetry looks for a host and writes into the user's home as soon as it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

CACHED_GRAPHS = 32
FATAL_ONLY = 4

Provider = tuple[str, dict[str, str]]
CUDA: Provider = (
    "CUDAExecutionProvider",
    # Reduced-precision arithmetic would spoil the phase.
    {"use_tf32": "0", "cudnn_conv_algo_search": "HEURISTIC"},
)
CORE_ML: Provider = (
    "CoreMLExecutionProvider",
    # The neural engine has half precision only.
    {"ModelFormat": "MLProgram", "MLComputeUnits": "CPUAndGPU"},
)
CPU: Provider = ("CPUExecutionProvider", {})


def default_threads() -> int:
    """All cores but one, which the audio callback needs."""
    return max(1, (os.cpu_count() or 2) - 1)


def open_session(graph: bytes, threads: int) -> onnxruntime.InferenceSession:
    """Session of a graph given as bytes, on the GPU if there is one."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Spinning threads would take the core that the audio callback runs on.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # An arena doubles when it is short, never shrinks, and there would be one for every session.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = FATAL_ONLY
    session = onnxruntime.InferenceSession(graph, options, providers=list(usable_providers()))
    if usable_providers() == (CPU,):
        # Kept to begin anew on another provider: as many bytes again as the weights take.
        vars(session).pop("_model_bytes", None)
    return session


@cache
def usable_providers() -> tuple[Provider, ...]:
    """Execution providers of this machine with their options, the fastest first."""
    present = onnxruntime.get_available_providers()
    chosen: list[Provider] = []
    if CUDA[0] in present and _has_cuda_device():
        chosen.append(CUDA)
    if CORE_ML[0] in present:
        chosen.append(CORE_ML)
    return (*chosen, CPU)


def cached_graph(key: str, build: Callable[[], bytes]) -> bytes:
    """Bytes of the graph called `key`: from the cache, or built (and put there if possible)."""
    path = user_cache_dir() / "graphs" / f"{key}.graph"
    if (graph := disk_cache.load(path)) is not None:
        return graph
    graph = build()
    disk_cache.store(path, graph)
    for forgotten in disk_cache.oldest(path.parent, "*.graph", CACHED_GRAPHS):
        with suppress(OSError):
            forgotten.unlink()
    return graph


def graph_key(*parts: str | bytes) -> str:
    """Name of a graph: a hash of all that it is built from."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "little") + content)
    return digest.hexdigest()


def check_notes(spec: ModelSpec, z: NDArray[Any], pitch: NDArray[Any]) -> None:
    """Refuse latents or pitches that the model cannot render.

    Raises:
        ModelError: a shape is wrong, a value is not finite or a pitch is out of range.
    """
    if z.ndim != 2 or z.shape[1] != spec.latent_size or pitch.shape != (len(z),):
        raise ModelError(
            f"latents {z.shape} and pitches {pitch.shape} do not fit: "
            f"[notes, {spec.latent_size}] and [notes] are expected"
        )
    if not np.isfinite(z).all():
        raise ModelError("a latent has values that are not finite; draw or blend it again")
    if len(pitch) and not spec.low_pitch <= pitch.min() <= pitch.max() <= spec.high_pitch:
        raise ModelError(f"pitches must lie in {spec.low_pitch}..{spec.high_pitch}")


def _has_cuda_device() -> bool:
    # The GPU build of the runtime lists CUDA on machines that have no GPU at all.
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    count = ctypes.c_int(0)
    found = driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0
    return bool(found) and count.value > 0
