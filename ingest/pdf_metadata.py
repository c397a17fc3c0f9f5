"""What a PDF says of itself: its list of properties, and the XMP packet that publishers add.

    <rdf:Description><prism:doi>10.1/x</prism:doi><dc:creator><rdf:Seq><rdf:li>Jane Doe</rdf:li>

XMP is written as text or as attributes; both are read, by names without their name space.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.paper_ids import normal_doi
from ingest.xml_stream import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

    from pypdf import PdfReader

#: Bytes of a packet that are read: some hold pictures.
_MOST_BYTES: Final = 1_000_000
#: Properties -> names in XMP for the same.
_NAMES: Final = {
    "/DOI": ("doi", "DOI", "WPS-ARTICLEDOI", "identifier"),
    "/Title": ("title",),
    "/Author": ("creator",),
}
_DOI_KEYS: Final = ("/doi", "/DOI", "/WPS-ARTICLEDOI", "/Subject", "/Title")


def properties_of(document: PdfReader) -> dict[str, str]:
    """Return the properties of a document, gaps filled from its XMP packet."""
    try:
        known = {key: str(value) for key, value in (document.metadata or {}).items() if value}
    except Exception:  # noqa: BLE001 - a damaged property can raise anything; the text is read
        known = {}
    packet = _packet(document)
    for key, names in _NAMES.items():
        values = [value for name in names for value in packet.get(name, ())]
        if key == "/DOI":
            values = [doi for value in values if (doi := normal_doi(value))][:1]
        if values and not known.get(key, "").strip():
            known[key] = "; ".join(values)
    return known


def doi_of(known: Mapping[str, str]) -> str:
    """Find a DOI among the properties; "" where there is none."""
    return next((doi for key in _DOI_KEYS if (doi := normal_doi(known.get(key, "")))), "")


def _packet(document: PdfReader) -> dict[str, list[str]]:
    """Read the XMP packet as names and their values; one that cannot be read is left out."""
    from defusedxml.ElementTree import fromstring

    try:
        stream = document.trailer["/Root"]["/Metadata"].get_object()  # type: ignore[index]  # PDF objects are untyped
        found: dict[str, list[str]] = {}
        for name, value in _values(fromstring(stream.get_data()[:_MOST_BYTES])):
            found.setdefault(name, []).append(value)
    except Exception:  # noqa: BLE001 - damage in what is only an extra can raise anything
        return {}
    return found


def _values(packet: Element) -> Iterator[tuple[str, str]]:
    for element in packet.iter():
        name = element.tag.rpartition("}")[2]
        if name == "Description":
            for key, value in element.attrib.items():
                yield key.rpartition("}")[2], value
        items = [text_of(it) for it in element.iter() if it.tag.endswith("}li")]
        texts = items or ([text_of(element)] if not len(element) else [])
        for text in texts:
            if text:
                yield name, text
