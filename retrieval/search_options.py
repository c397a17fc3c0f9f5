"""What a user may ask of a search of texts, beside the question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

#: How the searches by meaning and by words are put together.
Mode: TypeAlias = Literal["hybrid", "rrf", "dense", "lexical"]
MODES: Final[tuple[str, ...]] = get_args(Mode)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which papers may be found: all conditions that are set hold. Other texts are not filtered.

    ``taxon`` is a name that the paper is tagged with: old or new, or that of a group of taxa that
    are (``retrieval.taxon_filter``). ``publication_type`` is one of PubMed's ("Review", "Clinical
    Trial"). Years include both ends; a paper without a year is left out when one is asked for.
    """

    year_from: int | None = None
    year_to: int | None = None
    taxon: str = ""
    publication_type: str = ""
    include_retracted: bool = False

    @property
    def choose(self) -> bool:
        """Whether anything but retraction is asked for."""
        return bool(self.year_from or self.year_to or self.taxon or self.publication_type)


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How to search.

    ``expand`` looks for synonyms of the entities in the question too. ``feedback`` searches a
    second time with what the best papers say: for questions that want all literature, not one
    answer. ``per_paper`` passages of a paper are shown at most; ``fold`` shows one of several
    nearly equal texts. ``reranker`` is the folder of a cross-encoder, "" for none.
    """

    mode: Mode = "hybrid"
    expand: bool = True
    feedback: bool = False
    per_paper: int = 3
    fold: bool = True
    reranker: str = ""
    filters: Filters = field(default_factory=Filters)
