"""eggNOG-mapper's annotations, versions 1 to 3, with or without header and comments.

    ## emapper-2.1.1
    #query<TAB>seed_ortholog<TAB>evalue<TAB>score<TAB>eggNOG_OGs ... PFAMs
    g_1<TAB>1000565.X_1<TAB>5.7e-254<TAB>724.0<TAB>COG0012@1|root ... MMR_HSR1
    ## 2 queries scanned

Kept: the seed ortholog with E-value and score, preferred name, description, GO, EC, KO; COG
category, CAZy, PFAMs and groups as cross-references; version 3's confidence letters. Dropped:
KEGG pathways, modules and reactions, BRITE, TC, BiGG, taxonomic scope.
See github.com/eggnogdb/eggnog-mapper/wiki.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import (
    Columns,
    Row,
    bad_row,
    columns_of,
    evalue_of,
    gene_id_of,
    go_terms_of,
    ko_of,
    placed,
    refuse_missing,
)
from ingest.errors import FormatError
from ingest.records import Annotation
from ingest.vocab import ec_numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

TOOL: Final = "eggNOG-mapper"

#: Our field -> its names in versions 3, 2.1, 2.0 and 1, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "query": ("query", "query_name"),
    "seed": ("seed_ortholog", "seed_eggnog_ortholog"),
    "evalue": ("evalue", "seed_ortholog_evalue"),
    "score": ("score", "seed_ortholog_score"),
    "groups": ("eggnog_ogs", "eggnog ogs", "matching_ogs", "ogs"),
    "category": (
        *("cog_category", "cog functional cat.", "cog_functional_cat", "cog cat", "categories"),
        "cog_cat",
    ),
    "description": (
        *("description", "eggnog free text desc.", "eggnog_free_text_desc", "eggnog annot"),
        *("eggnog_annot", "eggnog_hmm_model_annotation"),
    ),
    "gene": ("preferred_name", "predicted_gene_name", "predicted_protein_name"),
    "go": ("gos", "go_terms", "gene_ontology_terms"),
    "ec": ("ec", "ec_number"),
    "ko": ("kegg_ko", "kegg_kos"),
    "cazy": ("cazy",),
    "pfams": ("pfams",),
    "confidence": ("annotation_confidence",),
}
_NEEDED: Final = ("query", "seed", "evalue", "score")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_V21: Final = _words(
    """
    query seed_ortholog evalue score eggnog_ogs max_annot_lvl cog_category description
    preferred_name gos ec kegg_ko kegg_pathway kegg_module kegg_reaction kegg_rclass brite
    kegg_tc cazy bigg_reaction pfams
    """
)
_V20: Final = (
    *_words(
        """
        query_name seed_eggnog_ortholog seed_ortholog_evalue seed_ortholog_score best_tax_level
        preferred_name gos ec kegg_ko kegg_pathway kegg_module kegg_reaction kegg_rclass brite
        kegg_tc cazy bigg_reaction tax_scope
        """
    ),
    *("eggnog ogs", "bestog", "cog functional cat.", "eggnog free text desc."),
)
_V3: Final = _words(
    """
    query seed_ortholog evalue score eggnog_ogs tax_ceiling farthest_donor_lineage cog_category
    preferred_name gos ec kegg_ko kegg_pathway kegg_module kegg_reaction kegg_rclass brite
    kegg_tc cazy bigg_reaction pfams annotation_confidence
    """
)
#: Fields that the letters of version 3 stand for, in its own order.
_CONFIDENCE: Final = _words(
    """
    Preferred_name GOs EC KEGG_ko KEGG_Pathway KEGG_Module KEGG_Reaction KEGG_rclass BRITE
    KEGG_TC CAZy BiGG_Reaction PFAMs
    """
)

_VERSION: Final = re.compile(r"##?\s*(?:emapper version:\s*)?emapper-v?(\d\S*)")
_SEED: Final = re.compile(r"\d+\.\S+")
_LETTERS: Final = re.compile(r"[hml-]{13}")
_END: Final = re.compile(r"##?\s*\d+ queries scanned")


class EggnogReader:
    """Orthology-based annotations of eggNOG-mapper."""

    name = "eggnog"
    kind: Kind = "annotations"
    description = "eggNOG-mapper .emapper.annotations, version 1 to 3"

    def sniff(self, head: str) -> bool:
        """Look for the tool's comment or header, or for rows with a seed ortholog."""
        is_emapper = False
        for line in head.splitlines():
            is_emapper = is_emapper or _VERSION.match(line) is not None
            cells = line.split("\t")
            if _is_comment(cells):
                continue
            if line.startswith("#"):
                return columns_of(cells, ALIASES).has(*_NEEDED)
            return columns_of(cells, ALIASES).has(*_NEEDED) or _is_row(cells)
        return is_emapper

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per query.

        Raises:
            FormatError: A needed column is absent, or nothing is a row.
        """
        yield from placed(_Table(source).rows(handle), source, self.name)


class _Table:
    """Follows comments and header through a file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._version = ""
        self._columns: Columns | None = None
        self._has_end = False

    def rows(self, handle: TextIO) -> Iterator[tuple[int, Annotation | BadRecord]]:
        """Yield each row with its line.

        Raises:
            FormatError: A needed column is absent, or there is neither header nor row.
        """
        for line, text in enumerate(handle, 1):
            cells = text.rstrip("\n").split("\t")
            if _is_comment(cells):
                self._comment(text)
            elif self._is_header(cells):
                self._columns = columns_of(cells, ALIASES)
                refuse_missing(self._columns, _NEEDED, ALIASES, self._source)
            elif text.strip() and text[0] != "#":
                yield line, self._row(line, cells)
        if self._columns is None and not self._version:
            what = "there is no row of eggNOG-mapper in it"
            hint = "Give the .emapper.annotations file"
            raise FormatError(what, path_name=self._source.path_name, hint=hint)
        if self._version and not self._has_end:
            told = "the closing lines (## ... queries scanned) are missing: was the run cut short?"
            self._source.warnings.append(told)

    def _comment(self, text: str) -> None:
        if version := _VERSION.match(text):
            self._version = version.group(1)
        self._has_end = self._has_end or _END.match(text) is not None

    def _is_header(self, cells: Sequence[str]) -> bool:
        first = cells[0].lstrip("#").strip().lower()
        return len(cells) > 1 and first in ALIASES["query"]

    def _row(self, line: int, cells: Sequence[str]) -> Annotation | BadRecord:
        try:
            self._columns = self._columns or _guessed(cells)
            if len(cells) != self._columns.width:
                message = f"{len(cells)} fields where {self._columns.width} are needed"
                raise ValueError(message)
            return _annotation(self._columns.row(cells), self._version)
        except ValueError as error:
            return bad_row(self._source, line, cells[0], error)


def _is_comment(cells: Sequence[str]) -> bool:
    """Tell comments, which version 1 and 2.0 begin with one "#", and blank lines."""
    first = cells[0].strip()
    return first.startswith("##") or (len(cells) == 1 and (not first or first[0] == "#"))


def _is_row(cells: Sequence[str]) -> bool:
    try:
        row = _guessed(cells).row(cells)
        numbers = row.number("evalue"), row.number("score")
    except ValueError:
        return False
    return None not in numbers and _SEED.fullmatch(row.text("seed")) is not None


def _guessed(cells: Sequence[str]) -> Columns:
    """Tell the version of a table without header by its width and its last column.

    Raises:
        ValueError: No version has that width.
    """
    if len(cells) == len(_V21):
        return columns_of(_V21, ALIASES)
    if len(cells) == len(_V3):
        names = _V3 if _LETTERS.fullmatch(cells[-1].strip()) else _V20
        return columns_of(names, ALIASES)
    message = f"{len(cells)} fields and no header: eggNOG-mapper 2 has 21 or 22, version 3 has 22"
    raise ValueError(message)


def _annotation(row: Row, version: str) -> Annotation:
    groups = row.text("groups").split(",")
    cogs = [f"COG:{group.partition('@')[0]}" for group in groups if group.startswith("COG")]
    categories = [f"COG_category:{row.text('category')}"] if row.text("category") else []
    families = [f"CAZy:{item}" for item in row.items("cazy")]
    families += [f"Pfam:{item}" for item in row.items("pfams")]
    return Annotation(
        gene_id=gene_id_of(row.text("query")),
        tool=TOOL,
        version=version,
        database="eggNOG",
        accession=row.text("seed"),
        name=row.text("description"),
        gene=row.text("gene"),
        ec_numbers=ec_numbers_of(row.items("ec")),
        go_terms=go_terms_of(row.text("go")),
        ko=ko_of(row.text("ko")),
        dbxrefs=tuple(dict.fromkeys([*cogs, *categories, *families])),
        score=row.number("score"),
        evalue=evalue_of(row.number("evalue")),
        note=_confidence(row.text("confidence")),
    )


def _confidence(letters: str) -> str:
    """Spell out version 3's letters: "low confidence: GOs, EC".

    Raises:
        ValueError: The cell is not made of its letters.
    """
    if not letters:
        return ""
    if not _LETTERS.fullmatch(letters):
        message = f"annotation_confidence is {letters[:40]!r}"
        raise ValueError(message)
    told = []
    for letter, word in (("l", "low"), ("m", "medium")):
        fields = [name for name, given in zip(_CONFIDENCE, letters, strict=True) if given == letter]
        told += [f"{word} confidence: {', '.join(fields)}"] if fields else []
    return "; ".join(told)
