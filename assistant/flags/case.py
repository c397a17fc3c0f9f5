"""The case of one gene: all that the rules of flags look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.scoring import best_name
from assistant.votes import ec_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.claims import Tier
    from assistant.scoring import Scored
    from assistant.votes import Vote
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence


@dataclass(frozen=True, slots=True)
class Case:
    """A gene with its evidence, the votes, and the functions scored, best first.

    ``level`` is how many EC levels of the leader are reported (1 for a name), ``tier`` its tier.
    Without votes there is no leader.
    """

    gene: Gene
    evidence: Sequence[Evidence]
    votes: Sequence[Vote] = ()
    scored: Sequence[Scored] = ()
    level: int = 0
    tier: Tier = "abstain"

    @property
    def leader(self) -> Scored | None:
        """The leading function, proposed or not."""
        return self.scored[0] if self.scored else None

    @property
    def ec_number(self) -> str:
        """The EC number of the leader as it is reported, empty for a name."""
        leader = self.leader
        stated = leader.ec_number if leader else ""
        return ec_prefix(stated, self.level) if stated and self.level else ""

    @property
    def label(self) -> str:
        """The leading function in a few words: its EC number, else its name."""
        if self.leader is None or self.ec_number:
            return f"EC {self.ec_number}" if self.ec_number else ""
        name = best_name(self.leader)
        return f'"{name}"' if name else "an unnamed function"

    @property
    def is_proposed(self) -> bool:
        """Tell whether the leader is proposed, or only the nearest that there is."""
        return self.leader is not None and self.tier != "abstain"

    @property
    def subject(self) -> str:
        """Name the leader, and say so where it is not proposed."""
        if self.is_proposed:
            return f"the proposal, {self.label}"
        return f"the nearest candidate, {self.label}, which is not proposed"
