"""TEI: full texts that GROBID reads off PDFs, and articles that journals publish in TEI.

    <TEI><teiHeader><fileDesc><titleStmt><title type="main">Starch</title></titleStmt>
    <sourceDesc><biblStruct><analytic><author><persName><surname>Doe</surname></persName></author>
    <text><body><div><head n="1">Introduction</head><p>Starch is ...</p></div></body></text></TEI>

Kept: title, abstract, authors, journal, year, ids, keywords, language, sections under the part of
IMRaD that they are, captions. Dropped: references, acknowledgements, formulae, cells of tables.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.imrad import is_back_matter, section_name
from ingest.paper_fields import first, paper_of
from ingest.records import BadRecord, Publication
from ingest.xml_stream import elements, first_tag, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from ingest.paper_fields import Fields
    from ingest.readers.base import Kind, Source

_HEADER: Final = "teiHeader/fileDesc"
_ABOUT: Final = f"{_HEADER}/sourceDesc/biblStruct"
#: Our field -> where it stands, in order of preference.
PATHS: Final = {
    "title": (
        *(f"{_ABOUT}/analytic/title[@type='main']", f"{_HEADER}/titleStmt/title"),
        f"{_ABOUT}/analytic/title",
    ),
    "journal": (f"{_ABOUT}/monogr/title[@level='j']", f"{_ABOUT}/monogr/title"),
    "keywords": ("teiHeader/profileDesc/textClass/keywords//term",),
    "license": (f"{_HEADER}/publicationStmt/availability",),
}
_DATES: Final = (f"{_ABOUT}/monogr/imprint/date", f"{_HEADER}/publicationStmt/date")
_IDS: Final = {"DOI": "doi", "PMID": "pmid", "PMCID": "pmcid", "PMC": "pmcid"}
_NO_TEXT: Final = frozenset({"formula", "table", "figure", "note", "head", "graphic"})
_LEVELS: Final = re.compile(r"\d+(?:\.\d+)*")


class TeiReader:
    """Full texts in TEI, as GROBID writes them."""

    name = "tei"
    kind: Kind = "literature"
    description = "TEI XML full text (GROBID)"

    def sniff(self, head: str) -> bool:
        """Look for TEI with a header."""
        return first_tag(head) in {"TEI", "teiCorpus", "TEI.2"} and "teiHeader" in head

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per TEI element; ``line`` counts them.

        Raises:
            FormatError: The XML is broken before the first text ends, or defines entities.
        """
        number = 0
        for number, element in enumerate(elements(handle, source, ("TEI", "TEI.2")), 1):
            if isinstance(element, BadRecord):
                yield element
            else:
                yield _publication(element, source, number)
        if not number:
            hint = "TEI holds a <TEI> element for each text"
            raise FormatError("no text was found", path_name=source.path_name, hint=hint)


def _publication(text: Element, source: Source, number: int) -> Publication | BadRecord:
    fields = _fields(text)
    sections = (*_sections(text), *_captions(text))
    try:
        return paper_of(fields, source.provenance(TeiReader.name, number), sections)
    except ValueError as error:
        own = first(fields, "doi")
        return BadRecord(source.path_name, number, own[:80], f"the text has {error}")


def _fields(text: Element) -> Fields:
    fields: Fields = {
        field: [text_of(it) for path in paths for it in text.iterfind(path)]
        for field, paths in PATHS.items()
    }
    dates = [it for path in _DATES for it in text.iterfind(path)]
    fields["year"] = [it.get("when") or text_of(it) for it in dates]
    fields["authors"] = [_person(it) for it in text.iterfind(f"{_ABOUT}/analytic/author/persName")]
    abstract = text.find("teiHeader/profileDesc/abstract")
    fields["abstract"] = [] if abstract is None else [" ".join(_paragraphs(abstract))]
    for it in [*text.iterfind(f"{_ABOUT}//idno"), *text.iterfind(f"{_HEADER}//idno")]:
        if field := _IDS.get(it.get("type", "").upper()):
            fields.setdefault(field, []).append(text_of(it))
    body = text.find("text")
    held = {} if body is None else dict(body.items())
    fields["language"] = [value for key, value in held.items() if key.endswith("lang")]
    return fields


def _person(name: Element) -> str:
    given = " ".join(filter(None, (text_of(it) for it in name.iterfind("forename"))))
    family = text_of(name.find("surname"))
    return f"{family}, {given}" if given and family else family or given


def _paragraphs(element: Element) -> list[str]:
    """Write each paragraph; GROBID can mark sentences, with no space between them."""
    found = []
    for paragraph in element.iter():
        if paragraph.tag not in {"p", "ab"}:
            continue
        parts = list(paragraph.iterfind("s")) or [paragraph]
        found.append(" ".join(filter(None, (text_of(it, _NO_TEXT) for it in parts))))
    return [it for it in found if it]


def _sections(text: Element) -> Iterator[tuple[str, str]]:
    """Yield the parts of the body; numbers of headings tell their levels."""
    headings: list[str] = []
    for part in _divisions(text):
        head = part.find("head")
        own = text_of(head)
        if own:
            number = _LEVELS.match("" if head is None else head.get("n", "") or own)
            level = number[0].count(".") if number else 0
            headings = [*headings[:level], own]
        if headings and is_back_matter(headings[0]):
            continue
        blocks = (child for child in part if child.tag not in _NO_TEXT | {"div"})
        paragraphs = [it for child in blocks for it in _paragraphs(child)]
        if paragraphs:
            yield section_name(headings) if headings else "Text", "\n\n".join(paragraphs)


def _divisions(text: Element) -> Iterator[Element]:
    """Yield the divisions of the body in order, those inside others too, not those of figures."""
    waiting = [*text.iterfind("text/body")]
    while waiting:
        element = waiting.pop()
        if element.tag == "div":
            yield element
        waiting += [it for it in reversed(element) if it.tag == "div"]


def _captions(text: Element) -> Iterator[tuple[str, str]]:
    for figure in text.iterfind("text//figure"):
        kind = "Table" if figure.get("type") == "table" else "Figure"
        described = text_of(figure.find("figDesc"))
        if described:
            yield f"{kind} {text_of(figure.find('label'))}".strip(), described
