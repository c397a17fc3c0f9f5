"""run_dbcan's overview of CAZymes, versions 2 to 5.

    Gene ID<TAB>EC#<TAB>dbCAN_hmm<TAB>dbCAN_sub<TAB>DIAMOND<TAB>#ofTools<TAB>Recommend Results
    X_00385<TAB>3.2.1.39:3<TAB>GH16_3(28-279)<TAB>GH16_e304(30-280)<TAB>GH16_3<TAB>3<TAB>GH16_3

Kept: every row, with the families of each tool, the range, the EC numbers of characterised
members with their counts; significant when two tools or more agree, as run_dbcan advises.
Dropped: Signalp. See github.com/linnabrown/run_dbcan.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import HeadedTable, Row, gene_id_of
from ingest.headed_readers import HeadedTableReader
from ingest.records import Annotation
from ingest.taxa import refuse_width
from ingest.vocab import normalise_ec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TOOL: Final = "run_dbcan"
#: run_dbcan's own advice: a gene that fewer tools find is no CAZyme yet.
ENOUGH_TOOLS: Final = 2

#: Our field -> its names in versions 5 to 2, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "gene": ("gene id", "gene_id"),
    "ec": ("ec#", "ec"),
    "hmm": ("dbcan_hmm", "hmmer"),
    "sub": ("dbcan_sub", "ecami", "hotpep"),
    "diamond": ("diamond",),
    "tools": ("#oftools", "oftools"),
    "recommended": ("recommend results",),
}
_TOOLS: Final = ("hmm", "sub", "diamond")

#: GH13_30, GH16_e304, CBM67(26-186), GT2_Glycos_transf_2(22): class and family, then the rest.
_FAMILY: Final = re.compile(r"((?:GH|GT|PL|CE|AA|CBM)\d+(?:_\d+(?=$|[(_:]))?)(?:_e\d+)?")
_RANGE: Final = re.compile(r"\((\d{1,9})-(\d{1,9})\)")
_EC_COUNT: Final = re.compile(r"([\d.n-]+):(\d{1,9})")
_ITEM: Final = re.compile(r"[+|,;]")


class DbcanReader(HeadedTableReader):
    """Families of carbohydrate-active enzymes, tool by tool."""

    name = "dbcan"
    description = "run_dbcan overview.txt or overview.tsv (versions 2 to 5)"
    table = HeadedTable(ALIASES, ("gene", "hmm", "diamond", "tools"), "gene")

    def annotation(self, row: Row) -> Annotation:
        """Read what the tools say of a gene."""
        refuse_width(row.cells, row.columns.width)
        gene_id = gene_id_of(row.text("gene"))
        said = {tool: row.text(tool) for tool in _TOOLS if row.text(tool) not in {"", "N"}}
        families = list(
            dict.fromkeys(family for cell in said.values() for family in families_of(cell))
        )
        if not families:
            raise ValueError("no tool names a CAZy family")
        counted = row.whole("tools")
        if not 1 <= counted <= len(_TOOLS):
            message = f"#ofTools is {counted}, where there are {len(_TOOLS)} tools"
            raise ValueError(message)
        start, end = _range(said.get("hmm") or said.get("sub") or "")
        chosen = families_of(row.text("recommended")) or families_of(next(iter(said.values())))
        return Annotation(
            gene_id=gene_id,
            tool=TOOL,
            database="dbCAN",
            accession="+".join(chosen),
            name="; ".join(f"{tool} {cell}" for tool, cell in _named(said)),
            ec_numbers=tuple(ec_counts(row.text("ec"))),
            dbxrefs=tuple(f"CAZy:{family}" for family in families),
            family_kind="domain",
            start=start,
            end=end,
            is_significant=counted >= ENOUGH_TOOLS,
            note=_note(row, counted),
        )


def families_of(cell: str) -> list[str]:
    """List the CAZy families of a tool's cell, sub-families of dbCAN_sub left out.

    >>> families_of("GH43_18(73-298)+GH143_e0(312-858)")
    ['GH43_18', 'GH143']
    """
    matches = (_FAMILY.match(item.strip()) for item in _ITEM.split(cell))
    return list(dict.fromkeys(match.group(1) for match in matches if match))


def ec_counts(cell: str) -> dict[str, int]:
    """Count the characterised members of a sub-family by EC number, most frequent first.

    >>> ec_counts("3.2.1.37:92|3.2.1.55:39|-")
    {'3.2.1.37': 92, '3.2.1.55': 39}
    """
    counts: Counter[str] = Counter()
    for ec_number, count in _EC_COUNT.findall(cell):
        if normalised := normalise_ec(ec_number):
            counts[normalised] += int(count)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _range(cell: str) -> tuple[int, int]:
    """The first and last residue of all ranges of a cell, 0 and 0 when there is none."""
    found = [(int(start), int(end)) for start, end in _RANGE.findall(cell)]
    ranges = [(start, end) for start, end in found if 1 <= start <= end]
    return (min(ranges)[0], max(end for _, end in ranges)) if ranges else (0, 0)


def _named(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    labels = {"hmm": "HMM", "sub": "sub-family", "diamond": "DIAMOND"}
    yield from ((labels[tool], cell) for tool, cell in said.items())


def _note(row: Row, counted: int) -> str:
    counts = ec_counts(row.text("ec"))
    told = f"found by {counted} of {len(_TOOLS)} tools"
    if not counts:
        return told
    members = ", ".join(f"EC {ec} {count}" for ec, count in counts.items())
    return f"{told}; characterised members of the sub-family: {members}"
