"""Grounding: each claim against the evidence that it cites. Pure code, no model.

``supported`` means that a claim adds nothing to what a cited sentence says, word by word and in
order, with its doubts kept. That is stricter than being true and weaker than being proven: a
fair paraphrase comes out as ``partial``, and the evidence itself may be wrong.
"""

from assistant.grounding.quotes import is_verbatim
from assistant.grounding.verdicts import ground, invented, is_aim, is_doubt

__all__ = ["ground", "invented", "is_aim", "is_doubt", "is_verbatim"]
