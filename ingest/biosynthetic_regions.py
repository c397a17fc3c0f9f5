"""What antiSMASH says of a gene in a biosynthetic region, whichever file says it."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.records import Annotation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ingest.records import Location

TOOL: Final = "antiSMASH"
#: antiSMASH's kinds of genes -> words.
ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "biosynthetic": "core biosynthetic gene",
        "biosynthetic-additional": "additional biosynthetic gene",
        "regulatory": "regulatory gene",
        "transport": "transport-related gene",
        "resistance": "resistance gene",
        "other": "gene without a role in the cluster",
    }
)
#: "(smcogs) SMCOG1023:enoyl-CoA hydratase (Score: 217.3; E-value: 3.1e-66)" and its kin.
_SMCOG: Final = re.compile(
    r"(SMCOG\d{4}):\s*(.+?)\s*\(Score:\s*([\d.]+);\s*E-value:\s*([\d.eE+-]+)\)"
)
_RULE: Final = re.compile(r"\(rule-based-clusters\)\s*(.+)")
#: Rules that are written out for one gene.
_MOST: Final = 4


class Region(NamedTuple):
    """A biosynthetic region: its name in the file and the products that it is predicted to make."""

    name: str
    products: Sequence[str]
    version: str = ""
    on_edge: bool = False


def in_region(
    gene_id: str,
    region: Region,
    *,
    role: str = "",
    functions: Iterable[str] = (),
    location: Location | None = None,
) -> Annotation:
    """Say that a gene lies in a region, in which role, and what its profiles are.

    A region is a prediction about a stretch of a genome; it gives a gene neither name nor terms.
    """
    told = [" ".join(text.replace("_", " ").split()) for text in functions]
    cogs = [found for text in told if (found := _SMCOG.search(text))]
    rules = list(dict.fromkeys(found.group(1) for text in told if (found := _RULE.search(text))))
    note = [ROLES.get(role, role)] if role else []
    note += [f"profiles {', '.join(rules[:_MOST])}"] if rules else []
    note += [
        f"{found[1]} ({found[2]}, score {found[3]}, E-value {found[4]})" for found in cogs[:_MOST]
    ]
    note += ["the region ends at the contig's edge"] if region.on_edge else []
    return Annotation(
        gene_id=gene_id,
        tool=TOOL,
        version=region.version,
        accession=region.name,
        name=", ".join(dict.fromkeys(region.products)),
        dbxrefs=tuple(dict.fromkeys(f"smCOG:{found[1]}" for found in cogs)),
        location=location,
        note="; ".join(note),
    )


def regions_warning(regions: Mapping[str, Sequence[str]], genes: int) -> str:
    """List the regions that a file holds.

    >>> regions_warning({"region 1": ["T1PKS", "NRPS"]}, 40)
    'biosynthetic regions: 1 (T1PKS+NRPS), with 40 genes'
    """
    kinds = ", ".join("+".join(dict.fromkeys(products)) for products in regions.values())
    return f"biosynthetic regions: {len(regions)} ({kinds}), with {genes} genes"
