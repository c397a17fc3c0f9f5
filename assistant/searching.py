"""Search ahead: the proteins of many shards in one search, so that its fixed cost is paid once.

The answers go to a file for each shard, beside the ledger; a shard whose file is missing or
damaged searches for itself, with the same answers. They are also kept in the knowledge base's
cache, so that another run searches only for proteins that are new to these references.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from assistant.atomic import replacing
from ingest.errors import UserError
from ingest.records import clean_sequence
from retrieval.evidence.base import KnowledgeView
from retrieval.evidence.genomic_context import unnamed_neighbours
from retrieval.searched import ASKED, SearchesSequences, file_of, search_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.batch import Shard
    from retrieval.kept_answers import KeptAnswers

#: Faults of the machine, the installation or the knowledge base: no gene is to blame for them.
NO_FAULT_OF_A_GENE = (UserError, OSError)

#: Genes that are searched for at once. More would save little (the fixed cost is some seconds)
#: and take memory: up to 150 MB of answers for 10,000 proteins of large families.
SEARCHED_AT_ONCE = 10_000


class SearchableBase(SearchesSequences, KnowledgeView, Protocol):
    """A knowledge base that can search for many proteins at once."""

    def kept_answers(self, asked: str) -> KeptAnswers | None:
        """Give what is kept of earlier searches of the same references; None: nothing is."""
        ...


def together(shards: Sequence[Shard]) -> Iterator[list[Shard]]:
    """Group shards, in order, whose genes are searched for at once."""
    group: list[Shard] = []
    for shard in shards:
        if group and sum(len(it.genes) for it in (*group, shard)) > SEARCHED_AT_ONCE:
            yield group
            group = []
        group.append(shard)
    if group:
        yield group


def search_ahead(
    shards: Sequence[Shard], open_base: Callable[[], SearchableBase], *, keeps: bool = False
) -> None:
    """Search for all proteins of the shards and write each shard's file, unless it is there.

    With ``keeps`` answers come from the knowledge base's cache where they are in it, and go there.

    When a tool fails nothing is written: each shard then searches for itself and finds which
    gene is to blame.

    Raises:
        UserError, OSError: The knowledge base, the installation or the disk is at fault.
    """
    missing = [shard for shard in shards if not shard.searched or not shard.searched.is_file()]
    if not missing:
        return
    with closing(open_base()) as base:
        asked = {shard.number: _sequences(shard, base) for shard in missing}
        every = {name: text for sequences in asked.values() for name, text in sequences.items()}
        try:
            lines = _answered(base, dict(sorted(every.items())), keeps=keeps)
        except NO_FAULT_OF_A_GENE:
            raise
        except Exception:  # noqa: BLE001 - the shards find the gene that a tool fails at
            return
    for shard in missing:
        if shard.searched:
            with replacing(shard.searched) as handle:
                handle.write(file_of(lines[name] for name in sorted(asked[shard.number])))


def _answered(base: SearchableBase, sequences: dict[str, str], *, keeps: bool) -> dict[str, str]:
    """Take the answers that are kept, search for the rest at once, and keep what is found.

    What was found while another process changed the base is not kept: it may be of either state.
    """
    kept = base.kept_answers(ASKED) if keeps else None
    known = kept.known(sequences) if kept else {}
    rest = {name: text for name, text in sequences.items() if name not in known}
    if not rest:
        return known
    found = search_all(base, rest)
    if kept and kept == base.kept_answers(ASKED):
        kept.keep(found)
    return known | found


def _sequences(shard: Shard, base: KnowledgeView) -> dict[str, str]:
    """Return what the shard will search for: its genes and neighbours that have no name."""
    genes = (*shard.genes, *unnamed_neighbours(shard.genes, base, shard.surroundings))
    sequences = {gene.sequence_sha256: clean_sequence(gene.translation) for gene in genes}
    return {name: text for name, text in sequences.items() if text}
