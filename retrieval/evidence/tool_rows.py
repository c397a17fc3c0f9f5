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

from ingest.vocab import is_uncharacterized
from retrieval.evidence.agreement import common_ec
from retrieval.evidence.base import Terms
from retrieval.evidence.group_descriptions import (
    description_of,
    is_protein_name,
    shortened,
)
from retrieval.evidence.hit_rows import RULES, SEARCHES
from retrieval.evidence.row_sayings import (
    base_saying,
    domain_sayings,
    evalue_words,
    figures_of,
    go_terms_of_rows,
    metrics_of,
    part_saying,
    signature_of,
    terms_of_row,
)
from retrieval.evidence.sayings import Saying, spoken
from retrieval.evidence.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

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
    # "NOT" of a GAF is a finding, not a weak hit; an untitled hit of a search tells nothing.
    uncounted = [row for row in rows if not row.is_significant and "NOT:" not in row.note]
    told = [row for row in uncounted if row.tool not in SEARCHES or row.product]
    weak = sorted(told, key=_weak_order)
    return [_placed(_weak(row), subject) for row in weak[:MOST_WEAK]]


def names_nothing(rows: Sequence[Annotation]) -> bool:
    """Tell whether a tool that names whole proteins had this one and knew no name for it."""
    whole = [row for row in rows if row.product]
    return bool(whole) and all(is_uncharacterized(row.product) for row in whole)


def _placed(saying: Saying, subject: Subject) -> Saying:
    return replace(saying, subject=subject)


def _plain(rows: Sequence[Annotation]) -> Iterator[Saying]:
    """Tools that name proteins outright; also those that this file does not know."""
    for row in rows:
        if row.family_kind in {"domain", "equivalog_domain"}:
            yield from domain_sayings([row])
        elif (terms := terms_of_row(row)) != Terms():
            yield base_saying(row, terms, grounds=figures_of(row))


def _bakta(rows: Sequence[Annotation]) -> Iterator[Saying]:
    """Join the features with the figures of inference.tsv; Pfam hits stand for themselves."""
    domains = [row for row in rows if row.family_kind == "domain"]
    named = [row for row in rows if row.product and row.family_kind != "domain"]
    figures = next((row for row in rows if row.evalue is not None or row.pident is not None), None)
    for row in named:
        terms = terms_of_row(row)
        if terms != Terms():
            rests_on = figures or row
            metrics, database = metrics_of(rests_on), _narrowest(row, rests_on)
            grounds = figures_of(rests_on)
            yield base_saying(row, terms, metrics=metrics, database=database, grounds=grounds)
    yield from domain_sayings(domains)


def _narrowest(row: Annotation, rests_on: Annotation) -> str:
    is_cluster = rests_on.database.startswith("UniRef")
    return rests_on.database if is_cluster else row.database


def _eggnog(rows: Sequence[Annotation]) -> Iterator[Saying]:
    for row in rows:
        described = description_of(row.name)
        name = described if is_protein_name(described) else ""
        terms = _without_doubtful(terms_of_row(row, name), row.note)
        prose = f'described as "{shortened(described)}", ' if described and not name else ""
        seed = f"{prose}by its seed ortholog {figures_of(row)}"
        if terms != Terms():
            words = spoken(terms, may_be_nameless=bool(prose))
            yield base_saying(row, terms, words=words, grounds=seed, title=row.name)
        elif prose:
            yield base_saying(
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
            groups.setdefault(row.dbxrefs[0] if row.dbxrefs else signature_of(row), []).append(row)
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
        yield part_saying(group)


def _whole_family(group: Sequence[Annotation]) -> Saying:
    row = group[0]
    terms = replace(terms_of_row(row), go_terms=go_terms_of_rows(group))
    place = f"over residues {row.start} to {row.end} of {row.protein_length}"
    figures = ", ".join(filter(None, (signature_of(row), place, evalue_words(row))))
    return base_saying(row, terms, key=row.accession, grounds=figures)


def _dbcan(rows: Sequence[Annotation]) -> Iterator[Saying]:
    for row in rows:
        families = row.accession.split("+")
        named = listed([_cazy_words(family) for family in families])
        place = f" at residues {row.start} to {row.end}" if row.start else ""
        yield base_saying(
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
            yield base_saying(row, terms_of_row(row), grounds=figures_of(row))
        else:
            words = f'is reported with a variant, "{row.name}"'
            yield base_saying(
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
    return base_saying(
        row,
        Terms(),
        words=f"has only a weak hit to {named}",
        grounds=figures_of(row) if row.tool != "run_dbcan" else row.note,
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


_RULES: Mapping[str, Callable[[Sequence[Annotation]], Iterator[Saying]]] = {
    "AMRFinderPlus": _amrfinder,
    "Bakta": _bakta,
    "InterProScan": _interproscan,
    "eggNOG-mapper": _eggnog,
    "run_dbcan": _dbcan,
    **RULES,
}
