"""GFF3 (sequenceontology.org, version 1.26): genes that have coordinates, sorted by place.

##gff-version 3
contig_1  Metalumen  CDS  120  3194  .  +  0  ID=GUT_0001;product=hypothetical protein;
          Note=draft: beta-galactosidase (...);metalumen_state=draft;metalumen_tier=high

Until a named person accepts, ``product`` is the name that the gene came with, and the draft
stands in ``Note``. EC number, GO terms, cross-references and inference are written for accepted
genes only. Texts of claims are never written. Own tags are in lower case, as the format asks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Final

from assistant.claims import DRAFT_NOTICE
from assistant.report.cells import number, one_line
from assistant.report.tsv import NO_PRODUCT, top_evidence
from assistant.review.accepted import accepted_annotation
from assistant.review.states import ACCEPTED_STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.claims import AnnotationRecord, Hypothesis
    from assistant.report.base import Report
    from ingest.records import Location

SOURCE: Final = "Metalumen"

# Column 1 may hold these characters and no others unescaped.
_NOT_IN_SEQID: Final = re.compile(r"[^a-zA-Z0-9.:^*$@!+_?|-]")
# In column 9 these have a meaning; % opens an escape; control characters are never literal.
_NOT_IN_VALUE: Final = re.compile(r"[;=&,%\x00-\x1f\x7f]")

Attributes = dict[str, tuple[str, ...]]


class Gff3Exporter:
    """Write the genes with coordinates; drafts stand in ``Note`` only where they were asked for."""

    name = "gff3"
    suffix = ".gff3"

    def write(self, report: Report, handle: BinaryIO) -> None:
        """Write the header, the sequence regions and one CDS line per gene."""
        placed = sorted(
            ((record.gene.location, record) for record in report.records if record.gene.location),
            key=lambda pair: (pair[0].seqid, pair[0].start, pair[0].end, pair[1].gene.id),
        )
        lines = ["##gff-version 3", *_regions(record for _, record in placed)]
        lines.append(f"# {DRAFT_NOTICE}: all Note=draft: texts; see metalumen_state")
        lines.extend(_line(report, record, location) for location, record in placed)
        handle.write("".join(f"{line}\n" for line in lines).encode())


def escape_value(text: str) -> str:
    """Percent-encode what column 9 keeps for itself, on one line.

    >>> escape_value("1,4-beta-xylanase; 50% = x")
    '1%2C4-beta-xylanase%3B 50%25 %3D x'
    """
    return _NOT_IN_VALUE.sub(_percent, one_line(text))


def _regions(records: Iterable[AnnotationRecord]) -> Iterator[str]:
    """Write a ``##sequence-region`` per contig whose length is known, in order."""
    lengths = {
        record.gene.location.seqid: record.gene.contig_length
        for record in records
        if record.gene.location and record.gene.contig_length
    }
    for seqid, length in lengths.items():
        yield f"##sequence-region {_escape_seqid(seqid)} 1 {length}"


def _line(report: Report, record: AnnotationRecord, location: Location) -> str:
    column9 = ";".join(
        f"{tag}={','.join(escape_value(value) for value in values)}"
        for tag, values in _attributes(report, record).items()
        if any(values)
    )
    place = (str(location.start), str(location.end), ".", location.strand, "0")
    return "\t".join((_escape_seqid(location.seqid), SOURCE, "CDS", *place, column9))


def _attributes(report: Report, record: AnnotationRecord) -> Attributes:
    """Gather the attributes; empty ones are left out when they are written."""
    hypothesis = record.hypothesis
    return {
        "ID": (record.gene.id,),
        "gene": (record.gene.gene,),
        **_function(report, record),
        "metalumen_state": (report.state_of(record),),
        "metalumen_tier": (hypothesis.tier,),
        "metalumen_probability": (number(hypothesis.probability),),
    }


def _function(report: Report, record: AnnotationRecord) -> Attributes:
    review = report.review_of(record)
    state = report.state_of(record)
    if review is not None and state in ACCEPTED_STATES:
        signed = accepted_annotation(record, review)
        return {
            "product": (signed.product,),
            "ec_number": signed.ec_numbers,
            "Ontology_term": signed.go_terms,
            "Dbxref": tuple(f"KEGG:{ko}" for ko in signed.ko),
            # The hit speaks for the draft's own function, not for one that the reviewer wrote.
            "inference": (_inference(record) if state == "accepted" else "",),
            "Note": (f"accepted by {signed.reviewer}",),
            "metalumen_eco": (signed.eco,),
        }
    old: Attributes = {"product": (record.gene.product or NO_PRODUCT,)}
    if state == "rejected" or not report.include_drafts or record.hypothesis.leading is None:
        return old
    return {**old, "Note": (f"draft: {_draft(record.hypothesis)}",)}


def _draft(hypothesis: Hypothesis) -> str:
    """Name the leading candidate with its EC number, probability and tier."""
    leading = hypothesis.leading
    if leading is None:
        return ""
    ec_number = f"EC {leading.ec_number}, " if leading.ec_number else ""
    numbers = f"{ec_number}probability {number(leading.probability, 2)}, {leading.tier} confidence"
    return f"{leading.product} ({numbers}); {DRAFT_NOTICE.lower()}"


def _inference(record: AnnotationRecord) -> str:
    """Write the best hit as an INSDC ``/inference``; only real evidence has a type there."""
    top = top_evidence(record)
    is_hit = top is not None and top.kind == "similarity" and top.reference.count(":") == 1
    return f"similar to AA sequence:{top.reference}" if top is not None and is_hit else ""


def _escape_seqid(seqid: str) -> str:
    escaped = _NOT_IN_SEQID.sub(_percent, seqid)
    return f"%3E{escaped[1:]}" if escaped.startswith(">") else escaped


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())
