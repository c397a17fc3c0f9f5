"""Entities that a paper names: a key for each, so that all its names lead to the same papers.

A key is ``kind:id`` in lower case: ``ec:3.2.1.23``, ``ko:k01190``, ``taxon:clostridioides
difficile``, ``locus:bt4294``, ``gene:lacz``, ``drug:paracetamol``. Here is what can be told from
text and record alone, by pattern; dictionaries of taxa and drugs are the tagger's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.ec_transfers import current_ec
from ingest.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity as a paper names it; ``name`` is as written there."""

    key: str
    name: str

    @property
    def kind(self) -> str:
        """The part of the key before the colon."""
        return self.key.partition(":")[0]

    @property
    def shown(self) -> str:
        """Write key and name for a reader: ``ec 3.2.1.23 (beta-Galactosidase)``."""
        kind, _, identifier = self.key.partition(":")
        if kind not in _NUMBERED or spelled(self.name) == spelled(identifier):
            return f"{kind} {self.name}"
        return f"{kind} {identifier.upper()} ({self.name})"


#: Kinds whose entities have a number that is shown beside the name.
_NUMBERED: Final = frozenset({"ec", "mesh"})

_EC: Final = re.compile(
    r"(?:\bE\.?C\.?(?:\s+(?:number|no\.?))?[\s:=_-]{0,2}|(?<![\w.,-]))"
    r"(\d\.\d{1,2}\.\d{1,2}\.n?\d{1,4})(?![\w.]*\d)",
    re.IGNORECASE,
)
_CLASSES: Final = "1234567"
#: More numbers behind one that is said to be an EC number: "EC 3.2.1.4, 3.2.1.21 and 3.2.1.91".
_MORE_ECS: Final = re.compile(
    r"(?:\s*(?:[,;/&]|\band\b|\bor\b))+\s*(\d\.\d{1,2}\.\d{1,2}\.n?\d{1,4})(?![\w.]*\d)"
)
_NAMED_EC: Final = re.compile(r"E\.?C", re.IGNORECASE)
#: Identifiers with a form of their own; the letters tell the kind.
_IDENTIFIERS: Final = (
    ("ko", re.compile(r"(?<![\w.-])(?:ko:)?(K\d{5})(?![\w-])", re.IGNORECASE)),
    ("go", re.compile(r"(?<![\w-])(GO[:_]\d{7})(?!\w)", re.IGNORECASE)),
    (
        "family",
        re.compile(
            r"(?<![\w-])(PF\d{5}|TIGR\d{5}|NF\d{6}|IPR\d{6}|COG\d{4}|PTHR\d{5})(?!\d)", re.I
        ),
    ),
    ("protein", re.compile(r"(?<![\w-])([WNXY]P_\d{6,9})(?:\.\d{1,2})?(?!\w)")),
    ("mesh", re.compile(r"(?<![\w-])MESH:([DC]\d{6,9})(?!\w)", re.IGNORECASE)),
)
#: Before a tag: nothing that it may be a part of; "BT_3701-BT_3704" has two.
_FREE: Final = r"(?<![\w.])(?<![^\W\d]-)"
_LOCUS: Final = re.compile(
    _FREE + r"([A-Za-z][A-Za-z0-9]{1,11}_(?:[A-Z]{1,3}|[Gg]p|RS)?\d{2,8}[a-z]?)(?!\w)"
)
#: Before the underscore of what is no locus: accessions, RNAs, samples, bins, clusters, groups.
_NOT_LOCI: Final = """
    ac ag ap asv bin circ cag cluster contig fig figure gca gcf group hg hsa mag mgs nc ng nm np
    nr nt nz otu patient rs sample scaffold sp species srr step table ucg unitig wp xm xp xr yp zotu
    version node clade genus lnc unidentified day week chr exon uniref covid atcc dsm dsmz jcm nctc
    ccug lmg nbrc kctc cect cip gse gsm nct esbl strain isolate clone batch run lane plate well
    dataset supplementary suppl appendix experiment exp subject site
"""
_NO_LOCUS: Final = frozenset(_NOT_LOCI.split())
#: Subfamilies of CAZy, clusters of UniRef, subtypes of influenza.
_NO_LOCUS_FORM: Final = re.compile(
    r"(?:GH|PL|GT|CE|AA|CBM)\d{1,3}|UniRef\d+|H\d+N\d+", re.IGNORECASE
)
#: Locus tags without an underscore, and a word that a paper on that genome has.
_OLD_LOCI: Final = (
    (r"Rv\d{4}[AcD]?", "mycobacterium tubercul"),
    (r"BSU\d{5}", "bacillus"),
    (r"STM\d{4}", "salmonella"),
    (r"SCO\d{4}", "streptomyces"),
    (r"PA\d{4}", "pseudomonas"),
    (r"PP_?\d{4}", "pseudomonas"),
    (r"HP\d{4}", "helicobacter"),
    (r"BT\d{4}", "bacteroides"),
    (r"BF\d{4}", "bacteroides"),
    (r"PG\d{4}", "porphyromonas"),
    (r"lmo\d{4}", "listeria"),
    (r"lp_\d{4}", "plantarum"),
    (r"VCA?\d{4}", "vibrio"),
    (r"Cj\d{4}c?", "campylobacter"),
    (r"TM\d{4}", "thermotoga"),
    (r"MJ\d{4}", "methano"),
    (r"SP_?\d{4}", "pneumoniae"),
    (r"SA\d{4}", "aureus"),
    (r"EF\d{4}", "enterococcus"),
    (r"SMU\.?\d{3,4}c?", "mutans"),
    (r"NMB\d{4}", "neisseria"),
    (r"DR_?\d{4}", "deinococcus"),
    (r"SSO\d{4}", "solfataricus"),
    (r"b\d{4}", "escherichia coli"),
    (r"CD\d{4}[A-Z]?", "difficile"),
    (r"s[lm][lr]\d{4}", "synechocystis"),
    (r"SACOL\d{4}", "aureus"),
    (r"HI\d{4}", "haemophilus"),
    (r"YPO\d{4}", "yersinia"),
    (r"FTT\d{4}c?", "francisella"),
    (r"DVU\d{4}", "desulfovibrio"),
    (r"GSU\d{4}", "geobacter"),
    (r"BB\d{4}", "burgdorferi"),
    (r"TTHA\d{4}", "thermus"),
)
_OLD: Final = tuple((re.compile(rf"{_FREE}({form})(?!\w)"), word) for form, word in _OLD_LOCI)
_ALL_ORGANISMS: Final = " ".join(word for _, word in _OLD_LOCI)
#: Genes and their proteins by Demerec's form: lacZ, TdcA, tyrDC, qnrS1; blaTEM.
_GENE: Final = re.compile(
    r"(?<![\w-])([A-Za-z][a-z]{2}[A-Z]{1,2}\d{0,2}|bla[A-Z]{3}(?:-\d{1,3})?)(?![\w])"
)
#: Restriction enzymes (EcoRI), and what else looks like a gene: cells, reagents, firms.
_CUTTER: Final = re.compile(r"[A-Z][a-z]{2}R[IV]{1,2}")
_NOT_GENES: Final = frozenset({"hepg", "hepg2", "brdu", "gmbh", "macos", "proqr", "covid"})
_SEPARATORS: Final = re.compile(r"[_.:-]")


def spelled(name: str) -> str:
    """Write a name as its words: names that differ in case, hyphens and Greek are one.

    >>> spelled("β-Galactosidase") == spelled("beta galactosidase")
    True
    """
    return " ".join(plain_words(name))


def ec_key(number: str) -> str:
    """Make the key of an EC number; a transferred number has the key of the new one.

    >>> ec_key("1.6.5.3")
    'ec:7.1.1.2'
    """
    return f"ec:{current_ec(number)}"


def locus_key(tag: str) -> str:
    """Make the key of a locus tag: ``BT_4294`` and ``BT4294`` are one."""
    return f"locus:{_SEPARATORS.sub('', tag).lower()}"


def entities_by_form(
    text: str, *, context: str = "", is_question: bool = False
) -> Iterator[Entity]:
    """Yield what is told by its form: EC, KO, GO and family numbers, locus tags, genes.

    Args:
        text: A text of any length.
        context: More that the paper says, for locus tags that need their organism.
        is_question: A number or tag is meant as one, with nothing around it that says so.
    """
    yield from _ecs(text, is_question=is_question)
    for kind, pattern in _IDENTIFIERS:
        for match in pattern.finditer(text):
            name = match[1].upper().replace("GO_", "GO:")
            yield Entity(f"{kind}:{name.lower().removeprefix('go:')}", name)
    yield from _loci(text, _ALL_ORGANISMS if is_question else context)
    for match in _GENE.finditer(text):
        if match[1].lower() in _NOT_GENES or _CUTTER.fullmatch(match[1]):
            continue
        yield Entity(f"gene:{match[1].lower()}", match[1])


def _ecs(text: str, *, is_question: bool) -> Iterator[Entity]:
    """Find EC numbers; without "EC" before it, a number must look like no version or date."""
    for match in _EC.finditer(text):
        number = match[1]
        is_bare = is_question or text.strip() == number or text[: match.start()].endswith("(")
        if _NAMED_EC.match(match[0]) or (is_bare and number[0] in _CLASSES):
            yield Entity(ec_key(number), number)
            behind = match.end()
            while more := _MORE_ECS.match(text, behind):
                if more[1][0] in _CLASSES:
                    yield Entity(ec_key(more[1]), more[1])
                behind = more.end()


def _loci(text: str, context: str) -> Iterator[Entity]:
    for match in _LOCUS.finditer(text):
        prefix, _, rest = match[1].partition("_")
        is_other = prefix.lower() in _NO_LOCUS or _NO_LOCUS_FORM.fullmatch(prefix)
        if not is_other and len(rest) + len(prefix) > 5:
            yield Entity(locus_key(match[1]), match[1])
    around = f"{text} {context}".lower()
    for pattern, word in _OLD:
        if word in around:
            for match in pattern.finditer(text):
                yield Entity(locus_key(match[1]), match[1])
