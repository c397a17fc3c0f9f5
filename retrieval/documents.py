"""What is searchable about a record, in plain words: pure functions from records to texts.

Numbers of metagenomic features are not part of the stored text: they are added when a hit is
shown (``feature_summary``), so that they are those of all tables that were added since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.chunking import passages_of
from ingest.feature_kinds import is_amplicon
from ingest.records import digest_of
from ingest.store_rows import Document
from ingest.vocab import is_uncharacterized
from retrieval.cohort.privacy import blocked_columns, shareable
from retrieval.evidence.wording import listed
from retrieval.tagging import Tagger

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ingest.records import Feature, FeatureKind, Protein, Publication
    from ingest.store_entities import Tag
    from ingest.store_profiles import Share
    from ingest.store_rows import DocumentKind

_KIND_WORDS: Final[dict[FeatureKind, str]] = {
    "taxon": "Taxon",
    "pathway": "Pathway",
    "gene_family": "Gene family",
    "gene": "Gene",
    "metabolite": "Metabolite",
    "distance": "Distance to",
    "axis": "Axis",
    "other": "Feature",
}
#: What opens the profile in the text of a sample.
_PROFILE: Final = "dominated by "
#: Rows that say something of samples only.
_ABOUT_SAMPLES: Final = frozenset({"distance", "axis"})
#: Kinds of features that number hundreds of thousands, most without a known function.
_OFTEN_NAMELESS: Final = frozenset({"gene_family", "gene", "other"})
#: Species, or a table without ranks: higher ranks repeat the same community.
_DESCRIBED_RANKS: Final = frozenset({"s", ""})
#: Of this many samples, a feature must be in this share to be described: thousands of rows of wide
#: tables are in one or two samples.
_MANY_SAMPLES: Final = 20
_PREVALENT: Final = 0.1
_UNIT_SIGNS: Final = {"percent": "%"}
#: Files that are named after a feature's numbers; the rest are counted.
_FILES_TOLD: Final = 3


class RecordDescriber:
    """Describe records for the store (its ``Describer``)."""

    def passages(self, publication: Publication) -> list[Document]:
        """Cut a paper into passages; each keeps its own content-addressed id."""
        return [
            Document(
                id=passage.id,
                kind="passage",
                owner_id=publication.id,
                title=publication.title,
                text=passage.text,
                section=passage.section,
                start=passage.start,
                end=passage.end,
            )
            for passage in passages_of(publication)
        ]

    def entities(self, publication: Publication, genera: Collection[str] = ()) -> Sequence[Tag]:
        """Find the entities that a paper names; ``genera`` are those of the base's tables."""
        return Tagger(genera)(publication)

    def protein(self, protein: Protein) -> Document | None:
        """Describe a protein by name, gene, EC, function and taxon; None if nothing is known."""
        name = "" if is_uncharacterized(protein.name) else protein.name
        if not (name or protein.ec_numbers or protein.function):
            return None
        parts = (
            f"gene {protein.gene}" if protein.gene else "",
            f"EC {', '.join(protein.ec_numbers)}" if protein.ec_numbers else "",
            protein.function.rstrip(". "),
            protein.taxon,
        )
        text = ". ".join(part for part in parts if part)
        return _document("protein", protein.accession, name or protein.accession, text)

    def feature(self, feature: Feature) -> Document | None:
        """Describe a community row; None for strata, special rows, ranks above species.

        Gene families and other features without a telling name are left out too: they can be
        found by id, and no text would match them. So are rows without values, which only say what
        a feature of another table is, and rows found in few samples of many.
        """
        if feature.special or feature.stratum or feature.rank not in _DESCRIBED_RANKS:
            return None
        if feature.kind in _ABOUT_SAMPLES or _is_rare(feature) or _is_number(feature.name):
            return None
        has_name = feature.name not in {"", feature.id}
        if feature.kind in _OFTEN_NAMELESS and (not has_name or is_uncharacterized(feature.name)):
            return None
        title = f"{_KIND_WORDS[feature.kind]} {feature_label(feature)}"
        is_taxon = feature.kind == "taxon" and has_name
        lineage = feature.lineage or (feature.id if is_taxon else "")
        parts = (lineage, feature.tool, _UNIT_SIGNS.get(feature.unit, feature.unit))
        text = ", ".join(part for part in parts if part)
        return _document("feature", feature.id, title, text)

    def sample(
        self,
        samp_name: str,
        attributes: Sequence[tuple[str, str]],
        profiles: Sequence[Sequence[Share]],
    ) -> Document | None:
        """Describe a sample by its metadata and its most abundant taxa; None without either.

        What tells who someone is (names, dates of birth, record numbers, addresses) is left out.
        """
        known = metadata_words(attributes)
        taxa = [
            ", ".join(f"{taxon} {share:.1f} %" for taxon, share in profile)
            for profile in profiles
            if profile
        ]
        parts = [known, *(f"{_PROFILE}{names}" for names in dict.fromkeys(taxa))]
        text = ". ".join(part for part in parts if part)
        return _document("sample", samp_name, f"Sample {samp_name}", text) if text else None


def metadata_words(attributes: Sequence[tuple[str, str]]) -> str:
    """Write metadata as words; columns or values that tell who someone is are left out."""
    hidden = {it.column for it in blocked_columns({key: [value] for key, value in attributes})}
    known = ((key, value) for key, value in attributes if value and key not in hidden)
    return "; ".join(f"{key} {value}" for key, value in known)


def without_metadata(
    text: str, attributes: Sequence[tuple[str, str]], allowed: Iterable[str] = ()
) -> str:
    """Take a sample's metadata out of its text, but for the columns that a person allowed.

    What is left is its profile. A text that was made from other metadata loses all but that.
    """
    columns = {key: [value] for key, value in attributes}
    kept, _ = shareable(columns, allowed)
    shown = metadata_words([(key, value) for key, value in attributes if key in kept])
    known = metadata_words(attributes)
    if known and text.startswith(known):
        rest = text[len(known) :].lstrip(". ")
    else:
        _, found, rest = text.partition(_PROFILE)
        rest = f"{found}{rest}"
    return ". ".join(part for part in (shown, rest) if part)


def _is_number(name: str) -> bool:
    """Tell names that no text would match: hashes, sequences and numbers of OTUs."""
    return is_amplicon(name) or not any(letter.isalpha() for letter in name)


def _is_rare(feature: Feature) -> bool:
    """Tell rows found in few of many samples, and rows without samples; they have their ids."""
    if len(feature.values) < _MANY_SAMPLES:
        return not feature.values
    found = sum(value != 0 for _, value in feature.values)
    return found < _PREVALENT * len(feature.values)


def feature_label(feature: Feature) -> str:
    """Name a feature: ``PWY0-1586: peptidoglycan maturation``, or a taxon by its name alone."""
    if feature.kind == "taxon" or feature.name in {"", feature.id}:
        return feature.name or feature.id
    return f"{feature.id}: {feature.name}"


def feature_summary(features: Sequence[Feature]) -> str:
    """Say in how many samples a feature was found, how much, where it is highest, in which file.

    ``features`` are the rows of one feature in all tables; a sample counts once for each unit, and
    values in two units are never put together.
    """
    units = dict.fromkeys(row.unit for row in features if row.values)
    told = (_in_unit([row for row in features if row.unit == unit], unit) for unit in units)
    return "; ".join(told)


def _in_unit(rows: Sequence[Feature], unit: str) -> str:
    values: dict[str, float] = {}
    for row in rows:
        for sample, value in row.values:
            values.setdefault(sample, value)
    sign = f" {_UNIT_SIGNS.get(unit, unit)}" if unit else ""
    found = sum(value > 0 for value in values.values())
    text = f"found in {found} of {len(values)} sample{'s' if len(values) > 1 else ''}"
    if found:
        highest = min(values, key=lambda sample: (-values[sample], sample))
        mean = sum(values.values()) / len(values)
        text = f"{text}, mean {mean:.3g}{sign}, highest in {highest} ({values[highest]:.3g})"
    files = dict.fromkeys(row.provenance.path_name for row in rows if row.values)
    names = listed([name for name in files if name], most=_FILES_TOLD)
    return f"{text}, from {names}" if names else text


def embedding_text(title: str, text: str) -> str:
    """Join title and text as they are embedded; a passage that is its title counts once."""
    return title if text == title else f"{title} {text}".strip()


def _document(kind: DocumentKind, owner_id: str, title: str, text: str) -> Document:
    # A protein's owner is left out of the id: equal descriptions are one document.
    owner = "" if kind == "protein" else owner_id
    return Document(f"doc-{digest_of(kind, owner, title, text)}", kind, owner_id, title, text)
