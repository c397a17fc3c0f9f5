"""Names by their form: organisms, genes, enzymes, substances, hosts, diseases. No list is whole.

A word that looks like a name may be used in a claim only where the evidence has it. What looks
like one and is none is listed here; what is a name and does not look like one passes this check
and can make a claim partial only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.grounding.lexicon import HEDGES, NEUTRAL

if TYPE_CHECKING:
    from assistant.grounding.words import Token


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Greek letters tell enzymes apart.
_GREEK: Final = _words("alpha beta gamma delta epsilon kappa omega")
#: Second words of species names.
_EPITHET: Final = re.compile(r"[a-z]{4,}(?:is|us|um|a|i|ii|ae|ens|ans|es|ix|ax|er)$")
_GENUS: Final = re.compile(r"[A-Z][a-z]*")
#: Words that end like an enzyme and are none.
_NO_ENZYME: Final = _words(
    "base database phase case disease release increase decrease purchase phrase lease chase erase "
    "ease crease biphase showcase staircase interphase prophase metaphase anaphase telophase"
)
#: Endings of substances, structures and diseases, which nobody may add to the evidence.
_SUBSTANCE: Final = re.compile(
    r"(?:ose|ylan|ucan|annan|glycan|saccharide|mucin|pectin|cillin|mycin|cycline|phytin"
    r"|heme|haem|porphyrin|quinone|flavin|cobalamin|folate|phosphate|sulfate|nitrate|acetate"
    r"|itis|osis|oma|emia|aemia|cancer|diabetes|obesity|virus|phage|toxin|lysin"
    r"|[a-z]{2}(?:ol|ine?|one|ide|ene|ane|ite)|oate|dextran|chitosan|pullulan|carrageenan|agarose"
    r"|chlorate|lactate|pyruvate|glutamate|aspartate|malate|fumarate|citrate|succinate|formate"
    r"|butyrate|propionate|carbonate|oxalate|ascorbate|cholate|urate|valerate|palmitate|oleate"
    r"|stearate|tartrate|uronate|gluconate|phthalate|salicylate|mandelate|cinnamate|ferulate"
    r"|coumarate|gallate|shikimate|carbamate|itaconate|valproate|sulphate|sulfonate)s?$"
)
#: Common words that end like a substance.
_NO_SUBSTANCE: Final = _words(
    # -ose, -osis, -oma
    "those whose close dose purpose lose diagnosis prognosis rose arose chose loose nose hose "
    "compose propose suppose expose enclose disclose oppose impose dispose transpose pose prose "
    "repose choose goose loss diagnose overdose predispose decompose superimpose "
    # -ol
    "control tool protocol school pool stool symbol idol patrol cool fool wool carol aerosol "
    # -in, -ine
    "protein lipoprotein glycoprotein within strain main chain brain skin certain remain domain "
    "contain origin pain explain gain obtain again maintain thin herein vein uncertain grain stain "
    "margin spin retain wherein begin sustain ascertain twin drain train attain refrain plain rain "
    "terrain basin cabin ruin coin join bargain curtain captain mountain villain robin cousin "
    "latin into therein entertain constrain restrain bulletin "
    "determine line examine nine medicine urine baseline intestine decline vaccine routine define "
    "marine online machine combine outline pipeline spine guideline discipline engine imagine "
    "refine shine wine fine mine twine genuine crystalline alkaline uterine endocrine exocrine "
    "cytokine chemokine magazine doctrine divine airline deadline timeline undermine underline "
    "headline quarantine feminine redefine streamline borderline paracrine autocrine confine "
    "predetermine intertwine "
    # -one
    "alone bone done hormone none zone clone backbone prone undergone gallstone everyone anyone "
    "someone chaperone drone throne postpone milestone cornerstone stone tone phone gone "
    # -ide
    "provide wide peptide side worldwide guide inside outside alongside nationwide divide aside "
    "decide coincide reside bedside beside besides polypeptide nucleotide oligonucleotide "
    "dinucleotide pesticide suicide genocide slide tide pride subdivide override upside downside "
    "broadside preside collide "
    # -ene, -ane
    "gene scene oncogene hygiene intervene convene transgene membrane transmembrane plane "
    "humane crane insane "
    # -ite
    "site despite metabolite white composite quite parasite opposite definite finite prerequisite "
    "satellite website invite unite infinite elite favorite favourite suite write rewrite bite "
    "ignite exquisite indefinite catabolite appetite cite "
)
#: Substances, hosts and people whose names have no such ending.
_PLAIN_NAMES: Final = _words(
    "iron zinc copper sodium potassium magnesium calcium nickel cobalt manganese arsenic mercury "
    "cadmium sulfur sulphur nitrogen hydrogen ammonia ammonium urea starch cellulose lignin bile "
    "alcohol inulin insulin tryptophan lysozyme heparan keratan histone serum aspirin "
    "mouse mice murine rat rats human humans pig pigs piglets porcine swine chicken chickens cow "
    "cows cattle bovine calves dog dogs canine cat cats feline zebrafish rabbit rabbits monkey "
    "monkeys macaque macaques hamster hamsters sheep ovine goat goats horse horses equine fish "
    "insect insects plant plants yeast soil seawater wastewater sponge coral termite termites "
    "infants children women men pregnant elderly smokers athletes"
)
_GENUS_ENDING: Final = re.compile(
    r"(?:ella|bacter|bacterium|coccus|bacillus|monas|phila|myces|spira|vibrio|ium|ides|oides"
    r"|iformis|aceae|ales|ota|etes)$"
)


def is_name(token: Token) -> bool:
    """Tell whether a word names something, by its form."""
    surface, lower = token.surface, token.surface.lower()
    if is_enzyme(token) or lower in _GREEK or any(char.isdigit() for char in surface):
        return True
    if is_substance(lower):
        return True
    if any(char.isupper() for char in surface[1:]):
        return True
    if not surface[:1].isupper():
        return False
    return not token.initial or bool(_GENUS_ENDING.search(lower))


def is_substance(word: str) -> bool:
    """Tell whether a lower-case word names a substance, a structure, a disease or a host."""
    if word in _PLAIN_NAMES:
        return True
    singular = word.removesuffix("s")
    return bool(_SUBSTANCE.search(word)) and not {word, singular} & _NO_SUBSTANCE


def is_enzyme(token: Token) -> bool:
    """Tell whether a word names an enzyme: it ends in -ase or -ases."""
    singular = token.surface.lower().removesuffix("s")
    return singular.endswith("ase") and len(singular) > 4 and singular not in _NO_ENZYME


def is_epithet(before: Token | None, token: Token) -> bool:
    """Tell whether a word stands behind a genus and looks like the name of a species."""
    if before is None or before.kind != "word" or not _GENUS.fullmatch(before.surface):
        return False
    is_genus = (
        len(before.surface) == 1
        or not before.initial
        or bool(_GENUS_ENDING.search(before.surface.lower()))
    )
    free = token.text in NEUTRAL or token.text in HEDGES
    return is_genus and not free and bool(_EPITHET.fullmatch(token.surface))
