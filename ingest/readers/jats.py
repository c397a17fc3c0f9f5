"""JATS: the full text of an article, as PMC, publishers and Europe PMC give it.

    <article article-type="research-article"><front><article-meta><title-group>...
    <body><sec sec-type="methods"><title>Methods</title><p>Cells were grown ...</p></sec></body>

Kept: title, abstract, sections under the part of IMRaD that they are, captions of figures and
tables, appendices, authors, journal, year, ids, keywords, licence, links to corrected or retracted
papers. Dropped: references, interests, contributions, funding, supplements, cells of tables,
formulae in TeX, letters of reviewers. Files with many articles (PMC's bulk and OAI) are streamed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.imrad import is_back_matter, part_of, section_name
from ingest.paper_fields import paper_of
from ingest.paper_ids import normal_doi
from ingest.records import BadRecord, Publication
from ingest.xml_stream import elements, first_tag, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from ingest.paper_fields import Fields
    from ingest.readers.base import Kind, Source

#: Roots of single articles, of PMC's article sets and of its OAI answers.
_ROOTS: Final = frozenset({"article", "pmc-articleset", "articles", "OAI-PMH"})
#: What is no running text, wherever it stands.
_NO_TEXT: Final = frozenset(
    {"tex-math", "fn", "table", "graphic", "media", "object-id", "ref-list", "sub-article"}
    | {"response", "supplementary-material", "alternatives-label"}
)
#: Blocks that are sections of their own, under their label.
_CAPTIONED: Final = {"fig": "Figure", "table-wrap": "Table", "boxed-text": "Box"}
#: ``abstract-type`` of texts that stand beside the abstract.
_ABSTRACT_OF_PAPER: Final = frozenset({"", "section", "structured", "abstract", "main"})
_LINKS: Final = {
    "retracted-article": "RetractionOf",
    "retraction-forward": "RetractionIn",
    "corrected-article": "ErratumFor",
    "correction-forward": "ErratumIn",
    "object-of-concern": "ExpressionOfConcernFor",
    "expression-of-concern": "ExpressionOfConcernIn",
    "preprint": "UpdateOf",
    "updated-article": "UpdateOf",
    "article-version": "UpdateIn",
}
#: Kinds of dates that come before and behind all others.
_DATES: Final = {"collection": 0, "ppub": 0, "epub-ppub": 0, "issue": 0} | dict.fromkeys(
    ("pmc-release", "nihms-submitted", "preprint", "retracted", "corrected"), 2
)
#: Names of a person; a group's members are named inside it.
_PERSON: Final = frozenset({"name", "name-alternatives", "string-name"})
_MOST_DEPTH: Final = 8  # levels of sections; deeper ones are read with their parent


class JatsReader:
    """Full texts in JATS (and its forerunner, NLM's journal tag set)."""

    name = "jats"
    kind: Kind = "literature"
    description = "JATS / NLM XML full text (PMC, publishers)"

    def sniff(self, head: str) -> bool:
        """Look for an article with journal or article metadata near its start."""
        if first_tag(head) not in _ROOTS:
            return False
        return any(
            f"<{tag}" in head or f":{tag}" in head for tag in ("article-meta", "front", "body")
        )

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per article, and a BadRecord where the XML is broken.

        Raises:
            FormatError: The XML is broken before the first article ends, or defines entities.
        """
        read = 0
        for element in elements(handle, source, ("article",)):
            read += 1
            yield element if isinstance(element, BadRecord) else _publication(element, source)
        if not read:
            hint = "Full texts in JATS have an <article> element; ask for XML, not for HTML"
            raise FormatError("no article was found", path_name=source.path_name, hint=hint)


def _publication(article: Element, source: Source) -> Publication | BadRecord:
    meta = article.find("front/article-meta")
    meta = article.find("front") if meta is None else meta
    if meta is None:
        return BadRecord(source.path_name, 0, "", "the article has no metadata (<front>)")
    fields = _fields(article, meta)
    main, others = _abstracts(meta)
    fields["abstract"] = [main]
    try:
        sections = (*_sections(article), *_captions(article))
        paper = paper_of(fields, source.provenance(JatsReader.name), sections)
    except ValueError as error:
        own = (fields["pmid"] + fields["doi"] + [""])[0]
        return BadRecord(source.path_name, 0, own, f"the article has {error}")
    links = tuple(dict.fromkeys(_links(article, meta)))
    return replace(
        paper,
        links=links,
        other_abstracts=others,
        is_retracted=paper.is_retracted or any(kind == "RetractionIn" for kind, _ in links),
        has_concern=any(kind == "ExpressionOfConcernIn" for kind, _ in links),
    )


def _fields(article: Element, meta: Element) -> Fields:
    ids: Fields = {}
    for it in meta.iterfind("article-id"):
        ids.setdefault(it.get("pub-id-type", ""), []).append(text_of(it))
    dropped = {"xref", "fn"}
    language = next((value for key, value in article.items() if key.endswith("lang")), "")
    return {
        "title": [_title(it, dropped) for it in meta.iterfind("title-group")],
        "authors": [_author(it) for it in meta.iterfind("contrib-group/contrib")],
        "journal": [
            text_of(it)
            for path in ("journal-title-group/journal-title", "journal-title")
            for it in article.iterfind(f"front/journal-meta/{path}")
        ],
        "year": _years(meta),
        "pmid": ids.get("pmid", []),
        "pmcid": [*ids.get("pmcid", []), *ids.get("pmc", []), *ids.get("pmcaid", [])],
        "doi": ids.get("doi", []),
        "keywords": [text_of(it) for it in meta.iterfind("kwd-group//kwd")],
        "types": [article.get("article-type", "").replace("-", " ")],
        "language": [language],
        "license": [text_of(it) for it in meta.iterfind("permissions/license")]
        + [text_of(it) for it in meta.iterfind("permissions/copyright-statement")],
    }


def _title(group: Element, dropped: set[str]) -> str:
    """Join title and subtitle as PubMed does."""
    parts = [text_of(group.find(tag), dropped) for tag in ("article-title", "subtitle")]
    return ": ".join(part for part in (parts[0].rstrip(": "), parts[1]) if part)


def _author(contrib: Element) -> str:
    if contrib.get("contrib-type", "author") != "author":
        return ""
    collab = contrib.find("collab")
    collab = contrib.find("collab-alternatives/collab") if collab is None else collab
    if collab is not None and not _PERSON & {child.tag for child in contrib}:
        return text_of(collab, {"contrib-group", "xref", "aff", "institution-id"})
    family = text_of(contrib.find(".//surname"))
    given = text_of(contrib.find(".//given-names"))
    if family:
        return f"{family}, {given}" if given else family
    return text_of(contrib.find("string-name"), {"xref"})


def _years(meta: Element) -> list[str]:
    """List years, that of the issue first, as PubMed does, and that of an archive's copy last."""
    dates = [it for it in meta.iterfind("pub-date") if it.find("year") is not None]
    dates.sort(key=lambda it: _DATES.get(it.get("pub-type", it.get("date-type", "")), 1))
    return [text_of(it.find("year")) for it in dates]


def _abstracts(meta: Element) -> tuple[str, tuple[tuple[str, str], ...]]:
    main, others = "", []
    for abstract in [*meta.iterfind("abstract"), *meta.iterfind("trans-abstract")]:
        kind = abstract.get("abstract-type", "")
        is_main = abstract.tag == "abstract" and kind in _ABSTRACT_OF_PAPER and not main
        text = _abstract(abstract)
        if is_main:
            main = text
        elif text:
            language = next((value for key, value in abstract.items() if key.endswith("lang")), "")
            others.append((kind or language or abstract.tag, text))
    return main, tuple(others)


def _abstract(abstract: Element) -> str:
    parts = []
    for child in abstract:
        title, text = text_of(child.find("title")), text_of(child, _NO_TEXT | {"title"})
        if child.tag == "title" or not text:
            continue
        # Labels in capitals and a colon, as PubMed writes them.
        parts.append(f"{title.rstrip('.: ').upper()}: {text}" if title else text)
    return " ".join(parts)


def _sections(article: Element) -> Iterator[tuple[str, str]]:
    body = article.find("body")
    if body is not None:
        lead = _blocks(body)
        if lead:
            yield ("Introduction" if _has_parts(body) else "Text"), lead
        for section in body.iterfind("sec"):
            yield from _section(section, [], section.get("sec-type", ""))
    for appendix in article.iterfind("back//app"):
        title = text_of(appendix.find("title"), {"xref", "fn"}) or text_of(appendix.find("label"))
        headings = (
            ["Appendix", title] if title and part_of(title) != "Appendix" else [title or "Appendix"]
        )
        yield from _section(appendix, headings, "appendix")


def _has_parts(body: Element) -> bool:
    """Tell whether text before the first heading is followed by parts of IMRaD."""
    titles = [text_of(it.find("title")) for it in body.iterfind("sec")]
    return any(part_of(title) in {"Methods", "Results", "Discussion"} for title in titles)


def _section(section: Element, above: list[str], section_type: str) -> Iterator[tuple[str, str]]:
    own = text_of(section.find("title"), {"xref", "fn"})
    headings = above if section.tag == "app" else [*above, own]
    if section.tag == "sec" and is_back_matter(own, section.get("sec-type", "")):
        return
    is_deepest = len(headings) >= _MOST_DEPTH
    text = (
        text_of(section, _NO_TEXT | _CAPTIONED.keys() | {"title"})
        if is_deepest
        else _blocks(section)
    )
    if text:
        yield section_name(headings, section_type), text
    if not is_deepest:
        for child in section.iterfind("sec"):
            yield from _section(child, headings, section_type)


def _blocks(element: Element) -> str:
    """Join the paragraphs and lists of a section, without its subsections and captions."""
    skipped = {"sec", "title", "label", *_CAPTIONED, *_NO_TEXT}
    texts = (
        text_of(child, _NO_TEXT | _CAPTIONED.keys())
        for child in element
        if child.tag not in skipped
    )
    return "\n\n".join(text for text in texts if text)


def _captions(article: Element) -> Iterator[tuple[str, str]]:
    """Yield the captions of figures and tables, in the order of the text."""
    number = dict.fromkeys(_CAPTIONED, 0)
    places = [
        it
        for tag in ("body", "back", "floats-group", "floats-wrap")
        for it in article.iterfind(tag)
    ]
    for element in (it for place in places for it in place.iter()):
        if element.tag not in _CAPTIONED:
            continue
        number[element.tag] += 1
        label = text_of(element.find("label")).rstrip(".: ")
        text = _caption(element)
        if text:
            yield label or f"{_CAPTIONED[element.tag]} {number[element.tag]}", text


def _caption(element: Element) -> str:
    if element.tag == "boxed-text":
        title = text_of(element.find("caption/title")) or text_of(element.find("title"))
        rest = text_of(element, _NO_TEXT | {"label", "caption", "title"})
        return " ".join(part for part in (title and f"{title.rstrip('.')}.", rest) if part)
    caption = element.find("caption")
    if caption is None:
        return ""
    parts = [text_of(child, _NO_TEXT) for child in caption] or [text_of(caption, _NO_TEXT)]
    return " ".join(
        part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part
    )


def _links(article: Element, meta: Element) -> Iterator[tuple[str, str]]:
    for link in [*meta.iterfind("related-article"), *article.iterfind("front/related-article")]:
        relation = _LINKS.get(link.get("related-article-type", ""))
        target = next((value for key, value in link.items() if key.endswith("href")), "")
        kind = link.get("ext-link-type", "doi")
        if relation and kind in {"pmid", "pubmed"} and target:
            yield relation, f"PMID:{target.strip()}"
        elif relation and (doi := normal_doi(target)):
            yield relation, f"DOI:{doi}"
