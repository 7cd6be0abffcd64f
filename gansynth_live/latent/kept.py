"""The file of instruments that the user kept: JSON, one section for each model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gansynth_live.errors import ConfigError, UsageError
from gansynth_live.files import replacing
from gansynth_live.folders import user_config_dir
from gansynth_live.latent.sphere import Latent


@dataclass(frozen=True)
class KeptInstruments:
    """Where the instruments kept for the model with this digest are stored.

    A latent means nothing to another model, so each model sees its own section only.
    """

    model: str
    path: Path

    @classmethod
    def of_user(cls, model: str) -> "KeptInstruments":
        """The user's own file in the configuration directory."""
        return cls(model, user_config_dir() / "instruments.json")

    def read(self, latent_size: int) -> dict[str, Latent]:
        """Name -> latent float32 [latent_size]; empty when nothing was kept for this model.

        Raises:
            ConfigError: the file is not what this program writes.
        """
        kept = {}
        for name, numbers in self._sections().get(self.model, {}).items():
            try:
                with np.errstate(over="ignore"):
                    latent = np.array(numbers, np.float32)
            except (TypeError, ValueError, OverflowError):
                latent = np.empty(0, np.float32)
            if latent.shape != (latent_size,) or not np.isfinite(latent).all():
                raise ConfigError(
                    f"{self.path}: '{name}' is not {latent_size} finite numbers; "
                    "remove that entry or the file"
                )
            kept[name] = latent
        return kept

    def write(self, kept: Mapping[str, Latent]) -> None:
        """Replace this model's section; those of other models stay.

        Raises:
            UsageError: the configuration directory cannot be written.
        """
        # str gives the shortest number that reads back as the same float32.
        numbers = {name: [float(str(x)) for x in latent] for name, latent in kept.items()}
        sections = self._sections() | {self.model: numbers}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"cannot write {self.path}: {error.strerror}; "
                "set GANSYNTH_LIVE_CONFIG_DIR to a folder that is writable"
            ) from error
        with replacing(self.path) as beside:
            beside.write_text(json.dumps(sections, indent=1), encoding="utf-8")

    def _sections(self) -> dict[str, dict[str, Any]]:
        try:
            sections = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, ValueError, RecursionError) as error:
            raise ConfigError(
                f"{self.path} cannot be read ({error}); repair or remove it"
            ) from error
        if not isinstance(sections, dict) or not all(
            isinstance(section, dict) for section in sections.values()
        ):
            raise ConfigError(f"{self.path} is not a list of kept instruments; remove it")
        return sections
