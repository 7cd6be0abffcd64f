"""The user's folders, also where there is no home."""

import os
import subprocess
import sys

import pytest

HOMELESS = """
import pwd
def unknown(_): raise KeyError
pwd.getpwuid = unknown
from gansynth_live import folders
for kind in ("config", "cache", "data", "log"):
    find = getattr(folders, f"user_{kind}_dir")
    assert folders.NOWHERE in find().parents, find()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="homes are known otherwise there")
def test_a_user_without_a_home_has_no_folders() -> None:
    subprocess.run(
        [sys.executable, "-c", HOMELESS], env={"PYTHONPATH": os.pathsep.join(sys.path)}, check=True
    )
