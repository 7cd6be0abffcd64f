"""The file that explains every setting to its user."""

from pathlib import Path

DEFAULTS_FILE = Path(__file__).parents[2] / "configs" / "default.toml"
