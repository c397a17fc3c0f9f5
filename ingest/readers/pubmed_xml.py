"""PubMed XML: a PubmedArticleSet, as from the baseline, daily updates or efetch.

    <PubmedArticle><MedlineCitation><PMID Version="1">1</PMID><Article>
    <ArticleTitle>...</ArticleTitle><Abstract><AbstractText Label="AIM">...</AbstractText>

Kept: title and abstract as plain text (labels kept), authors, journal, year, DOI, PMCID,
keywords and MeSH headings, publication types, retraction. Dropped: references, grants, books.
Read as a stream; entities and outside references are refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from ingest.errors import FormatError
from ingest.records import BadRecord, Publication

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from ingest.readers.base import Kind, Source

_RETRACTED: Final = "Retracted Publication"
_YEAR: Final = re.compile(r"\d{4}")
#: Labels that say nothing.
_NO_LABEL: Final = frozenset({"", "UNLABELLED"})


class PubmedXmlReader:
    """Publications from PubMed's own XML."""

    name = "pubmed_xml"
    kind: Kind = "literature"
    description = "PubMed XML (baseline, update files, efetch)"

    def sniff(self, head: str) -> bool:
        """Look for XML whose first element is PubMed's."""
        if not head.lstrip().startswith("<"):
            return False
        first = re.search(r"<([A-Za-z][\w.-]*)", head)
        return first is not None and first.group(1) in {"PubmedArticleSet", "PubmedArticle"}

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per article; broken XML ends the file with a BadRecord.

        Raises:
            FormatError: The XML is broken before the first article, or defines entities.
        """
        seen: set[str] = set()
        found = False
        for item in _articles(handle, source):
            found = found or isinstance(item, Publication)
            if isinstance(item, BadRecord) and not found:
                hint = "Download the file again"
                raise FormatError(
                    item.reason, path_name=source.path_name, line=item.line, hint=hint
                )
            if isinstance(item, Publication) and item.pmid in seen:
                reason = "the PMID occurs twice (another version); the first is kept"
                yield BadRecord(source.path_name, 0, item.source_id, reason)
                continue
            if isinstance(item, Publication):
                seen.add(item.pmid)
            yield item


def _articles(handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    root: Element | None = None
    left_out = {"DeleteCitation": 0, "PubmedBookArticle": 0}
    try:
        for event, element in iterparse(handle, events=("start", "end")):
            root = element if root is None else root
            if event == "start":
                continue
            if element.tag == "PubmedArticle":
                yield _publication(element, source)
            elif element.tag in left_out:
                left_out[element.tag] += max(1, len(element.findall("PMID")))
            if element.tag == "PubmedArticle" or element.tag in left_out:
                root.clear()
    except ParseError as error:
        line, _ = error.position
        reason = f"the XML is broken or cut short: {error}"
        yield BadRecord(source.path_name, line, "", reason)
    except (DefusedXmlException, ValueError) as error:
        hint = "PubMed's own files define no entities; download the file again"
        message = f"the XML is refused: {type(error).__name__}"
        raise FormatError(message, path_name=source.path_name, hint=hint) from error
    for tag, count in left_out.items():
        if count:
            source.warnings.append(f"{count} entries of {tag} were left out")


def _publication(article: Element, source: Source) -> Publication | BadRecord:
    pmid = _text(article.find("MedlineCitation/PMID"))
    if not pmid.isdigit():
        return BadRecord(source.path_name, 0, pmid, "the article has no PMID")
    title = _text(article.find("MedlineCitation/Article/ArticleTitle")) or _text(
        article.find("MedlineCitation/Article/VernacularTitle")
    )
    abstract = " ".join(filter(None, map(_labelled, article.iterfind(_ABSTRACT))))
    if not title and not abstract:
        return BadRecord(source.path_name, 0, pmid, "the article has neither title nor abstract")
    types = tuple(_texts(article, "MedlineCitation/Article/PublicationTypeList/PublicationType"))
    links = article.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections")
    keywords = [
        *_texts(article, "MedlineCitation/KeywordList/Keyword"),
        *_texts(article, "MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName"),
    ]
    return Publication(
        source_id=pmid,
        title=title,
        abstract=abstract,
        authors=tuple(filter(None, map(_author, article.iterfind(_AUTHOR)))),
        journal=_text(article.find("MedlineCitation/Article/Journal/Title")),
        year=_year(article),
        pmid=pmid,
        pmcid=_article_id(article, "pmc"),
        doi=_doi(article),
        keywords=tuple(dict.fromkeys(keywords)),
        publication_types=types,
        is_retracted=_RETRACTED in types
        or any(link.get("RefType") == "RetractionIn" for link in links),
        provenance=source.provenance(PubmedXmlReader.name),
    )


_ABSTRACT: Final = "MedlineCitation/Article/Abstract/AbstractText"
_AUTHOR: Final = "MedlineCitation/Article/AuthorList/Author"


def _text(element: Element | None) -> str:
    """The text of an element and of the markup inside it, with single spaces."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _texts(article: Element, path: str) -> list[str]:
    return [text for element in article.iterfind(path) if (text := _text(element))]


def _labelled(part: Element) -> str:
    label, text = part.get("Label", "").strip(), _text(part)
    return f"{label}: {text}" if text and label.upper() not in _NO_LABEL else text


def _author(author: Element) -> str:
    last, initials = _text(author.find("LastName")), _text(author.find("Initials"))
    return f"{last} {initials}".strip() or _text(author.find("CollectiveName"))


def _year(article: Element) -> str:
    issue = "MedlineCitation/Article/Journal/JournalIssue/PubDate/"
    places = (issue + "Year", issue + "MedlineDate", "MedlineCitation/Article/ArticleDate/Year")
    found = (_YEAR.search(_text(article.find(place))) for place in places)
    return next((match.group() for match in found if match), "")


def _article_id(article: Element, kind: str) -> str:
    return _text(article.find(f"PubmedData/ArticleIdList/ArticleId[@IdType='{kind}']"))


def _doi(article: Element) -> str:
    places = article.iterfind("MedlineCitation/Article/ELocationID[@EIdType='doi']")
    valid = (_text(place) for place in places if place.get("ValidYN", "Y") == "Y")
    return _article_id(article, "doi") or next(valid, "")
