"""What one tool says of a gene, whichever file it came by: names, terms, grounds, weight.

A tool that came by two files (a GFF3 and a table) is one tool. Evidence and comparisons are
made from sayings; what the rows of each tool mean is in ``tool_rows``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from ingest.records import Provenance, clean_sequence
from ingest.vocab import ec_numbers_of, is_uncharacterized, split_name
from retrieval.evidence.base import Metrics, Terms
from retrieval.evidence.subjects import name_key
from retrieval.evidence.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.records import FamilyKind, Gene

#: How sure it is that the row is about the gene: same sequence and id, same sequence, same id and
#: length, same id alone, same place on the contig.
Subject: TypeAlias = Literal["gene", "twin", "same_length", "same_id", "same_place"]

MOST_CODES = 4  # identifiers written out in a statement

# Gene callers find genes and name none. Prokka's GFF has them as the source of named genes.
_CALLERS = ("ab initio", "fraggenescan", "genemark", "glimmer", "metagene", "prodigal", "pyrodigal")
# Prokka and others: "similar to AA sequence:UniProtKB:P12345", "protein motif:HAMAP:MF_00100".
_GROUND_DATABASE = re.compile(r"(?:similar to AA sequence|protein motif):([^:;]+):", re.I)
_VERSION = re.compile(r"[\s:/_-]+v?(\d[\w.+-]*)$")


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that a tool says.

    ``tool`` is without version and "" where the file names none; ``label`` is how it is called
    then. ``terms`` are empty where the saying is no support. ``words`` replace the standard
    wording of the terms, and ``grounds`` follow it. ``key`` tells sayings of one tool apart.
    """

    tool: str
    label: str
    subject: Subject
    subject_id: str
    terms: Terms
    key: str
    database: str = ""
    version: str = ""
    words: str = ""
    grounds: str = ""
    title: str = ""
    metrics: Metrics = field(default_factory=Metrics)
    family_kind: FamilyKind | Literal[""] = ""
    is_support: bool = True
    caution: str = ""
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def names_the_protein(self) -> bool:
        """Tell whether it speaks of the whole protein, so that it can be compared."""
        return self.is_support and self.family_kind not in {"domain", "equivalog_domain"}

    @property
    def source(self) -> str:
        """Tool and database, by which independent sources are told apart."""
        return f"{self.tool} ({self.database})" if self.tool and self.database else self.tool


def saying_of(gene: Gene, subject: Subject) -> Saying | None:
    """Return what a gene's own record says, None where it says nothing of a function."""
    terms = _terms(gene)
    if terms == Terms():
        return None
    named = "" if gene.source.lower().startswith(_CALLERS) else gene.source
    tool, version = parted(named)
    path_name = gene.provenance.path_name
    grounds = _grounds(gene.inference)
    database = _GROUND_DATABASE.search(grounds)
    return Saying(
        tool=tool,
        label=tool or path_name or "an unnamed tool",
        subject=subject,
        subject_id=gene.id,
        terms=terms,
        key=gene.id,
        database=database.group(1) if database else "",
        version=version,
        grounds=f'inferred from "{grounds}"' if grounds else "",
        title=gene.product,
        provenance=gene.provenance,
    )


def parted(source: str) -> tuple[str, str]:
    """Part a tool from its version.

    >>> parted("Prokka 1.14"), parted("eggNOG-mapper")
    (('Prokka', '1.14'), ('eggNOG-mapper', ''))
    """
    found = _VERSION.search(source)
    return (source[: found.start()], found.group(1)) if found else (source, "")


def spoken(terms: Terms, *, may_be_nameless: bool = False) -> str:
    """Word terms as what a gene is already "named" or "given"."""
    codes = [f"gene {terms.gene}"] if terms.gene else []
    codes += [f"EC {ec}" for ec in terms.ec_numbers]
    codes += [f"KO {ko}" for ko in terms.ko]
    if terms.product:
        codes += _go_words(terms.go_terms)
        return f'named "{terms.product}"' + (f" ({', '.join(codes)})" if codes else "")
    few = len(codes) + len(terms.go_terms) <= MOST_CODES
    codes += terms.go_terms if few else _go_words(terms.go_terms)
    given = f"given {listed(codes, most=MOST_CODES)}"
    return given if may_be_nameless else f"{given} but no informative name"


def _go_words(go_terms: Sequence[str]) -> list[str]:
    """List a few GO terms; of many only the number says something to a reader."""
    if len(go_terms) <= MOST_CODES:
        return [listed(go_terms)] if go_terms else []
    return [counted(len(go_terms), "GO term")]


def folded(sayings: Sequence[Saying]) -> list[Saying]:
    """Join what came twice: one tool by two files, or a named tool and a file that names none."""
    kept: list[Saying] = []
    for saying in sayings:
        place = next((n for n, other in enumerate(kept) if _is_one(other, saying)), -1)
        if place < 0:
            kept.append(saying)
        else:
            kept[place] = _joined(kept[place], saying)
    return kept


def _is_one(first: Saying, second: Saying) -> bool:
    if first.subject_id != second.subject_id or first.is_support != second.is_support:
        return False
    if not (first.names_the_protein and second.names_the_protein):
        return False
    is_same_tool = first.tool.lower() == second.tool.lower() and first.tool != ""
    # A GFF3 often names the gene caller where it should name the annotator.
    is_unnamed = (first.tool == "") != (second.tool == "")
    if not (is_same_tool or is_unnamed):
        return False
    one, other = first.terms, second.terms
    if one.product and other.product:
        return name_key(one.product) == name_key(other.product)
    return is_same_tool and (_is_part(one, other) or _is_part(other, one))


def _is_part(part: Terms, whole: Terms) -> bool:
    lists = ("ec_numbers", "ko", "go_terms")
    is_inside = all(set(getattr(part, name)) <= set(getattr(whole, name)) for name in lists)
    return is_inside and part.product in {"", whole.product} and part.gene in {"", whole.gene}


def _joined(first: Saying, second: Saying) -> Saying:
    """Keep the one whose tool is known and fill its gaps from the other."""
    if first.tool == "" and second.tool:
        first, second = second, first
    own, other = first.terms, second.terms
    terms = Terms(
        product=own.product or other.product,
        gene=own.gene or other.gene,
        ec_numbers=tuple(dict.fromkeys((*own.ec_numbers, *other.ec_numbers))),
        go_terms=tuple(dict.fromkeys((*own.go_terms, *other.go_terms))),
        ko=tuple(dict.fromkeys((*own.ko, *other.ko))),
    )
    return replace(
        first,
        terms=terms,
        database=first.database or second.database,
        version=first.version or second.version,
        grounds=first.grounds or second.grounds,
        title=first.title or second.title,
    )


def _grounds(inference: str) -> str:
    """Keep the grounds of the name; what the gene call itself rests on is another matter."""
    parts = [part.strip() for part in inference.split(";")]
    return "; ".join(part for part in parts if part and not part.lower().startswith(_CALLERS))


def _terms(gene: Gene) -> Terms:
    name, named_ecs = split_name(gene.product)
    return Terms(
        product="" if is_uncharacterized(name) else name,
        gene=gene.gene,
        ec_numbers=ec_numbers_of((*gene.ec_numbers, *named_ecs)),
        go_terms=gene.go_terms,
        ko=gene.ko,
    )


def subject_of(stored: Gene, gene: Gene) -> Subject:
    """Tell how a stored gene, already known to be the same, was found to be so."""
    if stored.id != gene.id:
        return "twin"
    return "gene" if clean_sequence(stored.translation) else "same_id"
