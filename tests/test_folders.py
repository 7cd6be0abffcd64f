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
for find in (folders.user_config_dir, folders.user_cache_dir, folders.user_log_dir):
    assert folders.NOWHERE in find().parents, find()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="homes are known otherwise there")
def test_a_user_without_a_home_has_no_folders() -> None:
    subprocess.run(
        [sys.executable, "-c", HOMELESS], env={"PYTHONPATH": os.pathsep.join(sys.path)}, check=True
    )
