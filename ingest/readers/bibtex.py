"""BibTeX and BibLaTeX: references as entries with named fields, in any order.

    @article{Altschul1990,
      title = {Basic {L}ocal Alignment Search Tool},
      doi = {10.1016/S0022-2836(05)80360-2} }

Kept: the fields of ``FIELDS``, with LaTeX's accents and commands as plain characters. Dropped:
every other field, comments and preambles. The key is the citing author's: it names no paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.paper_fields import collected, first, paper_of
from ingest.paper_ids import given_first
from ingest.records import BadRecord, Publication

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TextIO

    from bibtexparser.model import Block, Entry

    from ingest.paper_fields import Fields
    from ingest.readers.base import Kind, Source

#: Our field -> names of fields (in lower case), in order of preference.
FIELDS: Final = {
    "title": ("title",),
    "abstract": ("abstract",),
    "authors": ("author",),
    "journal": ("journal", "journaltitle", "journal-full", "booktitle", "series"),
    "year": ("year", "date", "issued"),
    "pmid": ("pmid", "pubmed", "pubmedid", "pubmed_id", "pubmed-id"),
    "pmcid": ("pmcid", "pmc"),
    "doi": ("doi",),
    "keywords": (
        *("author_keywords", "author-keywords", "keywords", "keyword", "mesh", "keywords-plus"),
    ),
    "language": ("language", "langid"),
    "place": ("url", "note", "howpublished", "eprint", "bdsk-url-1", "link"),
    "note": ("note", "annote", "comment"),
    "eprinttype": ("eprinttype", "archiveprefix", "archive"),
    "eprint": ("eprint",),
    "types": ("pubtype", "publication_type"),
}
_TYPES: Final = {
    "article": "Journal Article", "book": "Book", "inbook": "Book Chapter",
    "incollection": "Book Chapter", "inproceedings": "Conference Paper",
    "unpublished": "Unpublished", "conference": "Conference Paper",
    "phdthesis": "Thesis", "mastersthesis": "Thesis",
    "thesis": "Thesis", "techreport": "Report", "report": "Report", "dataset": "Dataset",
    "preprint": "Preprint",
}  # fmt: skip
_ENTRY: Final = re.compile(r"^[ \t]*@[A-Za-z]+\s*[{(]\s*[^,{}=\"'\n]*,\s*[\w.-]+\s*=", re.MULTILINE)
#: What LaTeX needs before a sign that is itself: a DOI or a link has ``\_`` for an underscore.
_ESCAPED: Final = re.compile(r"\{?\\([_%&#$~^{}])(?:\{\}|\})?")
_AND: Final = re.compile(r"\s+and\s+", re.IGNORECASE)
_LATEX: Final = re.compile(r"[\\{}$]|(?<=[\w.}])~(?=[\w{\\])")
#: What most exports leave alone, though LaTeX takes it for a comment, a column, a space or
#: mathematics.
_PLAIN_SIGNS: Final = (
    (re.compile(r"(?<!\\)([%&])"), r"\\\1"),
    (re.compile(r"(?<![\w.}\\])~|(?<!\\)~(?![\w{\\])"), r"\\textasciitilde{}"),
    (re.compile(r"(?<!\\)\$(?=\d[\d.,]*(?:[\s,.;)]|$))"), r"\\$"),
)
_JOINED: Final = re.compile(r"\s+#\s+")
_ENCLOSED: Final = re.compile(r"\{.*\}|\".*\"", re.DOTALL)
_NAME_PART: Final = re.compile(r"\b(family|given|prefix)=\s*\"?([^,\"]+)")
#: What a chapter takes from its book (crossref), and as what.
_FROM_ABOVE: Final = {"title": "booktitle", "year": "year", "date": "date"}
#: Subscripts and superscripts, which PubMed writes on the line too: H$_2$O, 37$^{\circ}$C.
#: Commands that the LaTeX library does not know, and would drop: the sign matters.
_COMMANDS: Final = {
    "textgreater": ">", "textless": "<", "textbar": "|", "textunderscore": "_", "slash": "/",
    "textminus": "\N{MINUS SIGN}", "degree": "°", "micro": "µ", "copyright": "©", "euro": "€",
}  # fmt: skip
#: Greek letters in text, written as those of mathematics, which the library knows.
_GREEK: Final = re.compile(
    r"\\text(?=(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho"
    r"|sigma|tau|upsilon|phi|chi|psi|omega)(?![A-Za-z]))"
)
_COMMAND: Final = re.compile(rf"\\({'|'.join(_COMMANDS)})(?![A-Za-z])(?:\{{\}}|\s+(?=\w))?")
_LINK: Final = re.compile(r"\\href\s*\{[^{}]*\}\s*(?=\{)|\\-")
_MATHS: Final = re.compile(r"\$([^$]{1,200})\$")
_RAISED: Final = re.compile(r"[_^](?:\{([^{}]*)\}|(\\[a-z]+|\S))")
_SIGN: Final = re.compile(r"\\circ|\\prime|\d*[+-]|\*")
#: Letters from which on a note is taken for the abstract that it holds.
_LEAST_ABSTRACT: Final = 300
#: Characters of one field that are read as LaTeX; longer ones are kept as they stand.
_MOST_LATEX: Final = 20_000


class BibtexReader:
    """References in BibTeX, whoever exported them."""

    name = "bibtex"
    kind: Kind = "literature"
    description = "BibTeX / BibLaTeX references"

    def sniff(self, head: str) -> bool:
        """Look for an entry with a key and a field."""
        return (
            "@" in head
            and head.lstrip()[:1] not in {"<", "{", ">", "["}
            and bool(_ENTRY.search(head))
        )

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per entry.

        Raises:
            FormatError: The file has no entry.
        """
        text = handle.read()
        if not _ENTRY.search(text):
            hint = "An entry starts with a line like '@article{key,'"
            raise FormatError("no entry was found", path_name=source.path_name, hint=hint)
        blocks = _blocks(text)
        library = _library_of(blocks)
        for block in blocks:
            record = _record(block, source, library)
            if record is not None:
                yield record


def _blocks(text: str) -> list[Block]:
    import logging

    from bibtexparser.entrypoint import parse_string

    # Failed blocks are reported by us, each with its line.
    for library in ("bibtexparser", "pylatexenc"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    return list(parse_string(text).blocks)


@dataclass(frozen=True, slots=True)
class _Library:
    """What entries refer to: texts by name (@string), and entries by key (crossref)."""

    strings: Mapping[str, str]
    entries: Mapping[str, Entry]


def _library_of(blocks: Iterable[Block]) -> _Library:
    from bibtexparser.model import Entry, String

    strings: dict[str, str] = {}
    entries: dict[str, Entry] = {}
    for block in blocks:
        if isinstance(block, String):
            strings[block.key.lower()] = str(block.value)
        elif isinstance(block, Entry):
            entries.setdefault(block.key.lower(), block)
    return _Library(strings, entries)


def _record(block: Block, source: Source, library: _Library) -> Publication | BadRecord | None:
    from bibtexparser.model import Entry, ParsingFailedBlock

    line = (block.start_line or 0) + 1
    if isinstance(block, ParsingFailedBlock):
        inner = block.ignore_error_block
        if isinstance(inner, Entry):  # its key or a field occurs twice: the entry can be read
            return _publication(inner, line, source, library)
        shown = (block.raw or "").strip().split("\n", maxsplit=1)[0][:80]
        if not shown.startswith("@"):
            return None
        return BadRecord(source.path_name, line, shown, "the entry is broken or cut short")
    return _publication(block, line, source, library) if isinstance(block, Entry) else None


def _publication(
    entry: Entry, line: int, source: Source, library: _Library
) -> Publication | BadRecord:
    pairs = _pairs(entry, library)
    above = library.entries.get(dict(pairs).get("crossref", "").lower())
    if above is not None and above is not entry:
        own = {name for name, _ in pairs}
        taken = ((_FROM_ABOVE.get(name, ""), value) for name, value in _pairs(above, library))
        pairs += [(name, value) for name, value in taken if name and name not in own]
    fields = collected(pairs, FIELDS)
    for name in ("title", "abstract", "journal", "keywords", "note"):
        fields[name] = [plain_text(value) for value in fields[name]]
    for name in ("doi", "place"):
        fields[name] = [_ESCAPED.sub(r"\1", value) for value in fields[name]]
    people = [name for value in fields["authors"] for name in _AND.split(value)]
    # A group stands in braces: it is no family name.
    fields["authors"] = [
        plain_text(name)
        if name.startswith("{") and name.endswith("}")
        else given_first(_whole_name(plain_text(name)))
        for name in people
        if name.strip().lower() not in {"others", ""}
    ]
    fields["keywords"] = [it for value in fields["keywords"] for it in re.split(r"[;,]\s*", value)]
    fields["types"] = [_TYPES.get(entry.entry_type.lower(), ""), *fields["types"]]
    _read_eprint(fields)
    note = first(fields, "note")
    if not first(fields, "abstract") and len(note) >= _LEAST_ABSTRACT:
        fields["abstract"] = [note]
    try:
        return paper_of(fields, source.provenance(BibtexReader.name, line))
    except ValueError as error:
        return BadRecord(source.path_name, line, entry.key[:80], f"the entry has {error}")


def _pairs(entry: Entry, library: _Library) -> list[tuple[str, str]]:
    return [
        (field.key.lower(), _joined(str(field.value).strip(), library.strings))
        for field in entry.fields
    ]


def _joined(value: str, strings: Mapping[str, str]) -> str:
    """Put together what ``#`` joins: names of texts, and texts in braces or quotes."""
    parts = _JOINED.split(value)
    known = [_ENCLOSED.fullmatch(it) or it.lower() in strings for it in parts]
    if len(parts) < 2 or not any(known):
        return value
    return "".join(
        it[1:-1] if _ENCLOSED.fullmatch(it) else strings.get(it.lower(), it) for it in parts
    )


def _whole_name(name: str) -> str:
    """Write BibLaTeX's name in parts (``family=Doe, given=Anna``) as others write names."""
    parts = dict(_NAME_PART.findall(name))
    if "family" not in parts:
        return name
    family = f"{parts.get('prefix', '')} {parts['family']}".strip()
    return f"{family}, {parts['given']}" if parts.get("given") else family


def _read_eprint(fields: Fields) -> None:
    archive = first(fields, "eprinttype").casefold()
    if archive in {"pubmed", "pmid"}:
        fields["pmid"] += fields["eprint"]
    elif archive in {"arxiv", "biorxiv", "medrxiv", "chemrxiv"}:
        fields["types"].append("Preprint")


def plain_text(value: str) -> str:
    r"""Write LaTeX as plain characters; what is no valid LaTeX loses its braces only.

    >>> plain_text(r"G{\"o}tze and {\v{S}}eva: 50% of \emph{E. coli}")
    'Götze and Ševa: 50% of E. coli'
    """
    if not _LATEX.search(value) or len(value) > _MOST_LATEX:
        return value
    from pylatexenc.latex2text import LatexNodes2Text

    known = _COMMAND.sub(lambda it: _COMMANDS[it[1]], _GREEK.sub(r"\\", _LINK.sub("", value)))
    latex = _MATHS.sub(lambda it: f"${_RAISED.sub(_on_the_line, it[1])}$", known)
    for sign, escaped in _PLAIN_SIGNS:
        latex = sign.sub(escaped, latex)
    try:
        text = LatexNodes2Text(math_mode="text", strict_latex_spaces=False).latex_to_text(latex)
    except Exception:  # noqa: BLE001 - anything can stand in a field, and the field is kept
        text = re.sub(r"[{}]", "", value)
    return str(text).replace("\u00a0", " ").replace("\u2218", "°")


def _on_the_line(match: re.Match[str]) -> str:
    inner = match[2] if match[1] is None else match[1]
    is_kept = match[0].startswith("^") and not _SIGN.fullmatch(inner)  # 10^-3 is no 10-3
    return f"^{inner}" if is_kept else inner
