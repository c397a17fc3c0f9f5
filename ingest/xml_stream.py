"""XML from outside, read as a stream: no entity definitions, no outside references, no name spaces.

Names that HTML gives to characters (``&alpha;``) are known, since old full texts use them without
bringing their DTD.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from ingest.errors import FormatError
from ingest.records import BadRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from ingest.readers.base import Source

_NAMED: Final = {name.rstrip(";"): char for name, char in html5.items() if name.endswith(";")}


def elements(
    handle: TextIO, source: Source, tags: Collection[str]
) -> Iterator[Element | BadRecord]:
    """Yield each whole element of these tags that is in no other of them, then forget it.

    XML that breaks off later gives a BadRecord at its line, as the last item.

    Raises:
        FormatError: The XML is broken before the first such element, or defines entities.
    """
    from defusedxml.common import DefusedXmlException

    found = False
    try:
        for element in _whole(handle, tags):
            found = True
            yield element
    except ParseError as error:
        line, _ = error.position
        reason = f"the XML is broken or cut short: {error}"
        if not found:
            hint = "Download the file again"
            raise FormatError(reason, path_name=source.path_name, line=line, hint=hint) from error
        yield BadRecord(source.path_name, line, "", reason)
    except (DefusedXmlException, ValueError) as error:
        hint = "Files of literature need no entities of their own; download the file again"
        message = f"the XML is refused: {type(error).__name__}"
        raise FormatError(message, path_name=source.path_name, hint=hint) from error


def _whole(handle: TextIO, tags: Collection[str]) -> Iterator[Element]:
    from xml.etree.ElementTree import TreeBuilder

    from defusedxml.ElementTree import DefusedXMLParser, iterparse

    parser = DefusedXMLParser(
        target=TreeBuilder(), forbid_dtd=False, forbid_entities=True, forbid_external=True
    )
    parser.entity.update(_NAMED)
    open_elements: list[Element] = []
    inside = 0
    for event, element in iterparse(handle, events=("start", "end"), parser=parser):
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            open_elements.append(element)
            inside += tag in tags
            continue
        open_elements.pop()
        element.tag = tag
        if element.tag not in tags:
            if not inside and open_elements:
                open_elements[-1].remove(element)
            continue
        inside -= 1
        if not inside:
            yield element
            if open_elements:
                open_elements[-1].remove(element)


def first_tag(head: str) -> str:
    """Return the name of the first element of a text that is XML, without its name space."""
    if not head.lstrip().startswith("<"):
        return ""
    plain = re.sub(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", "", head, flags=re.DOTALL)
    found = re.search(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", plain)
    return found.group(1) if found else ""


def text_of(element: Element | None, dropped: Collection[str] = ()) -> str:
    """Return the text of an element and of the markup inside it, with single spaces."""
    if element is None:
        return ""
    parts = element.itertext() if not dropped else _texts(element, dropped)
    return " ".join("".join(parts).split())


def _texts(element: Element, dropped: Collection[str]) -> Iterator[str]:
    # No recursion: markup can be nested more deeply than Python lets functions be.
    waiting: list[Element | str] = [element]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
            continue
        if item is not element and item.tail:
            waiting.append(item.tail)
        if item.tag not in dropped:
            waiting += reversed(item)
            if item.text:
                waiting.append(item.text)
