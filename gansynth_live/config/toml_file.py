"""A TOML file of the user's, read with care."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from gansynth_live.errors import ConfigError

MAX_FILE_BYTES = 1024 * 1024

Table: TypeAlias = Mapping[str, Any]


def read_toml(path: Path) -> Table:
    """What is in a file.

    Raises:
        ConfigError: it cannot be read, is too large or no TOML.
    """
    try:
        with path.open("rb") as handle:
            content = handle.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise ConfigError(f"{path} is larger than 1 MiB; that is no configuration")
        return tomllib.loads(content.decode())
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError too
        reason = " ".join(str(error).split()) or "nested too deeply"
        raise ConfigError(f"{path} is not valid TOML: {reason}") from error
