"""How much of what a language model wrote survived the check, counted over a whole run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.claims import AnnotationRecord, Verdict

#: The verdicts that keep a statement out of the facts, with their words.
_KEPT_APART: Final[tuple[tuple[Verdict, str], ...]] = (
    ("partial", "partly supported"),
    ("unchecked", "not checked, as no check could be made"),
    ("unsupported", "unsupported"),
    ("contradicted", "contradicted"),
)


@dataclass(frozen=True, slots=True)
class Survival:
    """Genes that a model was asked about, those that it failed, and its statements by verdict."""

    asked: int
    failed: int
    verdicts: Counter[Verdict]

    @property
    def statements(self) -> int:
        """Statements that the model wrote."""
        return self.verdicts.total()

    @property
    def share(self) -> float | None:
        """Share of them that survived; None where it wrote none."""
        return self.verdicts["supported"] / self.statements if self.statements else None

    @property
    def text(self) -> str:
        """Say it in one or two sentences; empty where no model was asked."""
        if not self.asked:
            return ""
        lost = f" and gave no usable answer for {self.failed}" if self.failed else ""
        asked = f"The language model was asked about {_genes(self.asked)}{lost}."
        return f"{asked} {self._of_statements()}"

    def _of_statements(self) -> str:
        if self.share is None:
            return "It made no statement."
        apart = ", ".join(
            f"{self.verdicts[verdict]} {words}"
            for verdict, words in _KEPT_APART
            if self.verdicts[verdict]
        )
        rest = f"; {apart}: these are shown apart and are no part of the annotations"
        return (
            f"Of its {self.statements} statement{'s' * (self.statements != 1)} "
            f"{self.verdicts['supported']} ({self.share:.0%}) survived the check against the "
            f"evidence that they cite{rest if apart else ''}."
        ).replace("%)", " %)")


def survival_of(records: Iterable[AnnotationRecord]) -> Survival:
    """Count what became of the model's statements; genes that it was not asked about do not."""
    drafts = [record.hypothesis for record in records]
    asked = [draft for draft in drafts if draft.llm.status != "not_asked"]
    return Survival(
        asked=len(asked),
        failed=sum(draft.llm.status == "failed" for draft in asked),
        verdicts=Counter(
            claim.verdict for draft in asked for claim in draft.claims if claim.origin == "llm"
        ),
    )


def _genes(number: int) -> str:
    return f"{number} gene{'s' * (number != 1)}"
