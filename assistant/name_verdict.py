"""Compare a proposed product name with a withheld one: a stated rule, no judgement of ours.

The rule is specified, with examples and its measured limits, in ``starter/README.md``
("The verdict, a stated rule"). "wrong" means that the names do not agree by this rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Agreement: TypeAlias = Literal["abstained", "recovered", "broader", "wrong"]

_UNINFORMATIVE: Final = re.compile(
    r"hypothetical|uncharacteri[sz]ed|unknown function|\bDUF\d+", re.IGNORECASE
)
_SYMBOL: Final = re.compile(r"\b[A-Z][a-z]{2}[A-Z]\d?(?:_\d+)?\b")
_COPY_NUMBER: Final = re.compile(r"\d*(_\d+)?$")
_REPLACEMENTS: Final = (
    ("phosphotransferase system", "pts"),
    ("abc superfamily atp binding cassette transporter", "abc transporter"),
    (", abc protein", " atp binding"),
    (", membrane protein", " permease"),
    (", binding protein", " substrate binding"),
    ("synthetase", "synthase"),
    ("yl transferase", "yltransferase"),
)
_GREEK: Final = frozenset(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "tau"])
_DESIGNATOR: Final = re.compile(r"[a-z]|[a-z]\d{1,2}|i{1,3}[a-d]{0,4}|iv|vi{0,3}")
_STOP_WORDS: Final = """
    an and chain component conserved containing domain family for from in involved large like of
    or precursor predicted probable possible protein proteins putative related small specific
    subfamily subunit superfamily system the to type with
"""
_STOP: Final = frozenset(_STOP_WORDS.split())
_GENERIC_WORDS: Final = """
    abc acetyltransferase activator atp atpase binding bifunctional biosynthesis cell
    cytoplasmic dehydrogenase division dna enzyme global gtp helicase histidine hydrolase
    integral isomerase kinase ligase lipoprotein lyase membrane methyltransferase mrna
    oxidoreductase peptidase permease phage protease pts recombination reductase regulator
    regulatory repair replication repressor resistance response ribosomal rna rrna sensor
    substrate synthase transcription transcriptional transferase transport transporter
    transposase trna
"""
_GENERIC: Final = frozenset(_GENERIC_WORDS.split())
# Words in common, of all words of both names, from which two names count as one.
_SAME_NAME: Final = 0.5
_FEWEST_WORDS_OF_A_BROADER_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class _Side:
    symbols: frozenset[str]
    designators: frozenset[str]
    words: frozenset[str]


def name_verdict(
    given_name: str, given_gene: str, withheld_name: str, withheld_gene: str
) -> Agreement:
    """Say whether a proposed name recovers the withheld one.

    >>> name_verdict("ABC transporter ATP-binding protein", "",
    ...     "phosphate ABC superfamily ATP binding cassette transporter, ABC protein", "pstB")
    'broader'
    """
    if not given_name or _UNINFORMATIVE.search(given_name):
        return "abstained"
    symbols = _symbols(given_name, given_gene), _symbols(withheld_name, withheld_gene)
    given, withheld = (
        _side(name, own, symbols[0] | symbols[1])
        for name, own in ((given_name, symbols[0]), (withheld_name, symbols[1]))
    )
    if not given.words and not given.symbols:
        return "abstained"
    return _compare(given, withheld)


def _compare(given: _Side, withheld: _Side) -> Agreement:
    if given.symbols & withheld.symbols:
        return "recovered"
    if _apart(given.designators, withheld.designators):
        return "wrong"
    clash = _apart(given.symbols, withheld.symbols)
    if _one_name(given.words, withheld.words, clash=clash):
        return "recovered"
    is_part = given.words <= withheld.words
    if not clash and len(given.words) >= _FEWEST_WORDS_OF_A_BROADER_NAME and is_part:
        return "broader"
    return "wrong"


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and bool(other) and not one & other


def _one_name(given: frozenset[str], withheld: frozenset[str], *, clash: bool) -> bool:
    if given and given == withheld and not clash:
        return True
    shared = given & withheld
    telling = len(shared - _GENERIC)
    either = given | withheld
    return bool(either) and len(shared) / len(either) >= _SAME_NAME and telling >= 1 + clash


def _symbols(name: str, gene: str) -> frozenset[str]:
    found = [*_SYMBOL.findall(name), *([gene] if gene else [])]
    return frozenset(_COPY_NUMBER.sub("", symbol).lower() for symbol in found) - {""}


def _side(name: str, own: frozenset[str], of_both: frozenset[str]) -> _Side:
    text = _SYMBOL.sub(" ", name).lower()
    for old, new in _REPLACEMENTS:
        text = text.replace(old, new)
    runs = {word for word in re.findall(r"[a-z0-9]+", text) if not word.isdigit()}
    runs -= _STOP | of_both
    designators = {word for word in runs if word in _GREEK or _DESIGNATOR.fullmatch(word)}
    return _Side(own, frozenset(designators), frozenset(runs - designators))
