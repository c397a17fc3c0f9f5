"""Product names by rule: what breaks the naming guidelines, and a name that keeps them.

The rules are those of the International Protein Nomenclature Guidelines (EMBL-EBI, NCBI, PIR
and SIB; https://www.ncbi.nlm.nih.gov/genome/doc/internatprot_nomenguide/, August 2025), as far
as a program can check them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from ingest.vocab import is_uncharacterized

if TYPE_CHECKING:
    from collections.abc import Mapping

Specificity: TypeAlias = Literal["exact", "putative", "family", "domain", "unknown"]

DEFAULT_NAME: Final = "hypothetical protein"
#: INSDC sets no limit; a name longer than this is a sentence, not a name.
LONGEST_NAME: Final = 150


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that a name breaks: its key, the words that break it, what to do."""

    rule: str
    found: str
    advice: str


#: "[Escherichia coli]" or "[[Clostridium] innocuum]" behind a name: NCBI writes the source there.
#: Brackets within a name hold what an enzyme acts on ("enoyl-[acyl carrier protein] reductase")
#: or its cofactor; a protein, an enzyme or a sulfate is no organism wherever it stands.
_ORGANISM: Final = (
    r"(?:^|(?<=\s))\[(?:\[[A-Z][a-z]+\]|(?:Candidatus |uncultured |unclassified )?[A-Z][a-z]+"
    r"|uncultured|unclassified)\s(?![^\]]*(?:protein|enzyme|ase\b|sulfate|chain|forming"
    r"|transferring|specific|dependent|factor|complex))[^\[\]]+\]\s*$"
)
#: Rule -> (pattern, advice). Patterns are searched without regard to case unless they set it.
_RULES: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "doubt_word",
        r"\b(?:probable|probably|predicted|possible|possibly|likely|potential|novel|dubious"
        r"|doubtful|questionable|strongly)\b",
        'use "putative" before a likely activity, or a family name',
    ),
    (
        "empty_phrase",
        r"\bconserved (?:hypothetical|uncharacteri[sz]ed)\b|\b(?:hypothetical|uncharacteri[sz]ed)"
        r" conserved\b|\bunknown protein\b|\bprotein of unknown function\b|\bprotein hypothetical\b"
        r"|\bhypothetical protein,|\bprotein protein\b|\bputative putative\b|\bprotein putative\b"
        r"|\bunnamed\b",
        f'use "{DEFAULT_NAME}"',
    ),
    (
        "relation_phrase",
        r"\b(?:homolog(?:ue)?|similar to|related to|identity to|identified by|involved in"
        r"|implicated in|also known as|together with)\b",
        'use "X family protein" for a relative of X',
    ),
    (
        "artefact_word",
        r"\b(?:cds|clone|deletion|fragment|frame ?shift|genome|interrupt(?:ed)?|locus(?:_tag)?|orf"
        r"|partial|pseudo(?:gene)?|truncat(?:ed|ion)|unique|wgs|x-?ray|expressed|antigen"
        r"|low quality protein|authentic point mutation)\b",
        "leave out what is about the sequence record",
    ),
    ("location", r"\b(?:cytoplasmic|secreted|cell surface|surface protein|chloroplastic"
     r"|mitochondrial)\b", "leave out the place in the cell"),
    ("ec_number", r"\bec[\s:]*[1-7]\.[\d-]+\.[\d-]+\.n?[\d-]+|\b[1-7]\.\d+\.\d+\.(?:n?\d+|-)",
     "put the EC number in its own field"),
    ("identifier", r"\bGO:\d{7}\b|\bCOG\d{4}\b|(?-i:\bK\d{5}\b)|\bUniRef\d+_\w+",
     "put identifiers in their own fields"),
    ("locus_tag", r"(?-i:\b(?!DUF|UPF|PF|TIGR|COG|TEM|GO)[A-Z][A-Za-z]{1,9}_?\d{4,}[a-z]?\b)",
     'leave out locus tags, or say "family"'),
    ("molecular_weight", r"\b\d+(?:\.\d+)?\s*k\s?da\b|\bkda\b", "leave out the molecular weight"),
    ("organism", rf"(?-i:{_ORGANISM})|(?-i:\b(?:Escherichia|Bacillus|Bacteroides"
     r"|Salmonella|Staphylococcus|Streptococcus|Homo|Mus) [a-z]+\b)|\bE\. coli\b",
     "leave out the organism"),
    ("greek", r"[α-ωΑ-Ω]", "write Greek letters in full and lower case"),
    ("diacritic", r"[À-ÖØ-öø-ÿ]", "leave out accents and umlauts"),
    (
        "british",
        r"\w*(?:haem(?=o|a|e|in|\b)|sulph|aluminium|uncharacterised|oestr|anaemi|oligomeris"
        r"|polymeris|utilis|signalling|fibre|colour|leuko?aem)\w*",
        "use American spelling",
    ),
    ("punctuation", r"[;%@=\\]|[.,]\s*$|,\s(?!\d)", "leave out this punctuation"),
    ("enzyme_word", r"\b\w+ase (?:enzyme|protein)\s*$", "an enzyme's name ends in -ase"),
)  # fmt: skip

_BRITISH: Final[Mapping[str, str]] = {
    "uncharacterised": "uncharacterized",
    "haemo": "hemo",
    "haem": "heme",
    "sulph": "sulf",
    "aluminium": "aluminum",
    "polymeris": "polymeriz",
    "oligomeris": "oligomeriz",
    "utilis": "utiliz",
    "signalling": "signaling",
    "fibre": "fiber",
}
_GREEK: Final[Mapping[str, str]] = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}
#: Parts that never belong in a name, taken out before it is proposed.
_DROPPED: Final = re.compile(
    rf"\s*[(\[]EC[\s:][^)\]]*[)\]]|\s*\(Fragments?\)|\s*(?-i:{_ORGANISM})"
    r"|,\s*(?:chloroplastic|mitochondrial|cytoplasmic|periplasmic|putative|partial|secreted)\b"
    r"|\b(?:MULTISPECIES|RecName|Full)[:=]\s*|\s*\bhomolog(?:ue)?\b",
    re.IGNORECASE,
)
#: Synonyms behind a name: "Catalase-peroxidase (CP)", "Protein HldE [Includes: ...". Cofactors
#: and metals in parentheses belong to the name: "(NADP(+))", "(ADP-forming)", "(quinone)".
_SYNONYM: Final = re.compile(
    r"\s+\((?!(?:NADP?H?|FAD|FMN|[ACGU][DT]P|CoA|Fe|Mn|Zn|Cu|Ni|Co|Mg|Ca|Na|K)(?![A-Za-z]))"
    r"(?:[A-Z]|[a-z][A-Z]{2,})[^()]*\)\s*$"
)
_CONTENTS: Final = re.compile(r"\s*\[(?:Includes|Cleaved into):.*$", re.DOTALL)
_DOUBT: Final = re.compile(
    r"\b(?:probable|predicted|possible|likely|potential|novel|putative|conserved|hypothetical)\b"
    r"\s*",
    re.IGNORECASE,
)
_ENDINGS: Final = re.compile(
    r"\s*[- ](?:like protein|family protein|superfamily protein"
    r"|(?:like )?domain-containing protein|family)\s*$",
    re.IGNORECASE,
)
#: A name that says of which family the protein is claims no more than that.
_OF_FAMILY: Final = re.compile(r"\w (?:super)?family\b", re.IGNORECASE)
#: Words of three letters that are no symbol.
_SHORT_WORDS: Final = frozenset({"Non", "Tri", "Bis", "Apo", "Pro", "Acyl", "Oxo"})
#: People and places that enzymes and domains are named after: they keep the capital.
_PROPER: Final = frozenset(
    {"Holliday", "Rieske", "Schiff", "Kelch", "Walker", "Rossmann", "Shine", "Okazaki"}
)


def check_product_name(name: str) -> tuple[Problem, ...]:
    """List the naming rules that a product name breaks, in a fixed order.

    >>> [problem.rule for problem in check_product_name("probable haemolysin (23 kDa)")]
    ['doubt_word', 'molecular_weight', 'british']
    """
    problems = []
    for rule, pattern, advice in _RULES:
        found = re.search(pattern, name, flags=re.IGNORECASE)
        if found:
            problems.append(Problem(rule, found.group().strip(), advice))
    return (*problems, *_shape_problems(name))


def _shape_problems(name: str) -> tuple[Problem, ...]:
    problems = []
    if not name.strip():
        problems.append(Problem("empty", "", f'use "{DEFAULT_NAME}"'))
    if len(name) > LONGEST_NAME:
        problems.append(Problem("length", f"{len(name)} characters", "use a shorter name"))
    if len(name) > 5 and name.isupper():
        problems.append(Problem("capitals", name, "use lower case except in acronyms"))
    return tuple(problems)


def propose_product_name(name: str, specificity: Specificity) -> str:
    """Write a name that keeps the rules and claims no more than ``specificity``.

    >>> propose_product_name("Probable β-galactosidase (EC 3.2.1.23)", "family")
    'beta-galactosidase family protein'
    >>> propose_product_name("Xylulose kinase", "putative")
    'putative xylulose kinase'
    >>> propose_product_name("LysR family transcriptional regulator", "family")
    'LysR family transcriptional regulator'
    """
    bare = clean_product_name(name)
    if specificity == "unknown" or not bare or is_uncharacterized(bare):
        return DEFAULT_NAME
    if specificity == "exact":
        return bare
    stem = _ENDINGS.sub("", bare)
    if specificity == "family" and stem == bare and _OF_FAMILY.search(bare):
        return bare
    if specificity == "putative":
        return bare if stem != bare else f"putative {bare}"
    linked = f"{stem}-like" if "protein" in stem.split() else stem
    if specificity == "domain":
        return f"{linked.removesuffix(' domain')} domain-containing protein"
    return f"{linked} protein" if linked != stem else f"{stem} family protein"


def clean_product_name(name: str) -> str:
    """Take out what the rules forbid: identifiers, doubt, organisms, British and Greek letters.

    >>> clean_product_name("Uncharacterised haemolysin [Escherichia coli]")
    'uncharacterized hemolysin'
    """
    text = main_name(_DROPPED.sub("", name))
    text = _DOUBT.sub("", text)
    for letter, spelled in _GREEK.items():
        text = text.replace(letter, spelled)
    for british, american in _BRITISH.items():
        text = re.sub(rf"\b{british}", american, text, flags=re.IGNORECASE)
    text = _lower_first(" ".join(text.split()).strip(" .,;:"))
    text = re.sub(r",\s+(?=(?:subunit|chain|component)\b)", " ", text)
    text = re.sub(r"^(.+),\s+((?:class|type|group) \w+)$", r"\2 \1", text)
    return _lower_first(re.sub(r"(ase) (?:enzyme|protein)$", r"\1", text))


def main_name(name: str) -> str:
    """Take synonyms and contents off the end of a database name.

    >>> main_name("Phosphoglycerate mutase (BPG-independent PGAM) (iPGM)")
    'Phosphoglycerate mutase'
    >>> main_name("Ketol-acid reductoisomerase (NADP(+)) (KARI)")
    'Ketol-acid reductoisomerase (NADP(+))'
    """
    text, before = _CONTENTS.sub("", name), ""
    while text != before:
        before, text = text, _SYNONYM.sub("", text)
    return text


def _lower_first(text: str) -> str:
    """Lower the first letter unless the first word is an acronym, a symbol or a person."""
    first = re.split(r"[\s\-/(]", text, maxsplit=1)[0]
    is_long = len(first) > 3 or first in _SHORT_WORDS
    is_plain = is_long and first[1:].islower() and first not in _PROPER
    return text[:1].lower() + text[1:] if is_plain else text
