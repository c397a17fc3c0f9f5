"""Repeats: one function proposed for more genes of an input than its relatives account for.

A predictor that is drawn to one reference gives its function to every distant member of a large
family. A family that a genome truly has many members of looks different: its members have many
relatives of that function in the knowledge base, and each has its own. So a function is repeated
too often when, in one file,

* it is proposed for at least ``MANY`` times as many genes as a function usually is (the median
  over the functions of the file, 1 in a genome, more in a metagenome of many genomes), and
* all these genes together have fewer than ``RELATIVES_EACH`` relatives of that function for each
  of these times.

The genes themselves are flagged unless their tier is "high" or a family model supports them, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from assistant.claims import FlagNote
from ingest.vocab import ec_level
from retrieval.evidence.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.claims import AnnotationRecord

FLAG: Final = "repeated_often"
#: Times the usual number of genes from which a function is looked at. Stated, not fitted.
MANY: Final = 5
#: Relatives that each gene should add to the family. Stated, not fitted.
RELATIVES_EACH: Final = 2
WHOLE_EC: Final = 4

#: Kinds of evidence that compare the gene with single proteins.
_RELATIVES: Final = frozenset({"similarity", "embedding_neighbours"})


@dataclass(frozen=True, slots=True)
class Repeated:
    """A function that is proposed too often in one file, and the numbers that say so."""

    label: str
    genes: int
    usual: float
    relatives: int
    file: str
    file_genes: int

    @property
    def reason(self) -> str:
        """Say why, with the numbers."""
        place = f" of {self.file}" if self.file else ""
        often = "" if self.usual == 1 else f" ({self.usual:g} is usual for a function here)"
        return (
            f"{self.label} is proposed for {self.genes:,} of {counted(self.file_genes, 'gene')}"
            f"{place}{often}, which have {counted(self.relatives, 'relative')} of that function "
            "between them: it may be given too often."
        )


def flag_repeats(records: Sequence[AnnotationRecord]) -> list[AnnotationRecord]:
    """Return the records of a whole run, those with a repeated function flagged."""
    by_file: dict[str, list[AnnotationRecord]] = {}
    for record in records:
        by_file.setdefault(record.gene.provenance.path_name, []).append(record)
    repeated = {name: repeated_functions(members) for name, members in by_file.items()}
    return [_flagged(one, repeated[one.gene.provenance.path_name]) for one in records]


def repeated_functions(records: Sequence[AnnotationRecord]) -> dict[str, Repeated]:
    """Find the functions that are proposed too often among the genes of one file."""
    groups: dict[str, list[AnnotationRecord]] = {}
    for record in records:
        if label := _label(record):
            groups.setdefault(label, []).append(record)
    if not groups:
        return {}
    usual = max(1.0, float(median(len(members) for members in groups.values())))
    found = {}
    for label, members in groups.items():
        times = len(members) / usual
        relatives = len(_relatives(members))
        if times >= MANY and relatives < RELATIVES_EACH * times:
            file = members[0].gene.provenance.path_name
            found[label] = Repeated(label, len(members), usual, relatives, file, len(records))
    return found


def _label(record: AnnotationRecord) -> str:
    """Name the function that is proposed: a whole EC number, or a name where there is none."""
    leading = record.hypothesis.leading
    if leading is None:
        return ""
    if leading.ec_number:
        return f"EC {leading.ec_number}" if ec_level(leading.ec_number) == WHOLE_EC else ""
    return f'"{leading.product}"'


def _relatives(records: Iterable[AnnotationRecord]) -> set[str]:
    found = set()
    for record in records:
        leading = record.hypothesis.leading
        supporting = frozenset(leading.supporting if leading else ())
        found |= {
            item.reference
            for item in record.evidence
            if item.id in supporting and item.kind in _RELATIVES
        }
    return found


def _flagged(record: AnnotationRecord, repeated: dict[str, Repeated]) -> AnnotationRecord:
    one = repeated.get(_label(record))
    draft = record.hypothesis
    if one is None or draft.tier == "high" or FLAG in draft.flags or _has_other_support(record):
        return record
    notes = (*draft.flag_notes, FlagNote(flag=FLAG, reason=one.reason))
    fresh = draft.model_copy(update={"flags": (*draft.flags, FLAG), "flag_notes": notes})
    return record.model_copy(update={"hypothesis": fresh})


def _has_other_support(record: AnnotationRecord) -> bool:
    leading = record.hypothesis.leading
    supporting = frozenset(leading.supporting if leading else ())
    kinds = {item.kind for item in record.evidence if item.id in supporting}
    return not kinds <= {*_RELATIVES, "prior_annotation"}
