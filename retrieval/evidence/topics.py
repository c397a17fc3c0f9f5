"""A function as something to look for in text: its name's words, its symbol, its EC number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.vocab import ec_level

if TYPE_CHECKING:
    from retrieval.evidence.base import Terms


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that many names share; a name made of nothing else is no topic.
_GENERIC = _word_set(
    """
    abc acid acyltransferase aldolase aminotransferase antiporter associated atp atpase atpases
    binding carrier cation channel chaperone coenzyme cofactor component cytoplasmic damage
    deacetylase decarboxylase dehydratase dehydrogenase dna efflux endonuclease endoribonuclease
    enzyme esterase exonuclease exoribonuclease export exporter factor fe flavin flavoprotein
    glycosidase glycosyltransferase gtp gtpase helicase heme hydratase hydrolase hydroxylase
    import importer inner integrase ion iron isomerase kinase large ligase lipid lipoprotein
    long lyase major medium membrane metal metallo methylase methyltransferase monooxygenase
    multidrug multispecies mutase nad nadh nadp nadph nuclease nucleotide outer oxidase
    oxidoreductase oxygenase peptidase periplasmic permease phosphatase phosphotransferase
    plasmid polymerase precursor protease proteinase putative receptor recombinase recombination
    reductase regulator regulatory repair repressor response ribonuclease rna sensor sensory
    short signal small solute substrate sulfatase sulfur synthase synthetase system
    topoisomerase transcription transcriptional transferase translocase transport transporter
    transposase two uptake zinc zn
    """
)
# Words that say nothing in a query and need not stand in the text.
_FILLERS = _word_set(
    """
    a an and bifunctional by chain class conserved containing dependent domain family
    hypothetical uncharacterised uncharacterized unknown
    fold for form from group homolog homologue i ii iii in like mitochondrial multifunctional of or
    possible predicted probable protein proteins putative related specific subunit superfamily the
    to trifunctional type with
    """
)
_GREEK = str.maketrans({"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon"})
_WORD = re.compile(r"[^\W_]+")
_PARENTHESES = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")

# Demerec symbols with a locus letter (tdcA, tyrDC): the bare three letters are English too often
# (map, can, era). Prokka numbers copies: tdcA_2.
_SYMBOL = re.compile(r"([a-z]{3,4}[A-Z][A-Za-z0-9]{0,2})(?:_\d+)?")
# "glucokinase 2", "urease subunit A": papers seldom number what they name.
_COPY = re.compile(
    r"(?:-like|-type|-related|\s+(?:-\S+|subunit|chain|protein|family|alpha|beta|[A-Z]|\d{1,2}|[IVX]{1,4}))+$"
)
_LETTER = re.compile(r"\s([A-Z])(?:,|$|\s\()")  # rRNA methyltransferase E
# A class of enzymes without its substrate: ornithine or aspartate carbamoyltransferase?
_CLASS = re.compile(r"\w*(?:transferase|dehydrogenase|reductase|synthase|synthetase|hydrolase)")
_QUALIFIERS = re.compile(r"\b(?:putative|probable|possible|predicted)\b", re.IGNORECASE)
_SYMBOL_IN_NAME = re.compile(r"\b[A-Z][a-z]{2,3}[A-Z][A-Za-z0-9]{0,2}\b")

# "tyrosine and DOPA decarboxylase" names both: the words of a name may stand this far apart.
_WORDS_BETWEEN = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """What to look for. ``words`` are the name's informative words, in lower case.

    ``name`` is what a reader calls it; ``symbol`` a gene symbol such as tdcA; ``ec_number`` a
    full EC number; ``genus`` where the function was seen. Each may be empty, but not the
    first three together. ``letter`` tells members of a family apart (methyltransferase E, H).
    """

    name: str
    words: tuple[str, ...]
    symbol: str
    ec_number: str
    genus: str = ""
    letter: str = ""

    @property
    def query(self) -> str:
        """The text to search for."""
        ec_number = f"EC {self.ec_number}" if self.ec_number else ""
        return " ".join(filter(None, (self.name, self.symbol, ec_number, self.genus)))

    def matches(self, text: str, around: str = "") -> list[str]:
        """List what of the topic the text holds, in words for a reader, the name first.

        A gene symbol alone is not enough, since it means other genes in other species (cutC is
        a copper protein and a choline lyase): a particular word of the name, or the genus,
        must stand with it, in the text or ``around`` it.
        """
        found = [self.name] if self.words and self._is_named(text) else []
        if self.ec_number and _holds_ec(self.ec_number, text):
            found.append(f"EC {self.ec_number}")
        if self.symbol and _holds_symbol(self.symbol, text) and self._is_meant(f"{text} {around}"):
            found.append(f"the gene symbol {self.symbol}")
        return found

    def _is_named(self, text: str) -> bool:
        """Look for the name; the same name with another letter is another protein."""
        others = re.findall(rf"(?i:{re.escape(self.words[-1])})s?\s([A-Z])\b", text)
        is_other = self.letter and others and self.letter not in others
        return not is_other and _stand_close(self.words, text)

    def _is_meant(self, text: str) -> bool:
        signs = {word for word in self.words if word not in _GENERIC} | {self.genus.lower()}
        return not (signs - {""}).isdisjoint(_words(text))


def topic_of(terms: Terms, taxon: str = "") -> Topic | None:
    """Make a topic of a function, or None when nothing in it is particular enough.

    The taxon sharpens the query; a paper need not name it.
    """
    words = name_words(terms.product)
    symbol = _symbol(terms)
    full = [ec for ec in terms.ec_numbers if ec_level(ec) == 4]
    ec_number = full[0] if len(full) == 1 else ""
    if not (words or symbol or ec_number):
        return None
    name = _COPY.sub("", _head(terms.product)) if words else ""
    letter = _LETTER.search(terms.product)
    genus = taxon.partition(" ")[0]
    return Topic(name, words, symbol, ec_number, genus, letter.group(1) if letter else "")


def name_words(product: str) -> tuple[str, ...]:
    """Return the words that tell a name from others; empty when all of them are general.

    >>> name_words("Tyrosine decarboxylase family protein")
    ('tyrosine', 'decarboxylase')
    >>> name_words("ABC transporter ATP-binding protein")
    ()
    """
    words = [word for word in _words(_head(product)) if word not in _FILLERS]
    words = [word for word in words if len(word) > 1 and not word.isdigit()]
    particular = [word for word in words if word not in _GENERIC]
    # A single word is clear when it is an enzyme (urease); "gate" and "recombination" are not.
    is_clear = len(words) > 1 or any(_is_enzyme(word) for word in particular)
    return tuple(dict.fromkeys(words)) if particular and is_clear else ()


def _is_enzyme(word: str) -> bool:
    return word.endswith("ase") and not _CLASS.fullmatch(word)


def _head(product: str) -> str:
    """Cut a name's qualifiers: what stands in parentheses, after a comma, and its symbol."""
    head = _PARENTHESES.sub("", product).split(", ")[0]
    return " ".join(_QUALIFIERS.sub(" ", _SYMBOL_IN_NAME.sub(" ", head)).split())


def _symbol(terms: Terms) -> str:
    named = _SYMBOL.fullmatch(terms.gene)
    if named:
        return named.group(1)
    in_name = _SYMBOL_IN_NAME.search(terms.product)
    return in_name.group(0)[0].lower() + in_name.group(0)[1:] if in_name else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().translate(_GREEK))


def _stand_close(words: tuple[str, ...], text: str) -> bool:
    """Tell whether all words, or their plurals, stand within a few words of each other."""
    written = _words(text)
    wanted = {form: word for word in words for form in (word, f"{word}s")}
    places = [(place, wanted[word]) for place, word in enumerate(written) if word in wanted]
    span = len(words) + _WORDS_BETWEEN
    for place, _ in places:
        near = {word for other, word in places if place <= other < place + span}
        if len(near) == len(words):
            return True
    return False


def _holds_ec(ec_number: str, text: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(ec_number)}(?!\d|\.\d)", text) is not None


def _holds_symbol(symbol: str, text: str) -> bool:
    """Look for gene or protein, tdcA or TdcA; the case of the rest tells it from a word."""
    first = f"[{symbol[0]}{symbol[0].upper()}]"
    return re.search(rf"(?<!\w){first}{re.escape(symbol[1:])}(?!\w)", text) is not None
