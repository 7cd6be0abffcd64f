"""Time notes of Magenta's original GANSynth: its own graph, its own generate call.

Runs in the environment that install.py makes, which does not hold gansynth_live:

    python time_note.py [--threads N] [--notes N] [--golden full_note.npz] [--serve]

Real configuration (mel_prog_hires, last stage), weights by the rule of the reference note: NumPy's
RandomState(20190223) over the averaged generator variables in ASCII order of their names.
Prints one line of JSON; with --serve, one line when ready and then the time of one note for each
line read, so that a peer can take turns with it.
"""

import argparse
import contextlib
import importlib.util
import inspect
import json
import os
import statistics
import sys
import time
import types
from pathlib import Path
from typing import Any

AVERAGED = "/ExponentialMovingAverage"
LAST_STAGE = 12
FINISHED = 11_000_000  # images: the released models' global step, progress 6.0
PITCH = 60


def main() -> None:
    """Build the original model, then time it as asked."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--threads", type=int, default=0, help="0: as many as there are cores")
    arguments.add_argument("--notes", type=int, default=7)
    arguments.add_argument("--golden", type=Path, help="npz with the original's 'wave' to compare")
    arguments.add_argument("--serve", action="store_true")
    options = arguments.parse_args()
    replies = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):  # the original prints as it works
        started = time.perf_counter()
        model = original_model(options.threads)
        report = {"build_s": round(time.perf_counter() - started, 2), "threads": options.threads}
        report["first_note_ms"] = timed_note(model)[1]["note_ms"]
        report |= versions()
        if options.golden:
            report["golden_snr_db"] = snr_against(options.golden, model)
        if options.serve:
            serve(model, report, replies)
        else:
            times = [timed_note(model)[1] for _ in range(options.notes)]
            for clock in ("note_ms", "cpu_ms"):
                report[clock] = statistics.median(spent[clock] for spent in times)
            print(json.dumps(report), file=replies)


def serve(model: Any, report: dict[str, Any], replies: Any) -> None:
    """Say that the model is ready, then time one note for each line read."""
    print(json.dumps(report), file=replies, flush=True)
    for _ in sys.stdin:
        print(json.dumps(timed_note(model)[1]), file=replies, flush=True)


def original_model(threads: int) -> Any:
    """Build the original `Model` with the real configuration and the reference weights."""
    import tensorflow.compat.v1 as tf

    tf.disable_v2_behavior()
    tf.logging.set_verbosity(tf.logging.ERROR)
    stand_in_for_unused_modules()
    from magenta.models.gansynth.configs import mel_prog_hires
    from magenta.models.gansynth.lib import datasets, flags, model

    datasets.registry["nsynth_tfds"] = silent_dataset(tf, datasets)
    config = flags.Flags(dict(mel_prog_hires.hparams))
    config["train_root_dir"] = config["tfds_data_dir"] = ""
    model.set_flags(config)
    original = model.Model(LAST_STAGE, 1, config)
    original.sess = tf.Session(
        config=tf.ConfigProto(
            intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads
        )
    )
    original.sess.run(tf.global_variables_initializer())
    load_reference_weights(tf, original.sess)
    original.current_image_id.load(FINISHED, original.sess)
    return original


def stand_in_for_unused_modules() -> None:
    """Let the original be imported without what only its training and its other models use."""
    package = importlib.util.find_spec("magenta")
    if package is None or package.submodule_search_locations is None:
        sys.exit("the magenta package is not installed here: run install.py")
    magenta = types.ModuleType("magenta")  # its __init__ imports every other model's libraries
    magenta.__path__ = list(package.submodule_search_locations)
    sys.modules["magenta"] = magenta
    sys.modules["tensorflow_datasets"] = types.ModuleType("tensorflow_datasets")
    # tensorflow-gan asks for a function that Python 3.11 has removed.
    vars(inspect)["getargspec"] = lambda function: types.SimpleNamespace(
        keywords=inspect.getfullargspec(function).varkw
    )


def silent_dataset(tf: Any, datasets: Any) -> type:
    """Return a dataset class of silence: the graph holds a training branch that is never run."""

    def silence(self: Any) -> Any:  # noqa: ARG001
        note = {"audio": tf.zeros([64_000]), "pitch": tf.constant(PITCH, tf.int64)}
        return tf.data.Dataset.from_tensors(note).repeat()

    return type("Silence", (datasets.NSynthTfdsDataset,), {"_get_dataset_from_tfds": silence})


def load_reference_weights(tf: Any, session: Any) -> None:
    """Load the averaged generator variables with the reference note's weights."""
    import numpy as np

    variables = {v.op.name: v for v in tf.global_variables() if v.op.name.endswith(AVERAGED)}
    random = np.random.RandomState(20190223)
    for name in sorted(variable.removesuffix(AVERAGED) for variable in variables):
        variable = variables[name + AVERAGED]
        weights = random.standard_normal(variable.shape.as_list())
        if name.endswith("bias"):
            weights *= 0.1
        if name.endswith("to_rgb/conv2d/kernel"):
            weights *= 1.5
        if name.endswith("to_rgb/bias"):
            weights += [-0.3, 0.0]
        variable.load(weights.astype(np.float32), session)


def timed_note(model: Any) -> tuple[Any, dict[str, float]]:
    """Render the reference note with the original's own call: the wave, and milliseconds.

    `note_ms` passed on the clock, `cpu_ms` were spent by all threads of this process.
    """
    import numpy as np

    z = np.random.RandomState(4242).standard_normal((1, 256))
    clocks = time.perf_counter(), time.process_time()
    wave = model.generate_samples_from_z(z, [PITCH])[0]
    passed, spent = time.perf_counter() - clocks[0], time.process_time() - clocks[1]
    return wave, {"note_ms": round(1e3 * passed, 2), "cpu_ms": round(1e3 * spent, 2)}


def snr_against(golden: Path, model: Any) -> float:
    """Return the signal-to-noise ratio in dB against a stored wave; 200 when they are equal."""
    import numpy as np

    expected = np.load(golden)["wave"].ravel().astype(np.float64)
    power = np.sum(expected**2)
    error = np.sum((expected - timed_note(model)[0]) ** 2)
    return round(float(10 * np.log10(power / max(error, 1e-20 * power))), 1)


def versions() -> dict[str, str]:
    """Return the versions that decide the figures."""
    from importlib.metadata import version

    return {
        "python": sys.version.split()[0],
        "tensorflow": version("tensorflow-cpu" if has("tensorflow-cpu") else "tensorflow"),
        "magenta": version("magenta"),
    }


def has(distribution: str) -> bool:
    """Whether a distribution is installed here."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    main()
