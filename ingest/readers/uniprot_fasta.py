"""FASTA of UniProtKB and UniRef, whose headers carry name, organism and gene.

    >sp|P00722|BGAL_ECOLI Beta-galactosidase OS=Escherichia coli OX=83333 GN=lacZ PE=1 SV=2
    >UniRef90_P00722 Beta-galactosidase n=52 Tax=Enterobacteriaceae TaxID=543 RepID=BGAL_ECOLI
    MTMITDSLAVVLQRRDWENPGVTQLNRLAAHPPFASWRNSEEARTDRPSQQLRSLNGEWR

Kept: accession, name, organism, gene, EC numbers inside the name, reviewed (sp). Dropped: entry
name, taxon number, evidence level, version, cluster size. See uniprot.org/help/fasta-headers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.readers.fasta import AMINO_ACIDS, fasta_entries, headers_of
from ingest.records import BadRecord, Protein
from ingest.vocab import split_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.readers.fasta import FastaEntry

#: Further bars follow where a gene finder named a gene after what it was found by (MetaEuk).
_ID: Final = re.compile(r"(sp|tr)\|([A-Z0-9]+(?:-\d+)?)\|[^\s|]+|(UniRef\d+)_[^\s|]+")
_TAG: Final = re.compile(r"\s*\b(OS|OX|GN|PE|SV|n|Tax|TaxID|RepID)=")
_DATABASES: Final = {"sp": "Swiss-Prot", "tr": "TrEMBL"}


class UniprotFastaReader:
    """Reference proteins from UniProtKB or UniRef FASTA."""

    name = "uniprot_fasta"
    kind: Kind = "proteins"
    description = "FASTA of UniProtKB (sp|, tr|) or UniRef"

    def sniff(self, head: str) -> bool:
        """Look for a first header with an id of UniProtKB or UniRef."""
        headers = headers_of(head)
        return bool(headers) and _ID.fullmatch((headers[0].split() or [""])[0]) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Protein | BadRecord]:
        """Yield a Protein per entry."""
        for entry in fasta_entries(handle, source, AMINO_ACIDS):
            yield entry if isinstance(entry, BadRecord) else self._protein(entry, source)

    def _protein(self, entry: FastaEntry, source: Source) -> Protein | BadRecord:
        found = _ID.fullmatch(entry.id)
        if found is None:
            reason = "the header is none of UniProtKB or UniRef"
            return BadRecord(source.path_name, entry.line, entry.id, reason)
        section, accession, uniref = found.groups()
        name, *tagged = _TAG.split(entry.description)
        tags = dict(zip(tagged[::2], tagged[1::2], strict=True))
        name, ec_numbers = split_name(name.removeprefix("Cluster: "))
        return Protein(
            accession=accession or entry.id,
            sequence=entry.sequence,
            name=name,
            gene=tags.get("GN", "").strip(),
            ec_numbers=ec_numbers,
            taxon=(tags.get("OS") or tags.get("Tax") or "").strip(),
            reviewed=section == "sp",
            database=uniref or _DATABASES[section],
            provenance=source.provenance(self.name, entry.line),
        )
