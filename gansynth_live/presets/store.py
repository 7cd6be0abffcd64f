"""All presets: the factory's, the user's own, and which of them are the favourites.

The user's folder holds a file for each preset, and one that says in which order they came and which
are favourites. A favourite is known by its sound, so that it stays one under another name.
"""

import logging
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from msgspec import DecodeError, Struct, ValidationError, json
from msgspec.structs import replace

from gansynth_live.errors import ConfigError, GansynthError, UsageError
from gansynth_live.files import replacing
from gansynth_live.folders import user_data_dir
from gansynth_live.latent.programs import FACTORY_BANK, FAVOURITES_BANK, USER_BANK
from gansynth_live.presets.file import SUFFIX, read, write
from gansynth_live.presets.preset import Preset

ORDER = "order.json"
CHECKOUT, WHEEL = Path("configs", "presets"), Path("presets", "factory")
PACKAGE = Path(__file__).parents[1]

log = logging.getLogger(__name__)


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """Which program number each preset of the user has, and the favourites by their sound."""

    programs: tuple[str, ...] = ()  # names; "" where one was removed
    favourites: tuple[str, ...] = ()


class Entry(NamedTuple):
    """A preset and where it is."""

    preset: Preset
    path: Path
    is_factory: bool
    is_favourite: bool

    @property
    def words(self) -> str:
        """All that is said of it, to search in."""
        preset = self.preset
        of_it = (preset.name, preset.category, *preset.tags, preset.author, preset.notes)
        return " ".join((*of_it, *preset.instrument_names)).casefold()


class Store:
    """The presets in the factory's folder and the user's, as they are now. For one thread.

    A file that holds no preset is left out and logged.
    """

    def __init__(self, factory: Path, user: Path) -> None:
        self._factory = factory
        self._user = user

    @classmethod
    def of_user(cls) -> "Store":
        """Those of the program and of whoever runs it."""
        inside, beside = PACKAGE / WHEEL, PACKAGE.parent / CHECKOUT
        return cls(inside if inside.is_dir() else beside, user_data_dir() / "presets")

    @cached_property
    def entries(self) -> list[Entry]:
        """All of them: the factory's by name, then the user's in their order."""
        stars = self._order.favourites
        user = [(preset, path, False) for preset, path in self._users if preset]
        factory = [(preset, path, True) for path, preset in sorted(_presets(self._factory).items())]
        return [
            Entry(preset, path, is_factory, preset.digest in stars)
            for preset, path, is_factory in (*factory, *user)
        ]

    @property
    def factory(self) -> list[Entry]:
        """Those that came with the program, in the order of their program numbers."""
        return [entry for entry in self.entries if entry.is_factory]

    @property
    def user(self) -> list[Entry | None]:
        """Those of the user by their program numbers; None where one was removed."""
        by_path = {entry.path: entry for entry in self.entries}
        return [by_path.get(path) if preset else None for preset, path in self._users]

    @property
    def favourites(self) -> list[Entry]:
        """The favourites in the order in which they became that."""
        by_sound = {entry.preset.digest: entry for entry in reversed(self.entries)}
        return [by_sound[sound] for sound in self._order.favourites if sound in by_sound]

    @property
    def banks(self) -> dict[int, Sequence[Entry | None]]:
        """The presets by bank number, in the order of their program numbers."""
        return {FACTORY_BANK: self.factory, USER_BANK: self.user, FAVOURITES_BANK: self.favourites}

    @property
    def places(self) -> dict[Path, tuple[int, int]]:
        """Bank and program number of each preset by its file."""
        numbered = {
            bank: entries for bank, entries in self.banks.items() if bank != FAVOURITES_BANK
        }
        return {
            entry.path: (bank, number)
            for bank, entries in numbered.items()
            for number, entry in enumerate(entries)
            if entry is not None
        }

    def find(self, name: str) -> Entry:
        """The preset of a name, in whatever case; the user's own comes first.

        Raises:
            UsageError: there is none; names the nearest.
        """
        for entry in reversed(self.entries):
            if entry.preset.name.casefold() == name.casefold():
                return entry
        names = [entry.preset.name for entry in self.entries]
        near = get_close_matches(name[:80], names, n=1, cutoff=0.0)
        cure = f"did you mean '{near[0]}'?" if near else "there are none yet"
        raise UsageError(f"no preset {name!r:.60}; {cure}")

    def search(
        self, text: str = "", category: str = "", tags: Iterable[str] = (), favourite: bool = False
    ) -> list[Entry]:
        """Those that have each word of a text, the category, all tags and, if asked, the star."""
        words = text.casefold().split()
        wanted = {tag.casefold() for tag in tags}
        return [
            entry
            for entry in self.entries
            if all(word in entry.words for word in words)
            and (not category or entry.preset.category.casefold() == category.casefold())
            and wanted <= {tag.casefold() for tag in entry.preset.tags}
            and (entry.is_favourite or not favourite)
        ]

    def save(self, preset: Preset, *, over: bool = False) -> Path:
        """Put a preset among the user's; the file it is in.

        Raises:
            UsageError: the user has one of that name, or nothing can be written.
        """
        path = self._user / (preset.name + SUFFIX)
        old = next((path for known, path in self._users if _is_named(known, preset.name)), None)
        if old and not over:
            raise UsageError(f"you have a preset '{preset.name}' already; add --replace, or rename")
        path = old or path
        self._make_folder()
        write(preset, path)
        stem = _stem(path)
        if stem not in self._order.programs:
            self._keep(replace(self._order, programs=(*self._numbered, stem)))
        self._forget()
        return path

    def remove(self, name: str) -> None:
        """Remove a preset of the user's. The numbers of the others stay.

        Raises:
            UsageError: the user has none of that name.
        """
        entry = self.find(name)
        if entry.is_factory:
            raise UsageError(f"'{entry.preset.name}' belongs to the program; only yours can go")
        entry.path.unlink()
        gone = _stem(entry.path)
        programs = tuple("" if stem == gone else stem for stem in self._numbered)
        self._keep(replace(self._order, programs=programs))
        self._forget()

    def star(self, name: str, *, shines: bool = True) -> None:
        """Make a preset a favourite, or no longer one.

        Raises:
            UsageError: there is no such preset.
        """
        sound = self.find(name).preset.digest
        others = tuple(star for star in self._order.favourites if star != sound)
        self._make_folder()
        self._keep(replace(self._order, favourites=(*others, sound) if shines else others))
        self._forget()

    @cached_property
    def _users(self) -> list[tuple[Preset | None, Path]]:
        """The user's by program number: those in the order, then those put there by hand."""
        there = _presets(self._user)
        by_stem = {_stem(path): (preset, path) for path, preset in there.items()}
        first = [by_stem.pop(stem, (None, Path(stem))) for stem in self._order.programs]
        return [*first, *(by_stem[stem] for stem in sorted(by_stem))]

    @property
    def _numbered(self) -> tuple[str, ...]:
        return tuple(_stem(path) if preset else "" for preset, path in self._users)

    @cached_property
    def _order(self) -> Order:
        path = self._user / ORDER
        try:
            return json.decode(path.read_bytes(), type=Order)
        except (FileNotFoundError, NotADirectoryError):
            return Order()
        except (OSError, DecodeError, ValidationError, RecursionError) as error:
            raise ConfigError(f"{path} cannot be read ({error}); remove it") from error

    def _keep(self, order: Order) -> None:
        with replacing(self._user / ORDER) as beside:
            beside.write_bytes(json.format(json.encode(order), indent=1))

    def _make_folder(self) -> None:
        try:
            self._user.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot make {self._user}: {error.strerror or error}") from error

    def _forget(self) -> None:
        """What was read is no longer so."""
        for name in ("entries", "_users", "_order"):
            self.__dict__.pop(name, None)


def _presets(folder: Path) -> dict[Path, Preset]:
    found = {}
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            found[path] = read(path)
        except GansynthError as error:
            log.warning("left out: %s", error)
    return found


def _stem(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)


def _is_named(preset: Preset | None, name: str) -> bool:
    return preset is not None and preset.name.casefold() == name.casefold()
