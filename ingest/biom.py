"""What both kinds of BIOM files share: lineages in metadata, types of tables, samples' metadata."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ingest.records import Sample
from ingest.table_features import About, features_of_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.readers.base import Source
    from ingest.records import BadRecord, Feature, FeatureKind
    from ingest.wide_tables import WideTable

#: Names of an observation's metadata that hold its lineage, in lower case.
_LINEAGE_KEYS: Final = ("taxonomy", "taxon", "lineage", "consensus lineage", "consensuslineage")
#: A table's own word for its kind, in lower case, where the ids do not tell.
_KINDS: Final[dict[str, FeatureKind]] = {
    "otu table": "taxon",
    "taxon table": "taxon",
    "gene table": "gene",
    "ortholog table": "gene_family",
    "function table": "gene_family",
    "pathway table": "pathway",
    "metabolite table": "metabolite",
}


@dataclass(slots=True)
class Biom:
    """A BIOM file in memory: the table, what it calls itself, metadata of its samples."""

    table: WideTable
    type: str = ""
    samples: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def biom_records(
    biom: Biom, source: Source, reader: str, *, tool: str = "BIOM", unit: str = ""
) -> Iterator[Feature | Sample | BadRecord]:
    """Yield a Feature per observation and a Sample per sample that has metadata.

    Observations are OTUs unless the table or the ids say otherwise.
    """
    default = _KINDS.get(biom.type.strip().lower(), "taxon")
    about = About(tool, reader, unit=unit, default=default)
    yield from features_of_table(biom.table, source, about)
    for name, metadata in biom.samples:
        attributes = tuple(
            (str(key), text) for key, value in metadata.items() if (text := _text(value))
        )
        if attributes:
            yield Sample(name, attributes, source.provenance(reader))


def lineage_in(metadata: object) -> str:
    """Find the lineage in the metadata of an observation: a list, a text, or nothing."""
    if not isinstance(metadata, dict):
        return ""
    found = {str(key).lower(): value for key, value in metadata.items()}
    value = next((found[key] for key in _LINEAGE_KEYS if key in found), "")
    return lineage_text(value)


def lineage_text(value: object) -> str:
    """Join a lineage given as a list; one given as a text is kept."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list | tuple):
        return ";".join(" ".join(str(part).split()) for part in value if part is not None)
    return ""


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(str(it) for it in value)
    return str(value).strip()
