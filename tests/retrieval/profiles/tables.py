"""Small tables of samples for tests: written as files, or as rows."""

from __future__ import annotations

from ingest.records import Feature, Provenance

SPECIES = ("Roseburia faecis", "Escherichia coli", "Akkermansia muciniphila", "Dialister invisus")


def metaphlan(samples, *, genus=None):
    """Write a MetaPhlAn table of several samples: values by species, of each sample a dict."""
    taxa = sorted({name for values in samples.values() for name in values})
    lines = ["#mpa_v30_CHOCOPhlAn_201901", "clade_name\t" + "\t".join(samples)]
    totals = [f"{sum(values.values()):g}" for values in samples.values()]
    lines.append("k__Bacteria\t" + "\t".join(totals))
    for name in taxa:
        above = (genus or {}).get(name, name.split()[0])
        clade = f"k__Bacteria|p__P|c__C|o__O|f__F|g__{above}"
        cells = "\t".join(f"{values.get(name, 0):g}" for values in samples.values())
        lines += [f"{clade}\t{cells}", f"{clade}|s__{name.replace(' ', '_')}\t{cells}"]
    return "\n".join(lines) + "\n"


def feature(name, values, *, kind="taxon", unit="counts", rank="s", lineage="", **more):
    """A row of a table; ``values`` by sample."""
    return Feature(
        id=more.pop("id", name),
        name=name,
        kind=kind,
        unit=unit,
        values=tuple(values.items()),
        rank=rank,
        lineage=lineage,
        provenance=Provenance("table.tsv"),
        **more,
    )
