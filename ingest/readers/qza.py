"""Artifacts of QIIME 2 (.qza): a zip archive with one folder, named by the artifact's UUID.

    <uuid>/VERSION          QIIME 2 / archive: 5 / framework: 2019.1.0
    <uuid>/metadata.yaml    uuid, type: FeatureTable[Frequency], format
    <uuid>/data/...         the table itself: BIOM, or TSV

Kept: feature tables with the unit that the type states, taxonomies, distances, ordinations, alpha
diversity and metadata; UUID, versions and the action that made the artifact. Dropped: the rest of
its provenance. Nothing is unpacked to disk; checksums are compared where the artifact has them.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ingest.archives import ZIP_MAGIC, Archive, has_members
from ingest.biom import biom_records
from ingest.errors import FormatError
from ingest.readers.biom_hdf5 import HDF5_MAGIC, read_biom_hdf5
from ingest.readers.biom_json import read_biom_json
from ingest.readers.distance_matrix import distance_features
from ingest.readers.feature_metadata import feature_metadata
from ingest.readers.ordination import ordination_features
from ingest.readers.sample_metadata import SampleMetadataReader
from ingest.records import Sample
from ingest.table_features import COUNTS, PRESENCE, SCALED
from ingest.table_sums import FRACTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO, NoReturn, TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import Record

#: What a FeatureTable[...] holds -> the unit of its values.
_UNITS: Final = {
    "Frequency": COUNTS,
    "RelativeFrequency": FRACTION,
    "PresenceAbsence": PRESENCE,
    "Composition": COUNTS,
    "Balance": SCALED,
    "PercentileNormalized": "percentile",
    "Design": "",
}
_TABLE: Final = re.compile(r"FeatureTable\[(\w+)")
_FIELD: Final = re.compile(r"^(\w+):\s*(.*?)\s*$", re.MULTILINE)
_CHECKSUM: Final = re.compile(r"^([0-9a-f]{32})  (.+)$", re.MULTILINE)
_PLUGIN: Final = re.compile(r"^\s+plugin:.*?:plugins:([\w-]+)", re.MULTILINE)
_ACTION: Final = re.compile(r"^\s+action: *([\w-]+) *$", re.MULTILINE)
#: Bytes of the small files that describe an artifact.
_SMALL: Final = 1024 * 1024
_BIOM: Final = "data/feature-table.biom"
_HINT: Final = "Export the artifact again with QIIME 2"


class QzaReader:
    """Artifacts of QIIME 2."""

    name = "qza"
    kind: Kind = "abundance"
    description = "QIIME 2 artifact (.qza): feature table, taxonomy, distances, ordination"
    magic = ZIP_MAGIC

    def sniff_file(self, handle: BinaryIO) -> bool:
        """Look for the two files that every artifact has."""
        return has_members(handle, ("/metadata.yaml", "/VERSION"))

    def read_file(self, handle: BinaryIO, source: Source) -> Iterator[Record]:
        """Yield what the artifact's type holds.

        Raises:
            FormatError: No artifact, a damaged one, or a type without a table.
        """
        artifact = _artifact(Archive(handle, source.path_name), source)
        source.origin = artifact.origin
        for test, read in _READ.items():
            if test.match(artifact.type):
                yield from read(artifact, source)
                return
        what = f"the artifact is of type {artifact.type[:80]}, which holds no table that is read"
        raise FormatError(what, path_name=source.path_name, hint="Export what you need from it")


@dataclass(frozen=True, slots=True)
class _Artifact:
    """An artifact: its description, and its data."""

    archive: Archive
    root: str
    uuid: str
    type: str
    framework: str
    archive_version: str
    made_by: str
    checksums: dict[str, str]
    path_name: str

    @property
    def tool(self) -> str:
        """The framework's name and version."""
        return f"QIIME 2 {self.framework}".strip()

    @property
    def origin(self) -> str:
        """What is kept of the provenance, in one line."""
        parts = [f"{self.tool} artifact {self.uuid}", self.type, f"archive {self.archive_version}"]
        return ", ".join([*parts, *([f"made by {self.made_by}"] if self.made_by else [])])

    def data(self, name: str) -> bytes:
        """Read a file of the data; its checksum must be right where there is one.

        Raises:
            FormatError: It is missing, damaged or was changed.
        """
        found = self.archive.read(self.root + name)
        expected = self.checksums.get(name)
        digest = hashlib.md5(found, usedforsecurity=False).hexdigest()
        if expected and digest != expected:
            what = f"{name} is not what the artifact's checksum says: it was changed"
            raise FormatError(what, path_name=self.path_name, hint=_HINT)
        return found

    def text(self, name: str) -> TextIO:
        """Read a file of the data as text."""
        self.data(name)
        return self.archive.text(self.root + name)


def _artifact(archive: Archive, source: Source) -> _Artifact:
    names = archive.names()
    roots = [it.removesuffix("VERSION") for it in names if it.count("/") == 1]
    roots = [it for it in roots if it + "VERSION" in names and it + "metadata.yaml" in names]
    if len(roots) != 1:
        _refuse("the zip archive is no QIIME 2 artifact", source)
    root = roots[0]
    version = archive.text(root + "VERSION", _SMALL).read()
    if not version.startswith("QIIME 2"):
        _refuse("the zip archive is no QIIME 2 artifact", source)
    described = dict(_FIELD.findall(archive.text(root + "metadata.yaml", _SMALL).read()))
    versions = dict(_FIELD.findall(version))
    described = {key: _unquoted(value) for key, value in described.items()}
    if not described.get("type") or not described.get("uuid"):
        _refuse("metadata.yaml does not give the artifact's uuid and type", source)
    if described["uuid"] + "/" != root:
        source.warnings.append("the artifact's folder has another name than its UUID")
    return _Artifact(
        archive=archive,
        root=root,
        uuid=described["uuid"],
        type=described["type"],
        framework=_unquoted(versions.get("framework", "")),
        archive_version=_unquoted(versions.get("archive", "")),
        made_by=_made_by(archive, root),
        checksums=_checksums(archive, root),
        path_name=source.path_name,
    )


def _made_by(archive: Archive, root: str) -> str:
    """Name the plugin and action that made the artifact, "" for an import."""
    name = root + "provenance/action/action.yaml"
    if name not in archive.names():
        return ""
    text = archive.text(name, _SMALL).read()
    found = [match.group(1) for it in (_PLUGIN, _ACTION) if (match := it.search(text))]
    return " ".join(found) if len(found) == 2 else ""


def _checksums(archive: Archive, root: str) -> dict[str, str]:
    if root + "checksums.md5" not in archive.names():
        return {}
    text = archive.text(root + "checksums.md5", 100 * _SMALL).read()
    return {name: digest for digest, name in _CHECKSUM.findall(text)}


def _table(artifact: _Artifact, source: Source) -> Iterator[Record]:
    match = _TABLE.match(artifact.type)
    unit = _UNITS.get(match.group(1) if match else "", "")
    data = artifact.data(_BIOM)
    if data.startswith(HDF5_MAGIC):
        biom = read_biom_hdf5(io.BytesIO(data), source)
    else:
        biom = read_biom_json(artifact.text(_BIOM), source)
    yield from biom_records(biom, source, QzaReader.name, tool=artifact.tool, unit=unit)


def _taxonomy(artifact: _Artifact, source: Source) -> Iterator[Record]:
    handle = artifact.text("data/taxonomy.tsv")
    yield from feature_metadata(handle, source, QzaReader.name, artifact.tool)


def _distances(artifact: _Artifact, source: Source) -> Iterator[Record]:
    handle = artifact.text("data/distance-matrix.tsv")
    yield from distance_features(handle, source, QzaReader.name, artifact.tool)


def _ordination(artifact: _Artifact, source: Source) -> Iterator[Record]:
    handle = artifact.text("data/ordination.txt")
    yield from ordination_features(handle, source, QzaReader.name, artifact.tool)


def _alpha_diversity(artifact: _Artifact, source: Source) -> Iterator[Record]:
    """Read a measure per sample; the header's first cell is empty."""
    header, *rows = artifact.text("data/alpha-diversity.tsv").read().splitlines()
    measure = header.split("\t")[-1].strip()
    for line, text in enumerate(rows, 2):
        name, _, value = text.partition("\t")
        if name and not name.startswith("#"):
            attributes = ((measure or "alpha diversity", value.strip()),)
            yield Sample(name, attributes, source.provenance(QzaReader.name, line))


def _metadata(artifact: _Artifact, source: Source) -> Iterator[Record]:
    for record in SampleMetadataReader().read(artifact.text("data/metadata.tsv"), source):
        if isinstance(record, Sample):
            place = source.provenance(QzaReader.name, record.provenance.line)
            yield replace(record, provenance=place)
        else:
            yield record


#: Type of an artifact -> what reads its data.
_READ: Final[dict[re.Pattern[str], Callable[[_Artifact, Source], Iterator[Record]]]] = {
    _TABLE: _table,
    re.compile(r"FeatureData\[Taxonomy\b"): _taxonomy,
    re.compile(r"DistanceMatrix\b"): _distances,
    re.compile(r"PCoAResults\b"): _ordination,
    re.compile(r"SampleData\[AlphaDiversity\b"): _alpha_diversity,
    re.compile(r"ImmutableMetadata\b"): _metadata,
}


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'") if text[:1] == text[-1:] and text[:1] in "'\"" else text


def _refuse(what: str, source: Source) -> NoReturn:
    raise FormatError(what, path_name=source.path_name, hint=_HINT)
