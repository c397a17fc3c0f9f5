"""What web services lay out in ways of their own: abstracts as indexes, links, MeSH, chemicals.

OpenAlex gives an abstract as the places of each word; bioRxiv, Crossref and Europe PMC say in
three ways which paper is another's preprint, correction or retraction; NCBI lists identifiers as
pairs; CORD-19 and S2ORC give full text as paragraphs with the name of their section.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.imrad import is_back_matter, section_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Record = Mapping[str, object]

#: Words of an abstract; a place beyond is damage.
_MOST_WORDS: Final = 20_000
#: What Crossref calls an update -> PubMed's relation, without its last word.
_UPDATES: Final = {
    "retraction": "Retraction", "removal": "Retraction", "withdrawal": "Retraction",
    "partial_retraction": "PartialRetraction",
    "correction": "Erratum", "erratum": "Erratum", "corrigendum": "Erratum",
    "expression_of_concern": "ExpressionOfConcern",
}  # fmt: skip
#: The relations whose other end is called "for"; all others end in "of".
_FOR: Final = frozenset({"Erratum", "ExpressionOfConcern"})
#: Europe PMC names both ends of a preprint otherwise than PubMed.
_SAME_RELATION: Final = {"PreprintOf": "UpdateIn", "PreprintIn": "UpdateOf"}
_ID_TYPES: Final = {
    "pubmed": "pmid", "pmid": "pmid", "doi": "doi", "pmc": "pmcid", "pmcid": "pmcid",
}  # fmt: skip
#: Lists of identifiers of NCBI, DOAJ and Lens: the list, the kind of each, its value.
_ID_LISTS: Final = (
    ("articleids", "idtype", "value"),
    ("identifier", "type", "id"),
    ("external_ids", "type", "value"),
)
#: What Europe PMC calls the places that its records are from.
_EUROPEPMC: Final = frozenset({"MED", "PMC", "PPR", "AGR", "PAT", "ETH", "HIR", "CTX", "CBA"})
_DOI: Final = re.compile(r"10\.\d{4,9}/\S+")


def own_fields(record: Record) -> dict[str, list[str]]:
    """Return our fields that only a service's own layout gives."""
    found: dict[str, list[str]] = {}
    if abstract := _from_index(record.get("abstract_inverted_index")):
        found["abstract"] = [abstract]
    if paragraphs := [text for _, text in _paragraphs(record.get("abstract"))]:
        found["abstract"] = [" ".join(paragraphs)]
    elif sentences := _sentences(record.get("abstract")):
        found["abstract"] = [" ".join(sentences)]
    found |= _of_arxiv(record)
    if str(record.get("source")) in _EUROPEPMC and "journalInfo" not in record:
        book = _inside(record.get("bookOrReportDetails"), "publisher")
        found["journal"] = [book] if isinstance(book, str) else []
    for item in _objects(record.get("descriptions")):
        if item.get("descriptionType") == "Abstract":
            found.setdefault("abstract", []).append(str(item.get("description") or ""))
    for key, kind, number in _ID_LISTS:
        for item in _objects(record.get(key)):
            if field := _ID_TYPES.get(str(item.get(kind)).lower()):
                found.setdefault(field, []).append(str(item.get(number)))
    return found


def _sentences(abstract: object) -> list[str]:
    """Read an abstract that is a list of its sentences (SciFact)."""
    is_list = isinstance(abstract, list) and all(isinstance(it, str) for it in abstract)
    return [str(it).strip() for it in abstract] if is_list and isinstance(abstract, list) else []


def _of_arxiv(record: Record) -> dict[str, list[str]]:
    """Read arXiv's own list: the year is that of the first version, not of the last change."""
    if "authors_parsed" not in record:
        return {}
    first = next((str(it.get("created") or "") for it in _objects(record.get("versions"))), "")
    is_published = bool(record.get("doi") or record.get("journal-ref"))
    found = {} if is_published else {"types": ["Preprint"]}
    return found | ({"year": [first]} if first else {})


def sections_of(record: Record) -> tuple[tuple[str, str], ...]:
    """Join paragraphs of a full text by section, in order (CORD-19, S2ORC)."""
    found: dict[str, list[str]] = {}
    for heading, text in _paragraphs(record.get("body_text")):
        if not is_back_matter(heading):
            name = section_name([heading]) if heading else "Text"
            found.setdefault(name, []).append(text)
    return tuple((name, "\n".join(texts)) for name, texts in found.items())


def links_of(record: Record) -> Iterator[tuple[str, str]]:
    """Yield PubMed's relation and the other paper, as ``PMID:1`` or ``DOI:10.1/x``."""
    published = record.get("published")
    if "server" in record and isinstance(published, str) and _DOI.fullmatch(published):
        yield "UpdateIn", f"DOI:{published}"
    for key, end in (("update-to", "Of"), ("updated-by", "In")):
        for update in _objects(record.get(key)):
            relation = _UPDATES.get(str(update.get("type")).lower().replace("-", "_"))
            if relation and update.get("DOI"):
                end_here = "For" if end == "Of" and relation in _FOR else end
                yield f"{relation}{end_here}", f"DOI:{update['DOI']}"
    yield from _preprints(record.get("relation"))
    corrections = _inside(record.get("commentCorrectionList"), "commentCorrection")
    for item in _objects(corrections):
        relation = "".join(word.capitalize() for word in str(item.get("type")).split())
        if item.get("source") == "MED" and item.get("id"):
            yield _SAME_RELATION.get(relation, relation), f"PMID:{item['id']}"


def mesh_of(record: Record) -> Iterator[tuple[str, str]]:
    """Yield MeSH number ("" where there is none) and heading."""
    headings = _inside(record.get("meshHeadingList"), "meshHeading")
    for item in (*_objects(record.get("mesh")), *_objects(headings)):
        name = item.get("descriptor_name") or item.get("descriptorName")
        if isinstance(name, str) and name:
            yield str(item.get("descriptor_ui") or ""), name


def chemicals_of(record: Record) -> Iterator[tuple[str, str]]:
    """Yield registry or EC number ("" where there is none) and name."""
    for item in _objects(_inside(record.get("chemicalList"), "chemical")):
        number = str(item.get("registryNumber") or "")
        if isinstance(name := item.get("name"), str) and name:
            yield ("" if number == "0" else number), name


def _from_index(index: object) -> str:
    """Write out an abstract of which the places of each word are known."""
    if not isinstance(index, dict):
        return ""
    inner = index.get("InvertedIndex")
    places_of = inner if isinstance(inner, dict) else index
    words = {
        place: str(word)
        for word, places in places_of.items()
        for place in (places if isinstance(places, list) else ())
        if isinstance(place, int) and 0 <= place < _MOST_WORDS
    }
    return " ".join(words[place] for place in sorted(words))


def _preprints(relation: object) -> Iterator[tuple[str, str]]:
    for key, name in (("is-preprint-of", "UpdateIn"), ("has-preprint", "UpdateOf")):
        for item in _objects(_inside(relation, key)):
            if item.get("id-type") == "doi" and item.get("id"):
                yield name, f"DOI:{item['id']}"


def _paragraphs(value: object) -> Iterator[tuple[str, str]]:
    for item in _objects(value):
        if isinstance(text := item.get("text"), str) and text.strip():
            yield str(item.get("section") or ""), text.strip()


def _inside(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _objects(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
