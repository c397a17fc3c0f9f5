"""The pressed profiles of a knowledge base: derived, kept beside it, made when first needed.

Pressed files are read by HMMER's own code without a second look, so each is compared with its
SHA-256 before it is used, and made anew when it is not what was written.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Final

from ingest.errors import MetalumenError
from ingest.records import clean_sequence
from retrieval.cache_folder import CacheFolder
from retrieval.domains import members
from retrieval.durable import sha256_of
from retrieval.families import LONGEST_QUERY, press, pressed, search
from retrieval.kept_answers import KeptAnswers, makers
from retrieval.kept_matches import search_unless_kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ingest.records import Family
    from ingest.store_reader import StoreReader
    from retrieval.domains import FamilyHit
    from retrieval.families import ProfileMatch

#: Sets of profiles that are kept: runs that started before the last change still use theirs.
_KEPT: Final = 2
_PROFILES: Final = "profiles"
_DIGESTS: Final = "sha256.json"
#: Version of pressed files: with another HMMER they are made anew.
_MAKE: Final = "h3-1"


class FamilyCache:
    """Search the families of a knowledge base.

    Args:
        folder: Where pressed profiles are kept, one folder each, named by what they hold.
        threads: CPU threads of a search.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        """Make nothing yet."""
        self._folder = CacheFolder(folder, kept=_KEPT)
        self._threads = threads
        self._families: dict[str, Family] | None = None
        self._pressed: Path | None = None
        self._kept_in: Path | None = None

    def forget(self) -> None:
        """Look again at the next search: profiles or tables may have changed."""
        self._families = None
        self._pressed = None

    def keep_in(self, folder: Path) -> None:
        """Keep what profiles match in a folder, and use what it has."""
        self._kept_in = folder

    def close(self) -> None:
        """Delete what was made outside the folder."""
        self._folder.close()

    def search(
        self, queries: Mapping[str, str], reader: StoreReader
    ) -> dict[str, Sequence[FamilyHit]]:
        """List the families that each protein belongs to, region by region, best first."""
        if self._families is None:
            self._families = {family.accession: family for family in reader.families()}
        families = self._families
        if not families or not queries:
            return {}
        if self._kept_in is None:
            matches = self._searched(queries, reader)
        else:
            kept = KeptAnswers(self._kept_in, self._state(reader))
            matches = search_unless_kept(queries, lambda new: self._searched(new, reader), kept)
        return {
            name: members(found, families, len(clean_sequence(queries[name])))
            for name, found in matches.items()
        }

    def _searched(
        self, queries: Mapping[str, str], reader: StoreReader
    ) -> Mapping[str, Sequence[ProfileMatch]]:
        if self._pressed is None:
            self._pressed = self._made(reader)
        return search(
            queries,
            pressed(self._pressed / _PROFILES),
            library_size=len(self._families or ()),
            threads=self._threads,
        )

    def _state(self, reader: StoreReader) -> str:
        """Tell all that decides what matches; cut-offs are looked at anew each time."""
        sizes = [len(self._families or ()), LONGEST_QUERY]
        return json.dumps([*makers(), _MAKE, reader.profiles_digest(), *sizes])

    def _made(self, reader: StoreReader) -> Path:
        target = self._folder.writable() / f"{reader.profiles_digest()[:16]}-{_MAKE}"
        if target.is_dir() and _is_whole(target):
            return target
        self._build(reader, target)
        self._folder.drop_old(target)
        return target

    def _build(self, reader: StoreReader, target: Path) -> None:
        fresh = self._folder.fresh(target)
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        try:
            press(reader.profiles(), fresh / _PROFILES)
        except (OSError, RuntimeError) as error:
            shutil.rmtree(fresh, ignore_errors=True)
            what = f"the profiles could not be written for searching ({error})"
            hint = "Free some space: it takes as much as the text of the profiles"
            raise MetalumenError(what, where="cache/families", hint=hint) from error
        digests = {path.name: sha256_of(path) for path in sorted(fresh.iterdir())}
        (fresh / _DIGESTS).write_text(json.dumps(digests), encoding="utf-8")
        try:
            fresh.rename(target)
        except OSError:  # another process was faster, or a damaged one is in the place
            if _is_whole(target):
                shutil.rmtree(fresh, ignore_errors=True)
                return
            shutil.rmtree(target, ignore_errors=True)
            fresh.rename(target)


def _is_whole(folder: Path) -> bool:
    """Tell whether every file is there and is what was written."""
    try:
        digests = json.loads((folder / _DIGESTS).read_bytes())
        return bool(digests) and all(
            sha256_of(folder / name) == sha256 for name, sha256 in digests.items()
        )
    except (OSError, ValueError, AttributeError, TypeError):
        return False
