"""Europe PMC's answers as XML: the same records as its JSON, one <result> a paper.

    <responseWrapper><resultList><result><id>3</id><pmid>3</pmid><title>Starch</title>
    <authorString>Smith J.</authorString><abstractText>...</abstractText></result>

Kept: the fields that are read of its JSON (``ingest.reference_objects``). Dropped: every other.
Read as a stream, one record at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingest.errors import FormatError
from ingest.records import BadRecord, Publication
from ingest.reference_objects import paper_of_object
from ingest.xml_stream import elements, first_tag

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from ingest.readers.base import Kind, Source

_MOST_DEPTH = 8


class EuropepmcXmlReader:
    """Publications from Europe PMC's XML."""

    name = "europepmc_xml"
    kind: Kind = "literature"
    description = "Europe PMC search results as XML"

    def sniff(self, head: str) -> bool:
        """Look for the wrapper of an answer."""
        return first_tag(head) == "responseWrapper"

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per result, and a BadRecord where the XML is broken.

        Raises:
            FormatError: The XML is broken before the first result ends, or defines entities.
        """
        number = 0
        for number, element in enumerate(elements(handle, source, ("result",)), 1):
            if isinstance(element, BadRecord):
                yield element
                continue
            record = _object(element, 0)
            try:
                yield paper_of_object(record, source.provenance(self.name, number))
            except ValueError as error:
                own = element.findtext("id") or f"result {number}"
                yield BadRecord(
                    source.path_name, number, own[:80], f"the result is not used: {error}"
                )
        if not number:
            hint = "Europe PMC's XML holds <result> elements"
            raise FormatError("no result was found", path_name=source.path_name, hint=hint)


def _object(element: Element, depth: int) -> Any:  # noqa: ANN401 - as JSON would hold it
    """Write an element as JSON has it: text, or its children by name, a list where one repeats."""
    if not len(element) or depth > _MOST_DEPTH:
        return "".join(element.itertext())
    found: dict[str, Any] = {}
    for child in element:
        name = child.tag.rpartition("}")[2]
        value = _object(child, depth + 1)
        is_listed = element.tag.endswith("List")
        if name in found:
            found[name] = [
                *(found[name] if isinstance(found[name], list) else [found[name]]),
                value,
            ]
        else:
            found[name] = [value] if is_listed else value
    return found
