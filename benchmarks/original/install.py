"""Make an environment in which Magenta's original GANSynth runs, as a peer for benchmarks.

    python benchmarks/original/install.py [--at FOLDER]

The magenta package pins libraries that no current Python can install together, and most of them
serve its other models. GANSynth's own code needs only what is listed here, so the package is
installed without its dependencies, next to TensorFlow 2.15, away from this project's environment.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from gansynth_live.bench.original import original_environment, python_of

PYTHONS = ("3.11", "3.10", "3.9")  # TensorFlow 2.15 has wheels for these
WITH_DEPENDENCIES = (
    "tensorflow-cpu==2.15.1; platform_machine == 'x86_64' or platform_machine == 'AMD64'",
    "tensorflow==2.15.1; platform_machine != 'x86_64' and platform_machine != 'AMD64'",
    "numpy<2",
)
WITHOUT_DEPENDENCIES = (
    "magenta==2.1.4",
    "tf-slim==1.1.0",
    "tensorflow-gan==2.1.0",
    "tensorflow-hub==0.15.0",  # imported by tensorflow-gan
    "tensorflow-probability==0.23.0",  # imported by tensorflow-gan; the one made for 2.15
    "dm-tree==0.1.10",
    "cloudpickle==3.1.2",
    "decorator==5.3.1",
)


def main() -> None:
    """Make the environment, install, and put the timing program beside it."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--at", type=Path, default=original_environment(), metavar="FOLDER")
    folder: Path = arguments.parse_args().at
    subprocess.run([python_for_tensorflow(), "-m", "venv", "--clear", str(folder)], check=True)
    install(folder, WITH_DEPENDENCIES)
    install(folder, WITHOUT_DEPENDENCIES, "--no-deps")
    shutil.copy(Path(__file__).with_name("time_note.py"), folder)
    print(f"installed in {folder}; now: gansynth-live bench render")
    if folder != original_environment():
        print(f"with GANSYNTH_LIVE_ORIGINAL={folder}")


def python_for_tensorflow() -> str:
    """Return an interpreter that TensorFlow 2.15 has wheels for: this one, or one on the path."""
    if f"{sys.version_info.major}.{sys.version_info.minor}" in PYTHONS:
        return sys.executable
    for version in PYTHONS:
        if found := shutil.which(f"python{version}"):
            return found
    sys.exit(f"TensorFlow 2.15 needs one of Python {', '.join(PYTHONS)}: install one of them")


def install(folder: Path, requirements: tuple[str, ...], *options: str) -> None:
    """Install `requirements` into the environment in `folder`."""
    pip = [str(python_of(folder)), "-m", "pip", "install", "--quiet", *options, *requirements]
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run(pip, check=True, env=environment)


if __name__ == "__main__":
    main()
