"""Words and identifiers of the field: what they look like, and what they mean.

No term lists of databases live here, only patterns, codes and the rules that use them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Evidence & Conclusion Ontology, automatic-assertion terms, by kind of evidence
#: (eco.obo, release 2024-07-19). Machine evidence uses these and no others.
ECO_AUTOMATIC: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sequence_similarity": "ECO:0000249",
        "orthology": "ECO:0000265",
        "model_match": "ECO:0000256",
        "interpro": "ECO:0000259",
        "motif": "ECO:0000258",
        "gene_neighbours": "ECO:0007333",
        "genomic_context": "ECO:0007327",
        "phylogenetic": "ECO:0007826",
        "distribution": "ECO:0007257",
        "structural_similarity": "ECO:0007194",
        "structure_model": "ECO:0006369",
        "expression": "ECO:0007303",
        "machine_learning": "ECO:0008004",
        "deep_network": "ECO:0008006",
        "literature_statement": "ECO:0007321",
        "combinatorial": "ECO:0000213",
        "imported": "ECO:0000313",
        "any": "ECO:0000501",
    }
)

#: Terms that say a person looked: GO's experimental, phylogenetic, computational-analysis and
#: author codes (gaf-eco-mapping.txt) and UniProt's manual ones. Only a Review may set these.
ECO_MANUAL: Final = frozenset(
    {
        *("ECO:0000269", "ECO:0000314", "ECO:0000353", "ECO:0000315", "ECO:0000316"),
        *("ECO:0000270", "ECO:0006056", "ECO:0007005", "ECO:0007001", "ECO:0007003"),
        *("ECO:0007007", "ECO:0000250", "ECO:0000266", "ECO:0000247", "ECO:0000255"),
        *("ECO:0000317", "ECO:0000318", "ECO:0000245", "ECO:0000304", "ECO:0000303"),
        *("ECO:0000305", "ECO:0000307", "ECO:0007744", "ECO:0000312"),
    }
)

#: Enzyme classes: the first field of an EC number (IUBMB enzyme nomenclature).
EC_CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "1": "oxidoreductase",
        "2": "transferase",
        "3": "hydrolase",
        "4": "lyase",
        "5": "isomerase",
        "6": "ligase",
        "7": "translocase",
    }
)

#: What an identifier looks like inside running text.
IDENTIFIER_PATTERNS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "ec": re.compile(
            r"(?<![\w.])[1-7](?:\.\d{1,3}\.\d{1,3}\.(?:n?\d{1,4}|-)"
            r"|\.\d{1,3}\.-(?:\.-)?|\.-\.-\.-)(?![\w-]|\.\w)"
        ),
        "go": re.compile(r"\bGO:\d{7}\b"),
        "ko": re.compile(r"\bK\d{5}\b"),
        "pfam": re.compile(r"\bPF\d{5}\b"),
        "interpro": re.compile(r"\bIPR\d{6}\b"),
        "cog": re.compile(r"\bCOG\d{4}\b"),
        # uniprot.org/help/accession_numbers
        "uniprot": re.compile(r"\b(?:[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2})\b"),
        "pmid": re.compile(r"\bPMID:?\s?(\d{1,8})\b", re.IGNORECASE),
        # crossref.org: matches all but some early DOIs
        "doi": re.compile(r"\b10\.\d{4,9}/(?:[-._;/:<>]*(?:[A-Za-z0-9]+|\([^\s()]*\)))+"),
    }
)

#: Answers kept by functions that are asked the same again and again: once a hit, say.
_REMEMBERED: Final = 16_384

_EC: Final = re.compile(r"[1-7](?:\.(?:\d{1,3}|-)){0,2}(?:\.(?:n?\d{1,4}|-))?")
_EC_LABEL: Final = re.compile(r"^(?:EC[\s:_-]*)", re.IGNORECASE)
_EC_IN_NAME: Final = re.compile(r"\s*[(\[]EC[\s:]+([\d.n-]+)[)\]]")


def is_ec_number(text: str) -> bool:
    """Tell whether text is an EC number of any level: ``3.2.1.23``, ``3.2.1.-``, ``1.1.1.n12``."""
    return normalise_ec(text) != ""


@lru_cache(_REMEMBERED)
def normalise_ec(text: str) -> str:
    """Write an EC number with four fields, or return "" when it is none.

    ``EC:3.2.1`` becomes ``3.2.1.-``. A digit after a dash is no EC number.

    >>> normalise_ec("EC 3.2.1")
    '3.2.1.-'
    """
    bare = _EC_LABEL.sub("", text.strip()).rstrip(".")
    if not _EC.fullmatch(bare):
        return ""
    fields = bare.split(".")
    fields += ["-"] * (4 - len(fields))
    known = [field for field in fields if field != "-"]
    return ".".join(fields) if fields[: len(known)] == known else ""


@lru_cache(_REMEMBERED)
def ec_level(ec_number: str) -> int:
    """Count the levels that an EC number states: 4 for ``3.2.1.23``, 3 for ``3.2.1.-``."""
    return sum(field != "-" for field in normalise_ec(ec_number).split(".") if field)


def ec_numbers_of(values: Iterable[str]) -> tuple[str, ...]:
    """Normalise EC numbers, drop what is none, keep the order, name each once."""
    return tuple(dict.fromkeys(ec for value in values if (ec := normalise_ec(value))))


def split_name(name: str) -> tuple[str, tuple[str, ...]]:
    """Part a UniProt name from its EC numbers and the synonyms that follow them.

    >>> split_name("Beta-galactosidase (EC 3.2.1.23) (Lactase)")
    ('Beta-galactosidase', ('3.2.1.23',))
    """
    first = _EC_IN_NAME.search(name)
    if first is None:
        return name.strip(), ()
    return name[: first.start()].strip(), ec_numbers_of(_EC_IN_NAME.findall(name))


#: Names that say nothing about function, after lower-casing and dropping qualifiers.
#: "membrane protein", "lipoprotein" and "exported protein" say where, not what: they count too.
#: "uncharacterized oxidoreductase" does say something and does not count.
_EMPTY_NAMES: Final = re.compile(
    r"""(?:
    | (?:protein|gene\ product|orf|cds|product|gene|peptide|polypeptide|unknown|unassigned)
    | .*\b(?:hypothetical|unchar[a-z]+i[sz]ed|unknown|unidentified|unnamed|unclassified)
        \ (?:conserved\ |bacterial\ )*(?:protein|function|orf|gene)\b.*
    | (?:domain|expressed|orphan|phage|bacterial)\ protein
    | (?:integral\ |inner\ |outer\ )*membrane[-\ ](?:spanning\ |associated\ )?(?:lipo)?protein
    | (?:transmembrane|exported|secreted|periplasmic|cytosolic|cytoplasmic)\ protein
    | lipoprotein
    | (?:protein\ )?(?:duf|upf)[-_]?\d+\b
        (?:\ (?:family|domain|domain-containing|inner|outer|membrane|(?:lipo)?protein))*
        (?:\ y[a-z]{2}[a-z]?\d?)?
    | .*\bdomain\ of\ unknown\ function\b.*
    | protein\ y[a-z]{2}[a-z]?\d?      # E. coli and B. subtilis: y-names wait for a function
    )""",
    re.VERBOSE,
)
#: Qualifiers that add no function. "hypothetical" and its kin stay: they decide.
_QUALIFIERS: Final = re.compile(
    r"\b(?:putative|probable|possible|predicted|multispecies|potential|partial)\b:?"
    r"|\bconserved\b(?:\ in\ (?:bacteria|archaea))?|[,;]"
)
#: Names that are only a locus tag or accession, with or without "protein" before them.
_LOCUS_TAG: Final = re.compile(
    r"(?:[Pp]rotein\s+)?(?:b\d{4}|Rv\d{4}c?|[A-Z]{2,6}\d{4,}(?:\.\d+)?"
    r"|[A-Z][A-Za-z0-9]*_[A-Z]{0,4}\d{2,}\w*|UniRef\d+_\w+|ORF\s?\d+\w*)"
)


@lru_cache(_REMEMBERED)
def is_uncharacterized(product: str) -> bool:
    """Tell whether a product name says nothing about function.

    True for the empty name, hypothetical, uncharacterised and unknown proteins, names that are
    only a domain of unknown function (DUF, UPF), a place (membrane protein) or a locus tag.

    >>> is_uncharacterized("DUF1127 domain-containing protein")
    True
    >>> is_uncharacterized("Beta-galactosidase")
    False
    """
    bare = " ".join(_QUALIFIERS.sub(" ", product.lower()).split()).strip(" .:-")
    return bool(_EMPTY_NAMES.fullmatch(bare) or _LOCUS_TAG.fullmatch(product.strip()))
