"""Headings of full texts: which part of IMRaD they are, and which are no text of the paper.

IMRaD: introduction, methods, results and discussion, the order of most papers of the field.
"""

from __future__ import annotations

import re
from typing import Final

#: Words of a heading -> the part that it is; the first rule that fits counts.
_PARTS: Final = {
    "Results and discussion": (
        r"results? (?:and|&|/) (?:general )?discussions?",
        r"findings and discussion",
        r"resultados [ye] discusi[oó]n|resultados e discuss[aã]o|r[eé]sultats et discussion",
        r"ergebnisse und diskussion",
    ),
    "Discussion": (
        r"(?:discussion|results?|summary) (?:and|&|/) (?:\w+ )?(?:conclusions?|outlook|summary)",
        r"discussions?\b.*|general discussion|limitations?\b.*|(?:study )?limitations?|comment",
        r"interpretation|discusi[oó]n(?: y conclusiones)?|discuss[aã]o|diskussion",
    ),
    "Appendix": (r"supplement\w*|supporting information|additional files?|appendi(?:x|ces)\b.*",),
    "Methods": (
        r".*\b(?:materials?|subjects|patients|participants|animals) (?:and|&) methods?\b.*",
        r"methods?\b.*|(?:star\W{0,2}|online |computational |statistical |detailed )?methods?",
        r"methodology|.*\bmethods? and materials?\b.*|statistical analys[ie]s",
        r"m[eé]todos|materiale?s [ye] m[eé]todos|m[eé]thodes|mat[eé]riels? et m[eé]thodes|methoden",
        r"material und methoden|metodolog[ií]a",
        r"(?:\w+ )?experimental(?: (?:section|procedures?|methods?|design))?",
        r"procedures?|study design|patients",
    ),
    "Introduction": (
        r"introductions?\b.*|intro|background(?: (?:and|&) .*)?",
        r"rationale|aims?(?: of .*)?|objectives?|purpose",
        r"introducci[oó]n|introdu[cç][aã]o|einleitung|antecedentes",
    ),
    "Results": (
        r"results?\b.*|.*\b(?:and|&) results|findings|observations",
        r"case (?:reports?|presentations?)|resultados|r[eé]sultats|ergebnisse|risultati",
    ),
    "Conclusions": (
        r"conclusions?\b.*|concluding remarks?|summary|outlook|perspectives?",
        r"take[- ]home message|significance|conclusi(?:o|ó)n(?:es)?|conclus(?:ão|ao|ões|oes)",
        r"schlussfolgerung(?:en)?",
        r"(?:summary|future) (?:and|&|directions?|perspectives?).*",
    ),
}
_RULES: Final = tuple(
    (re.compile("|".join(rules), re.IGNORECASE), part) for part, rules in _PARTS.items()
)
#: Headings whose text is about the paper, its authors or its money, not about the matter.
_BACK_MATTER: Final = re.compile(
    "|".join(
        (
            r"(?:(?:statements?|declarations?) (?:of|on) |potential |financial )?"
            r"(?:(?:competing|conflicting|competing financial) interests?"
            r"|conflicts?[ -]of[ -]interests?|disclosures?)\b.*|authors?['’]? disclosures?",
            r"(?:declarations? of )?interests?",
            r"author(?:s|ship)?(?:['’]s?|s['’])? ?(?:and contributors? )?"
            r"(?:contributions?|information|details|note|affiliations?|roles).*",
            r"credit\b.*|contributors?(?:hip)?\b.*|guarantor|dedication",
            r"funding\b.*|financial support|sources? of funding|grants?|acknowledge?ments?\b.*",
            r"orcid(?: ids?)?|peer review information|reporting summary|notes on contributors?",
            r"pre-?publication history|publisher[’']?s note|provenance and peer review",
            r"(?:peer )?review(?:er)?s? (?:reports?|comments)|open access|transparency.*",
            r"(?:ethic(?:s|al)|institutional review board|(?:informed |patient )?consent)\b.*",
            r"(?:data|code|software|materials?)\b[\w ,/&]*"
            r"\b(?:availability|access(?:ibility)?|sharing|deposition)\b.*",
            r"availability of .*|supplement(?:al|ary)\b.*|electronic supplementary material",
            r"supporting information\b.*|additional (?:files?|information)",
            r"(?:list of )?abbreviations?\b.*|keywords?|declarations?",
            r"references?|literature cited|bibliography|further reading|footnotes?|cited articles",
            r"(?:notes and )?references(?: and notes)?|referencias(?: bibliogr[aá]ficas)?",
            r"refer[eê]ncias(?: bibliogr[aá]ficas)?|r[eé]f[eé]rences(?: bibliographiques)?",
            r"literatur(?:verzeichnis)?|bibliograf[ií]a|bibliographie|danksagung",
            r"agradecimientos?|agradecimentos|remerciements",
            r"rights and permissions|copyright\b.*|licen[cs]e\b.*",
            r"article (?:information|history|notes?)",
        )
    ),
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"^(?:section\s+)?(?:\(?(?:\d+(?:\.\d+)*|[IVX]{1,4})[.):]?\s+(?:\|\s+)?)", re.IGNORECASE
)
#: ``sec-type`` of JATS and ``section_type`` of PMC's BioC.
SECTION_TYPES: Final = {
    "intro": "Introduction", "introduction": "Introduction", "background": "Introduction",
    "methods": "Methods", "materials": "Methods", "materials|methods": "Methods",
    "materials and methods": "Methods", "subjects": "Methods",
    "results": "Results", "cases": "Results", "case": "Results",
    "results|discussion": "Results and discussion",
    "discussion": "Discussion", "discuss": "Discussion",
    "discussion|conclusions": "Discussion",
    "conclusions": "Conclusions", "conclusion": "Conclusions", "concl": "Conclusions",
    "appendix": "Appendix",
}  # fmt: skip
_DROPPED_TYPES: Final = frozenset(
    {"supplementary-material", "suppl", "coi-statement", "comp_int", "auth_cont", "ack_fund"}
    | {"ref", "abbr", "data-availability", "ethics-statement", "funding-information", "ack"}
    | {"review_info", "keyword", "supported-by", "author-contributions", "display-objects"}
    | {"conflict"}
)


def plain_heading(heading: str) -> str:
    """Write a heading without its number and the marks around it."""
    return _NUMBER.sub("", heading.strip()).strip(" .:*#_★")


def part_of(heading: str, section_type: str = "") -> str:
    """Name the part of IMRaD that a heading of the first level is; "" for others."""
    plain = plain_heading(heading)
    by_heading = next((part for rule, part in _RULES if rule.fullmatch(plain)), "")
    return by_heading or SECTION_TYPES.get(section_type.lower(), "")


def is_back_matter(heading: str, section_type: str = "") -> bool:
    """Tell whether a section says nothing of the matter: interests, contributions, money."""
    if section_type.lower() in _DROPPED_TYPES:
        return True
    return _BACK_MATTER.fullmatch(plain_heading(heading)) is not None


def section_name(headings: list[str], section_type: str = "") -> str:
    """Name a section by its headings, from the first level on: ``Methods > Strains``.

    The first is replaced by the part of IMRaD that it is, and kept behind it if it says more.
    """
    plain = [it for heading in headings if (it := plain_heading(heading))]
    part = part_of(headings[0], section_type) if headings else ""
    if not part:
        return " > ".join(plain) or "Text"
    if plain and _says_more(plain[0], part):
        return " > ".join([part, *plain])
    return " > ".join([part, *plain[1:]])


def _says_more(heading: str, part: str) -> bool:
    """Tell whether a heading has words that its part and usual synonyms have not."""
    words = set(re.findall(r"[a-z]+", heading.lower()))
    return bool(words - _USUAL - set(part.lower().split()))


#: Words of headings that say no more than the part does.
_USUAL: Final = frozenset(
    {"introduction", "background", "method", "methods", "material", "materials", "and", "result"}
    | {"results", "discussion", "discussions", "conclusion", "conclusions", "general", "of", "the"}
    | {"experimental", "section", "procedures", "procedure", "findings", "concluding", "remarks"}
    | {"summary", "star", "methodology", "appendix", "intro"}
)
