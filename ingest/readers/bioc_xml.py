"""BioC XML: texts with annotations, as PubMed, PMC and text-mining groups share them.

    <collection><source>PubMed</source><document><id>1</id><passage>
    <infon key="type">title</infon><offset>0</offset><text>...</text></passage></document>

Kept: title, abstract, sections, ids and year of the infons, annotations as mentions. Dropped:
offsets, relations, references, tables. Read as a stream, one document at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.bioc import BioCDocument, BioCPassage, mention_of, paper_of_document
from ingest.errors import FormatError
from ingest.records import BadRecord, Publication
from ingest.xml_stream import elements, first_tag, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from ingest.bioc import Infons, Mention
    from ingest.readers.base import Kind, Source


class BiocXmlReader:
    """Publications from BioC XML."""

    name = "bioc_xml"
    kind: Kind = "literature"
    description = "BioC XML (PubMed, PMC, PubTator)"

    def sniff(self, head: str) -> bool:
        """Look for a collection of documents with passages."""
        return first_tag(head) == "collection" and "<document" in head and "<passage" in head

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per document, and a BadRecord where the XML is broken.

        Raises:
            FormatError: The XML is broken before the first document ends, or defines entities.
        """
        origin, read = "", 0
        for element in elements(handle, source, ("document", "source")):
            if isinstance(element, BadRecord):
                yield element
            elif element.tag == "source":
                origin = text_of(element)
            else:
                read += 1
                yield _publication(element, origin, source)
        if not read:
            hint = "BioC XML holds <document> elements"
            raise FormatError("no document was found", path_name=source.path_name, hint=hint)


def _publication(element: Element, origin: str, source: Source) -> Publication | BadRecord:
    document = BioCDocument(
        id=text_of(element.find("id")),
        infons=_infons(element),
        passages=[_passage(it) for it in element.iterfind("passage")],
        source=origin,
        mentions=_mentions(element),
    )
    try:
        return paper_of_document(document, source.provenance(BiocXmlReader.name))
    except ValueError as error:
        return BadRecord(source.path_name, 0, document.id[:80], f"the document has {error}")


def _passage(element: Element) -> BioCPassage:
    sentences = element.findall("sentence")
    texts = [text_of(it.find("text")) for it in sentences]
    mentions = [it for part in (element, *sentences) for it in _mentions(part)]
    return BioCPassage(_infons(element), text_of(element.find("text")) or " ".join(texts), mentions)


def _infons(element: Element) -> Infons:
    return {it.get("key", ""): text_of(it) for it in element.iterfind("infon")}


def _mentions(element: Element) -> list[Mention]:
    found = element.iterfind("annotation")
    return [mention_of(_infons(it), text_of(it.find("text"))) for it in found]
