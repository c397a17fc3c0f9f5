"""XML from outside, read as a stream: no entity definitions, no outside references.

Name spaces are dropped, and a broken element does not take the ones behind it along.

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

    from defusedxml.ElementTree import DefusedXMLParser

    from ingest.readers.base import Source

#: Characters that are kept behind the parser, to find where it stopped.
_KEPT: Final = 64 * 1024
_CHUNK: Final = 64 * 1024
_LONGEST_TAG: Final = 80
#: Stands around what is read behind a fault: XML has one root.
_ROOT: Final = "<resumed>"
_OWN_ID: Final = re.compile(r"<(?:PMID\b[^>]*|id|article-id\b[^>]*)>\s*([^<\s]+)")
#: Elements whose text does not touch what stands beside it.
_BLOCKS: Final = frozenset(
    {"p", "sec", "title", "label", "caption", "list", "list-item", "def-item", "term", "def", "td"}
    | {
        "th",
        "tr",
        "disp-quote",
        "disp-formula",
        "break",
        "br",
        "speech",
        "verse-line",
        "AbstractText",
    }
)
_NAMED: Final = {name.rstrip(";"): char for name, char in html5.items() if name.endswith(";")}


def elements(
    handle: TextIO, source: Source, tags: Collection[str]
) -> Iterator[Element | BadRecord]:
    """Yield each whole element of these tags that is in no other of them, then forget it.

    Where the XML is broken, a BadRecord is given, and reading goes on with the next element.

    Raises:
        FormatError: There is broken XML and no whole element, or the file defines entities.
    """
    from defusedxml.common import DefusedXmlException

    text = _Resumable(handle, tags)
    found = False
    try:
        while True:
            try:
                for element in text.elements():
                    found = True
                    yield element
            except ParseError as error:
                place = text.place_of_fault()
                goes_on = text.resume()
                # Downloads in batches are files behind each other: nothing is lost there.
                is_whole = goes_on and str(error).startswith("junk after document element")
                if (goes_on or text.is_cut) and not is_whole:
                    reason = f"the XML is broken or cut short: {str(error).split(':', 1)[0]}"
                    if not (found or goes_on):
                        hint = "Download the file again"
                        raise FormatError(
                            reason, path_name=source.path_name, line=place[0], hint=hint
                        ) from error
                    yield BadRecord(source.path_name, *place, reason)
                if goes_on:
                    continue
            return
    except (DefusedXmlException, ValueError) as error:
        hint = "Files of literature need no entities of their own; download the file again"
        message = f"the XML is refused: {type(error).__name__}"
        raise FormatError(message, path_name=source.path_name, hint=hint) from error


class _Resumable:
    """Text that is parsed as XML, and again from the next wanted element where it is broken."""

    def __init__(self, handle: TextIO, tags: Collection[str]) -> None:
        self._handle = handle
        self._tags = tags
        self._start = re.compile(rf"<(?:\w+:)?(?:{'|'.join(map(re.escape, tags))})(?=[\s>/])")
        self._waiting = ""  # read, and not given to the parser yet
        self._kept = ""  # the end of what the parser got
        self._kept_from = 0  # bytes that it got before that
        self._kept_line = 1
        self._resumed = False
        self._inside = 0
        self._parser: DefusedXMLParser | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the fault is one of the file, not only the end of a part of it."""
        return self._inside > 0 or not self._resumed

    def read(self, size: int = _CHUNK, /) -> str:
        """Give the parser its next characters."""
        chunk = self._waiting[:size] or self._handle.read(size)
        self._waiting = self._waiting[size:]
        self._kept += chunk
        surplus = len(self._kept) - _KEPT
        if surplus > 0:
            dropped, self._kept = self._kept[:surplus], self._kept[surplus:]
            self._kept_from += len(dropped.encode("utf-8", "surrogatepass"))
            self._kept_line += dropped.count("\n")
        return chunk

    def elements(self) -> Iterator[Element]:
        """Parse on and yield wanted elements."""
        from xml.etree.ElementTree import TreeBuilder

        from defusedxml.ElementTree import DefusedXMLParser, iterparse

        self._parser = DefusedXMLParser(
            target=TreeBuilder(), forbid_dtd=False, forbid_entities=True, forbid_external=True
        )
        self._parser.entity.update(_NAMED)
        self._inside = 0
        above: list[Element] = []
        for event, element in iterparse(self, events=("start", "end"), parser=self._parser):
            tag = element.tag.rpartition("}")[2]
            if event == "start":
                above.append(element)
                self._inside += tag in self._tags
                continue
            above.pop()
            element.tag = tag
            if tag in self._tags:
                self._inside -= 1
                if not self._inside:
                    yield element
            if not self._inside and above:
                above[-1].remove(element)

    def place_of_fault(self) -> tuple[int, str]:
        """Return the line of the fault and the id of the record that it is in, if it has one."""
        before = self._kept[: self._fault()]
        starts = [match.start() for match in self._start.finditer(before)]
        own = _OWN_ID.search(before, starts[-1] if starts else 0)
        return self._kept_line + before.count("\n"), own.group(1)[:80] if own else ""

    def _fault(self) -> int:
        """Return where in ``_kept`` the parser stopped."""
        assert self._parser is not None
        given = self._kept.encode("utf-8", "surrogatepass")
        behind = max(0, self._parser.parser.ErrorByteIndex - self._kept_from)
        return len(given[:behind].decode("utf-8", "ignore"))

    def resume(self) -> bool:
        """Go to the next wanted element behind the fault; tell whether there is one."""
        fault = self._fault()
        line = self._kept_line + self._kept.count("\n", 0, fault)
        rest = self._kept[fault:] + self._waiting
        start = 1  # beyond the fault itself
        while not (match := self._start.search(rest, start)):
            more = self._handle.read(_CHUNK)
            if not more:
                return False
            keep = max(start, len(rest) - _LONGEST_TAG)
            line += rest.count("\n", 0, keep)
            rest, start = rest[keep:] + more, 0
        self._kept_line = line + rest.count("\n", 0, match.start())
        self._waiting = _ROOT + rest[match.start() :]
        self._kept, self._kept_from = "", 0
        self._resumed = True
        return True


def first_tag(head: str) -> str:
    """Return the name of the first element of a text that is XML, without its name space."""
    if not head.lstrip().startswith("<"):
        return ""
    plain = re.sub(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", "", head, flags=re.DOTALL)
    found = re.search(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)", plain)
    return found.group(1) if found else ""


def text_of(element: Element | None, dropped: Collection[str] = ()) -> str:
    """Return the text of an element and of the markup inside it, with single spaces."""
    if element is None or element.tag in dropped:
        return ""
    if not len(element):
        return " ".join((element.text or "").split())
    return " ".join("".join(_texts(element, dropped)).split())


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
        is_block = item.tag in _BLOCKS
        if is_block:
            yield " "
        if item.tag not in dropped:
            if is_block:
                waiting.append(" ")
            waiting += reversed(item)
            if item.text:
                waiting.append(item.text)
