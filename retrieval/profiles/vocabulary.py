"""Stable keys of features: the same taxon, family or pathway has one key in every file.

Taxa go by name, as numbers differ between databases, and by the newest name of
``renamed_taxa.tsv``; functions go by accession. A key is 63 bits of a hash, so that no list of
features has to be agreed on before a table is read.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, NamedTuple

from retrieval.cohort.joining import namespace_of
from retrieval.renamed_taxa import renamed_taxa

#: Labels of the parts of the space, for people.
LABELS: Final = {
    "species": "species",
    "genus": "genera",
    "higher": "higher taxa",
    "pathway": "pathways",
    "ko": "KEGG orthologs",
    "ec": "EC numbers",
    "family": "gene families",
    "otu": "OTUs, ASVs or genomes",
}
_NAMELESS: Final = re.compile(
    r"(?:uncultured|unidentified|unclassified|unassigned|unknown|environmental|ambiguous"
    r"|metagenome|(?:human |mouse )?gut metagenome|bacterium|archaeon|taxonid:|no name\b)",
    re.IGNORECASE,
)
#: "Bacteroides sp." names no species, "Bacteroides sp. 3_1_23" does.
_NO_EPITHET: Final = re.compile(r"(?:.* )?(?:sp|spp|incertae sedis)\.?", re.IGNORECASE)
_BINOMIAL: Final = re.compile(r"([A-Z][a-z]+) ([a-z]+)\b.*")
_VIRAL: Final = re.compile(r"virus|phage|viroid", re.IGNORECASE)
#: Second words of names that begin with a family or an order.
_NO_SPECIES: Final = frozenset({"bacterium", "archaeon", "virus", "phage", "symbiont", "oral"})
_HIGHER: Final = ("aceae", "ales", "virus", "viridae")
_KO: Final = re.compile(r"K\d{5}")
_PFAM: Final = re.compile(r"(PF\d{5})\.\d+")
_PATHWAYS: Final = (
    (re.compile(r"(?:md:)?(M\d{5})"), "KEGG modules"),
    (re.compile(r"(?:path:)?(?:map|ko|ec|rn)(\d{5})"), "KEGG pathways"),
)
#: Ids that mean the same in every file: digests and sequences, accessions.
_STABLE: Final = re.compile(r"[0-9a-f]{32}|[ACGTUN]{50,}|(?:[A-Z]{2}_\d{6,}|GC[AF]_\d{9}).*")


class Named(NamedTuple):
    """A feature's place: part of the space, id space within it, what is hashed, name to show."""

    part: str
    level: str
    text: str
    name: str

    @property
    def key(self) -> int:
        """Return 63 bits that stand for the feature in every knowledge base."""
        return key_of(self.part, self.text)


def key_of(part: str, text: str) -> int:
    """Hash a feature of a part to 63 bits."""
    digest = hashlib.blake2b(f"{part}\0{text.lower()}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def plain_taxon(text: str) -> str:
    """Write a taxon's name without marks: ``s__Bacteroides_dorei`` is Bacteroides dorei.

    >>> plain_taxon("Bacteroides_dorei"), plain_taxon("'Candidatus Saccharimonas'")
    ('Bacteroides dorei', 'Saccharimonas')
    """
    words = " ".join(text.replace("_", " ").split()).strip("'\" ")
    return words.removeprefix("Candidatus ")


def species_name(text: str, genus: str = "") -> str:
    """Name a species by its newest name; "" where the text names none.

    Args:
        text: The name as the file has it; Greengenes gives the epithet alone.
        genus: The genus that the file gives.

    >>> species_name("Bacteroides_dorei"), species_name("uniformis", "Bacteroides")
    ('Phocaeicola dorei', 'Bacteroides uniformis')
    >>> species_name("uncultured_bacterium"), species_name("Bacteroides sp.")
    ('', '')
    """
    name = plain_taxon(text).replace("[", "").replace("]", "")
    if not name or _NAMELESS.match(name) or _NO_EPITHET.fullmatch(name):
        return ""
    if " " not in name:
        above = plain_taxon(genus).replace("[", "").replace("]", "")
        if not above or name == above:
            return ""
        name = f"{above} {name}" if name.islower() else name
    return _newest(name)


def taxon_name(text: str) -> str:
    """Name a genus or a higher taxon by its newest name.

    Brackets stay: in Greengenes they mark another genus.

    >>> taxon_name("g__"), taxon_name("[Ruminococcus]"), taxon_name("Chlamydophila")
    ('', '[Ruminococcus]', 'Chlamydia')
    """
    name = plain_taxon(text.removeprefix("g__"))
    return "" if not name or _NAMELESS.match(name) else _newest(name)


def genus_of_species(species: str) -> str:
    """Return the first word of a binomial; "" for names that begin with a family.

    >>> genus_of_species("Roseburia faecis"), genus_of_species("Lachnospiraceae bacterium 3 1")
    ('Roseburia', '')
    """
    match = _BINOMIAL.fullmatch(species)
    if _VIRAL.search(species):
        return ""  # Torque teno virus 1: a virus's genus is no part of its name
    if not match or match[2] in _NO_SPECIES or match[1].lower().endswith(_HIGHER):
        return ""
    return match[1]


def _newest(name: str) -> str:
    """Return the name that a renamed taxon has now, where the shipped table has it."""
    group = renamed_taxa().get(name.lower())
    if not group or name.lower() not in {it.lower() for it in group}:
        return name
    return group[1]


def function_named(kind: str, feature_id: str, name: str) -> Named:
    """Place a pathway or a gene family.

    >>> function_named("gene_family", "ko:K00001", "").text
    'K00001'
    """
    if kind == "pathway":
        return _pathway(feature_id, name)
    plain = feature_id.removeprefix("ko:").removeprefix("EC:").removeprefix("EC ").strip()
    label = plain if name in {"", feature_id} else f"{plain}: {name}"
    if _KO.fullmatch(plain):
        return Named("ko", "KEGG orthologs", plain, label)
    space = namespace_of(feature_id)
    if space == "EC":
        return Named("ec", "EC numbers", plain, label)
    match = _PFAM.fullmatch(plain)
    return Named("family", space or "gene families", match[1] if match else plain, label)


def _pathway(feature_id: str, name: str) -> Named:
    label = feature_id if name in {"", feature_id} else f"{feature_id}: {name}"
    for pattern, level in _PATHWAYS:
        if match := pattern.fullmatch(feature_id):
            return Named("pathway", level, f"{level} {match[1]}", label)
    return Named("pathway", "MetaCyc pathways", feature_id, label)


def unit_named(feature_id: str, name: str, own: str) -> Named:
    """Place an OTU, ASV or genome; numbers mean something within their own file (``own``) only."""
    stable = feature_id if _STABLE.fullmatch(feature_id) else f"{own} {feature_id}"
    label = feature_id if name in {"", feature_id} else f"{feature_id}: {name}"
    return Named("otu", "OTUs, ASVs or genomes", stable, label)
