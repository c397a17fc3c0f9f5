"""What the rows of each annotation tool mean: which count, what they name, and in which words.

Rules, tool by tool:
- a row that the tool itself does not count (KofamScan without "*", fewer than two dbCAN tools,
  a partial AMRFinderPlus hit, an InterProScan status other than T) supports nothing. The best of
  them is shown as weak where the tool has nothing better to say;
- a domain names a part, so it gives GO terms but no product;
- eggNOG's descriptions are of groups of orthologs: prose is quoted, never taken as a name. Terms
  of low confidence (version 3) are left out;
- EC numbers of a dbCAN sub-family are those of its characterised members, not of this protein:
  they are cut to what nine in ten of the members share, and to three digits when few are known.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.vocab import ec_numbers_of, is_uncharacterized, split_name
from retrieval.evidence.agreement import GO_ROOTS, common_ec
from retrieval.evidence.base import Metrics, Terms
from retrieval.evidence.group_descriptions import (
    description_of,
    is_protein_name,
    shortened,
)
from retrieval.evidence.sayings import Saying, spoken
from retrieval.evidence.wording import evalue_text, listed, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ingest.records import Annotation
    from retrieval.evidence.sayings import Subject

MOST_WEAK = 1  # rows that support nothing, shown per tool, and only where it has nothing better
MOST_DOMAINS = 4  # families and domains shown per tool
#: A family's name stands for the whole protein when it covers this share of it.
WHOLE = 0.8
#: Share of a sub-family's characterised members that must agree on the digits of an EC number.
MEMBERS = 0.9
#: With fewer characterised members three digits are the most that is taken over.
FEW_MEMBERS = 5

#: Classes of folds: they say less than any family.
_STRUCTURES = frozenset({"gene3d", "superfamily", "funfam"})
_KIND_ORDER = ("equivalog", "family", "equivalog_domain", "domain", "")
_LOW = re.compile(r"low confidence: ([^;]+)")
_CAZY_CLASSES = {
    "GH": "glycoside hydrolase",
    "GT": "glycosyltransferase",
    "PL": "polysaccharide lyase",
    "CE": "carbohydrate esterase",
    "AA": "auxiliary activity",
    "CBM": "carbohydrate-binding module",
}
_MEMBER = re.compile(r"EC ([\d.n-]+) (\d+)")
_CAZY = re.compile(r"(GH|GT|PL|CE|AA|CBM)(\d+)")


def sayings_of(rows: Sequence[Annotation], subject: Subject) -> list[Saying]:
    """Turn the rows of one tool on one gene into what the tool says, strongest first."""
    counted = [row for row in rows if row.is_significant]
    rule = _RULES.get(rows[0].tool, _plain)
    found = [_placed(saying, subject) for saying in rule(counted)] if counted else []
    if found:
        return found
    weak = sorted((row for row in rows if not row.is_significant), key=_weak_order)
    return [_placed(_weak(row), subject) for row in weak[:MOST_WEAK]]


def names_nothing(rows: Sequence[Annotation]) -> bool:
    """Tell whether a tool that names whole proteins had this one and knew no name for it."""
    whole = [row for row in rows if row.product]
    return bool(whole) and all(is_uncharacterized(row.product) for row in whole)


def _placed(saying: Saying, subject: Subject) -> Saying:
    return replace(saying, subject=subject)


def _base(row: Annotation, terms: Terms, **more: object) -> Saying:
    fields: dict[str, object] = {
        "tool": row.tool,
        "label": row.tool,
        "subject": "same_id",
        "subject_id": row.gene_id,
        "terms": terms,
        "key": row.accession or row.gene_id,
        "database": row.database,
        "version": row.version,
        "title": row.product or row.name,
        "metrics": _metrics(row),
        "family_kind": row.family_kind,
        "provenance": row.provenance,
    }
    return Saying(**(fields | more))  # type: ignore[arg-type]  # fields of Saying, by name


def _metrics(row: Annotation) -> Metrics:
    # A score in bits is one of a profile or an alignment; HAMAP's and PROSITE's are not in bits.
    is_bits = row.tool in {"KofamScan", "eggNOG-mapper"}
    return Metrics(
        pident=row.pident,
        evalue=row.evalue,
        bitscore=row.score if is_bits else None,
        threshold=row.threshold,
        query_start=row.start or None,
        query_end=row.end or None,
    )


def _terms(row: Annotation, product: str = "") -> Terms:
    name, named_ecs = split_name(product or row.product)
    return Terms(
        product="" if is_uncharacterized(name) else name,
        gene=row.gene,
        ec_numbers=ec_numbers_of((*row.ec_numbers, *named_ecs)),
        go_terms=tuple(term for term in row.go_terms if term not in GO_ROOTS),
        ko=row.ko,
    )


def _plain(rows: Sequence[Annotation]) -> Iterator[Saying]:
    """Tools that name proteins outright; also those that this file does not know."""
    for row in rows:
        if row.family_kind in {"domain", "equivalog_domain"}:
            yield from _domains([row])
        elif (terms := _terms(row)) != Terms():
            yield _base(row, terms, grounds=_figures(row))


def _figures(row: Annotation) -> str:
    told = [row.accession] if row.accession and row.accession not in row.ko else []
    told += [f"{percent(row.pident)} identical"] if row.pident is not None else []
    told += [f"{percent(row.coverage)} covered"] if row.coverage is not None else []
    if row.score is not None:
        bar = f" against a threshold of {row.threshold:.8g}" if row.threshold is not None else ""
        told.append(f"score {row.score:.8g}{bar}")
    told += [f"E-value {evalue_text(row.evalue)}"] if row.evalue is not None else []
    told += [row.note] if row.note else []
    return ", ".join(told)


def _bakta(rows: Sequence[Annotation]) -> Iterator[Saying]:
    """Join the features with the figures of inference.tsv; Pfam hits stand for themselves."""
    domains = [row for row in rows if row.family_kind == "domain"]
    named = [row for row in rows if row.product and row.family_kind != "domain"]
    figures = next((row for row in rows if row.evalue is not None or row.pident is not None), None)
    for row in named:
        terms = _terms(row)
        if terms != Terms():
            rests_on = figures or row
            metrics, database = _metrics(rests_on), _narrowest(row, rests_on)
            grounds = _figures(rests_on)
            yield _base(row, terms, metrics=metrics, database=database, grounds=grounds)
    yield from _domains(domains)


def _narrowest(row: Annotation, rests_on: Annotation) -> str:
    is_cluster = rests_on.database.startswith("UniRef")
    return rests_on.database if is_cluster else row.database


def _eggnog(rows: Sequence[Annotation]) -> Iterator[Saying]:
    for row in rows:
        described = description_of(row.name)
        name = described if is_protein_name(described) else ""
        terms = _without_doubtful(_terms(row, name), row.note)
        prose = f'described as "{shortened(described)}", ' if described and not name else ""
        seed = f"{prose}by its seed ortholog {_figures(row)}"
        if terms != Terms():
            words = spoken(terms, may_be_nameless=bool(prose))
            yield _base(row, terms, words=words, grounds=seed, title=row.name)
        elif prose:
            yield _base(
                row,
                terms,
                words="is in a group of orthologs without EC number or KO",
                grounds=seed,
                is_support=False,
                caution="a description of the group names no function",
            )


def _without_doubtful(terms: Terms, note: str) -> Terms:
    found = _LOW.search(note)
    doubtful = [name.strip() for name in found.group(1).split(",")] if found else []
    return Terms(
        product=terms.product,
        gene="" if "Preferred_name" in doubtful else terms.gene,
        ec_numbers=() if "EC" in doubtful else terms.ec_numbers,
        go_terms=() if "GOs" in doubtful else terms.go_terms,
        ko=() if "KEGG_ko" in doubtful else terms.ko,
    )


def _interproscan(rows: Sequence[Annotation]) -> Iterator[Saying]:
    """One saying per InterPro entry, or per signature outside InterPro; whole proteins first."""
    groups: dict[str, list[Annotation]] = {}
    for row in sorted(rows, key=_family_order):
        if row.family_kind:
            groups.setdefault(row.dbxrefs[0] if row.dbxrefs else _signature(row), []).append(row)
    named: set[str] = set()
    parts: list[list[Annotation]] = []
    for group in groups.values():
        row = group[0]
        if row.product and _share(row) >= WHOLE and not is_uncharacterized(row.product):
            if row.product.lower() not in named:  # two members often have the same family
                named.add(row.product.lower())
                yield _whole_family(group)
        else:
            parts.append(group)
    telling = [group for group in parts if _tells(group)]
    for group in telling[:MOST_DOMAINS]:
        yield _part(group)


def _whole_family(group: Sequence[Annotation]) -> Saying:
    row = group[0]
    terms = replace(_terms(row), go_terms=_go_terms(group))
    place = f"over residues {row.start} to {row.end} of {row.protein_length}"
    figures = ", ".join(filter(None, (_signature(row), place, _figure(row))))
    return _base(row, terms, key=row.accession, grounds=figures)


def _domains(rows: Iterable[Annotation]) -> Iterator[Saying]:
    for row in rows:
        if row.name and not is_uncharacterized(row.name):
            yield _part([row])


def _part(group: Sequence[Annotation]) -> Saying:
    row = group[0]
    name = row.name if row.name and " " in row.name else row.note or row.name
    entry = [row.dbxrefs[0]] if row.dbxrefs and row.dbxrefs[0].startswith("InterPro:") else []
    where = _ranges(group)
    inside = ", ".join([*([_signature(row)] if row.accession else []), *entry])
    words = f'has the domain or family "{name}"' + (f" ({inside})" if inside else "")
    return _base(
        row,
        Terms(go_terms=_go_terms(group)),
        key=row.accession or name,
        words=f"{words}{where}",
        grounds=_figure(row),
        title=name,
        family_kind="domain" if row.family_kind in {"", "domain"} else row.family_kind,
        caution="a part or family alone does not name the whole protein",
    )


def _dbcan(rows: Sequence[Annotation]) -> Iterator[Saying]:
    for row in rows:
        families = row.accession.split("+")
        named = listed([_cazy_words(family) for family in families])
        place = f" at residues {row.start} to {row.end}" if row.start else ""
        yield _base(
            row,
            Terms(ec_numbers=tuple(filter(None, [_members_ec(row.note)]))),
            words=f"has the CAZy {'family' if len(families) == 1 else 'families'} {named}{place}",
            grounds=row.note,
            title=row.accession,
            caution=_CAZY_CAUTION,
        )


_CAZY_CAUTION = (
    "a CAZy family holds several activities; EC numbers are those of other members, cut to what "
    "most of them share"
)


def _cazy_words(family: str) -> str:
    found = _CAZY.match(family)
    return f"{family} ({_CAZY_CLASSES[found.group(1)]})" if found else family


def _members_ec(note: str) -> str:
    """Cut the EC numbers of a sub-family's members to what nine in ten share."""
    counts = {ec: int(count) for ec, count in _MEMBER.findall(note)}
    total = sum(counts.values())
    shared, covered = "", 0
    for ec, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        if covered >= MEMBERS * total:
            break
        shared = common_ec(shared, ec) if covered else ec
        covered += count
    is_exact = shared != "" and not shared.endswith("-")
    return f"{shared.rpartition('.')[0]}.-" if is_exact and total < FEW_MEMBERS else shared


def _amrfinder(rows: Sequence[Annotation]) -> Iterator[Saying]:
    for row in rows:
        if row.product:
            yield _base(row, _terms(row), grounds=_figures(row))
        else:
            words = f'is reported with a variant, "{row.name}"'
            yield _base(
                row,
                Terms(),
                words=words,
                grounds=row.note,
                is_support=False,
                caution="a mutation is no name of a function",
            )


def _weak(row: Annotation) -> Saying:
    hit = row.product or row.name or row.accession
    named = f'"{hit}"' + (f" ({row.accession})" if row.accession not in {"", hit} else "")
    return _base(
        row,
        Terms(),
        words=f"has only a weak hit to {named}",
        grounds=_figures(row) if row.tool != "run_dbcan" else row.note,
        family_kind="",
        is_support=False,
        caution="the tool does not count it, so it supports nothing",
    )


def _weak_order(row: Annotation) -> tuple[float, float, str]:
    relative = row.score / row.threshold if row.score and row.threshold else 0.0
    return (-relative, -(row.score or 0.0), row.accession)


def _family_order(row: Annotation) -> tuple[int, bool, float, str, int]:
    evalue = row.evalue if row.evalue is not None else 1.0
    is_fold = row.database.lower() in _STRUCTURES
    return (_KIND_ORDER.index(row.family_kind), is_fold, evalue, row.accession, row.start)


def _share(row: Annotation) -> float:
    return (row.end - row.start + 1) / row.protein_length if row.protein_length else 0.0


def _tells(group: Sequence[Annotation]) -> bool:
    """Tell whether a group says more than that some fold is there."""
    has_name = any(row.note or " " in row.name for row in group)
    return has_name and not all(is_uncharacterized(row.note or row.name) for row in group)


def _go_terms(group: Sequence[Annotation]) -> tuple[str, ...]:
    found = (term for row in group for term in row.go_terms if term not in GO_ROOTS)
    return tuple(dict.fromkeys(found))


def _ranges(group: Sequence[Annotation]) -> str:
    same = [row for row in group if row.accession == group[0].accession and row.start]
    spans = sorted({(row.start, row.end) for row in same})
    told = listed([f"{start} to {end}" for start, end in spans], most=3)
    length = f" of {group[0].protein_length}" if group[0].protein_length else ""
    return f" at residues {told}{length}" if told else ""


def _signature(row: Annotation) -> str:
    return f"{row.database}:{row.accession}"


def _figure(row: Annotation) -> str:
    if row.evalue is not None:
        return f"E-value {evalue_text(row.evalue)}"
    return f"score {row.score:g}" if row.score is not None else ""


_RULES: Mapping[str, Callable[[Sequence[Annotation]], Iterator[Saying]]] = {
    "AMRFinderPlus": _amrfinder,
    "Bakta": _bakta,
    "InterProScan": _interproscan,
    "eggNOG-mapper": _eggnog,
    "run_dbcan": _dbcan,
}
