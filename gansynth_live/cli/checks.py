"""What `doctor` looks at. Each check says what it found, or raises an error that names the cure."""

import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from gansynth_live.errors import DeviceError, ModelError, UsageError
from gansynth_live.folders import CACHE_VARIABLE, CONFIG_VARIABLE, DATA_VARIABLE, LOG_VARIABLE


class Check(NamedTuple):
    """One thing to look at; where it is `needed`, nothing works without it."""

    name: str
    look: Callable[[], str]
    needed: bool


def python() -> str:
    """Version and machine."""
    if not (3, 11) <= sys.version_info < (3, 15):
        raise UsageError(f"Python {platform.python_version()}; use 3.11 to 3.14")
    cores = os.cpu_count() or 1
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}, {cores} cores"


def settings() -> str:
    """The user's settings file."""
    from gansynth_live.config import load_config
    from gansynth_live.folders import user_config_dir

    load_config()
    own = user_config_dir() / "config.toml"
    return f"{own}" if own.is_file() else f"the defaults; yours would be {own}"


def folders() -> str:
    """Folders for settings, models, and things that can be made again."""
    from gansynth_live.folders import user_cache_dir, user_config_dir, user_data_dir

    _require_writable(user_config_dir(), CONFIG_VARIABLE)
    _require_writable(user_data_dir(), DATA_VARIABLE)
    _require_writable(user_cache_dir(), CACHE_VARIABLE)
    return f"{user_config_dir()}, {user_data_dir()} and {user_cache_dir()}"


def model() -> str:
    """The bundle that will play, with all its sums."""
    from gansynth_live.config import load_config
    from gansynth_live.model.bundle import load_bundle
    from gansynth_live.model.installed import model_path

    bundle = load_bundle(model_path(load_config().model.path))
    return f"{bundle.spec.name}: {len(bundle.instruments)} instruments, {bundle.spec.licence}"


def named_models() -> str:
    """The user's own models, each with all its sums."""
    from gansynth_live.model.bundle import load_bundle
    from gansynth_live.model.installed import installed, model_path

    names = installed()
    for name in names:
        try:
            load_bundle(model_path(name))
        except ModelError as error:
            raise ModelError(f"{error}; or remove it: gansynth-live model remove {name}") from error
    return ", ".join(names) or "none yet; gansynth-live model get acoustic_only"


def network() -> str:
    """The library that runs the network, and what it runs on."""
    builds = [name for name in ("onnxruntime", "onnxruntime-gpu") if _installed(name)]
    if len(builds) == 2:
        raise ModelError(
            f"{' and '.join(builds)} break each other; uninstall both, then install "
            "gansynth-live again"
        )
    from gansynth_live.model.runtime import default_threads, usable_providers

    places = [name.removesuffix("ExecutionProvider") for name, _ in usable_providers()]
    return f"ONNX Runtime {version(builds[0])} on {', '.join(places)}, {default_threads()} threads"


def compiled() -> str:
    """Whether the performance path has been compiled before, and is whole."""
    import gansynth_live.engine.process
    import gansynth_live.model.audio.locked  # noqa: F401 - what is imported is looked at
    from gansynth_live.kernel.code_cache import code_folder
    from gansynth_live.kernel.compile import is_kept

    if is_kept():
        return f"ready in {code_folder()}"
    return "not yet; the next start takes a quarter of a minute longer"


def sound_card() -> str:
    """Outputs that PortAudio sees."""
    from gansynth_live.drivers.portaudio import audio_devices, find_device

    devices = audio_devices()
    return f"{len(devices)} outputs, of which {find_device(devices, None).name!r} is used"


def jack() -> str:
    """The JACK server."""
    from gansynth_live.drivers.libjack import jack_server

    server = jack_server()
    return f"{server.sample_rate} Hz, blocks of {server.block} frames"


def midi() -> str:
    """MIDI system and its inputs."""
    from gansynth_live.drivers.midi_api import open_midi_api, plain_name

    api = open_midi_api()
    try:
        inputs = [plain_name(name) for name in api.inputs()]
    finally:
        api.close()
    return f"{api.name}, inputs: {', '.join(inputs) or 'none yet'}"


def priority() -> str:
    """Whether audio threads may take precedence over other programs."""
    if sys.platform != "linux":
        return "given by the system"
    import resource

    limit = resource.getrlimit(resource.RLIMIT_RTPRIO)[0]
    if limit == 0 and os.geteuid() != 0:
        raise DeviceError(
            "no real-time priority, so sound may drop out under load; join the group 'audio' or "
            "set rtprio in /etc/security/limits.d"
        )
    return f"real-time priority up to {limit}" if limit > 0 else "real-time priority"


def log() -> str:
    """Where the program writes down what happens."""
    from gansynth_live.cli.logs import log_file

    file = log_file()
    if file.exists() and not os.access(file, os.W_OK):
        raise UsageError(f"{file} cannot be written; nothing is written down")
    _require_writable(file.parent, LOG_VARIABLE)
    return str(file)


CHECKS = (
    Check("Python", python, needed=True),
    Check("settings", settings, needed=True),
    Check("folders", folders, needed=True),
    Check("model", model, needed=True),
    Check("your models", named_models, needed=False),
    Check("network", network, needed=True),
    Check("compiled code", compiled, needed=True),
    Check("sound card", sound_card, needed=False),
    Check("JACK", jack, needed=False),
    Check("MIDI", midi, needed=False),
    Check("priority", priority, needed=False),
    Check("log", log, needed=False),
)


def _require_writable(folder: Path, variable: str) -> None:
    nearest = next(parent for parent in (folder, *folder.parents) if os.path.lexists(parent))
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        raise UsageError(f"{nearest} cannot be written; set {variable} to a folder of yours")


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
