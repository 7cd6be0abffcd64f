import pytest

from gansynth_live.cli.options import split_names
from gansynth_live.errors import UsageError


def test_names_come_from_a_list_with_commas() -> None:
    assert split_names("cello, saw lead ,flute") == ["cello", "saw lead", "flute"]


@pytest.mark.parametrize("text", ["", ",", "cello,,flute", "cello, "])
def test_no_name_is_empty(text: str) -> None:
    with pytest.raises(UsageError, match="is empty"):
        split_names(text)
