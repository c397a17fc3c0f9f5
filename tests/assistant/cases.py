"""Hand-made genes and evidence for the tests of ranking, drafting and experiments."""

from __future__ import annotations

from ingest.records import Gene
from retrieval.evidence.base import Context, Evidence, Metrics, Terms

GENE = Gene(id="MLG_00042", translation="MKTAYIAKQR" * 40, product="hypothetical protein")
LENGTH = 400


def hit(
    accession,
    product,
    ec=(),
    *,
    pident=60.0,
    qcov=0.98,
    scov=0.97,
    bits=None,
    evalue=None,
    kind="similarity",
    taxon="",
    reviewed=True,
    go=(),
    ko=(),
):
    """An item of evidence; bits follow from identity and coverage unless given, E from bits."""
    ec = (ec,) if isinstance(ec, str) else tuple(ec)
    bits = bits if bits is not None else round(2 * LENGTH * pident / 100 * qcov, 1)
    # Karlin and Altschul's formula for 30 million residues of references.
    evalue = LENGTH * 3e7 * 2.0**-bits if evalue is None else evalue
    codes = f", {' and '.join(f'EC {number}' for number in ec)}" if ec else ""
    return Evidence(
        gene_id=GENE.id,
        kind=kind,
        eco="ECO:0000249" if kind == "similarity" else "ECO:0008004",
        statement=(
            f'{pident:.0f} % identical to "{product}" (UniProtKB:{accession}{codes}) over '
            f"{100 * qcov:.0f} % of this protein and {100 * scov:.0f} % of that one, "
            f"E-value {evalue:.1g}."
        ),
        reference=f"UniProtKB:{accession}",
        terms=Terms(product=product, ec_numbers=ec, go_terms=tuple(go), ko=tuple(ko)),
        metrics=Metrics(pident=pident, qcov=qcov, scov=scov, evalue=evalue, bitscore=bits),
        taxon=taxon,
        reviewed=reviewed,
    )


def prior(product, ec=(), tool="Bakta"):
    """What another annotation tool said."""
    return Evidence(
        gene_id=GENE.id,
        kind="prior_annotation",
        eco="ECO:0000313",
        statement=f'Named "{product}" by {tool}.',
        reference=f"{tool}:{GENE.id}",
        terms=Terms(product=product, ec_numbers=tuple(ec)),
        tool=tool,
    )


def neighbour(name, gene="", ec=(), *, place=1, relation="operon", upstream=None, basis="named"):
    """A gene beside this one; those of a negative place lie upstream."""
    return Evidence(
        gene_id=GENE.id,
        kind="genomic_context",
        eco="ECO:0007333",
        statement=f'Lies 10 bp upstream of "{name}".',
        reference=f"gene:MLG_{100 + place}",
        context=Context(
            terms=Terms(product=name, gene=gene, ec_numbers=tuple(ec)),
            relation=relation,
            basis=basis,
            gap_bp=10,
            genes_between=abs(place) - 1,
            is_upstream=place < 0 if upstream is None else upstream,
            run_length=6,
        ),
    )


CLEAR = (
    hit("P00722", "Beta-galactosidase", "3.2.1.23", pident=72, taxon="Escherichia coli"),
    hit("P00723", "Beta-galactosidase", "3.2.1.23", pident=68, taxon="Kluyveromyces lactis"),
    hit("P06219", "Beta-galactosidase", "3.2.1.23", pident=65, taxon="Klebsiella pneumoniae"),
)
CLOSE = (
    hit("P09099", "Xylulose kinase", "2.7.1.17", pident=40, bits=300),
    hit("P18157", "Glycerol kinase", "2.7.1.30", pident=40, bits=299),
    hit("P0A6F3", "Glycerol kinase", "2.7.1.30", pident=39, bits=297),
    hit("P29444", "Xylulose kinase", "2.7.1.17", pident=39, bits=296),
)
DOMAIN = (
    hit("P09099", "Xylulose kinase", "2.7.1.17", pident=85, qcov=0.4, bits=300),
    hit("P29444", "Xylulose kinase", "2.7.1.17", pident=80, qcov=0.4, bits=280),
)
UNCHARACTERISED = (
    hit("P39325", "Uncharacterized protein YtfB"),
    hit("P76222", "DUF1127 domain-containing protein", pident=50),
)
TOXIN = (
    hit("P0DPI1", "Botulinum neurotoxin type A", "3.4.24.69", pident=90),
    hit("P10844", "Botulinum neurotoxin type B", "3.4.24.69", pident=60),
)
BIFUNCTIONAL = (
    hit("P0ACC7", "Bifunctional protein GlmU", ("2.7.7.23", "2.3.1.157"), pident=75),
    hit("P43889", "Bifunctional protein GlmU", ("2.7.7.23", "2.3.1.157"), pident=70),
)
ALL = {
    "clear": CLEAR,
    "close": CLOSE,
    "domain": DOMAIN,
    "uncharacterised": UNCHARACTERISED,
    "none": (),
    "toxin": TOXIN,
    "bifunctional": BIFUNCTIONAL,
    "prior": (prior("Alpha-amylase", ["3.2.1.1"]),),
    "transporter": (
        hit("P02916", "Maltose transport system permease protein MalF", pident=70),
        hit("P26467", "Maltose transport system permease protein MalF", pident=60),
    ),
    "regulator": (
        hit("P03023", "Lactose operon repressor", pident=70, taxon="Escherichia coli"),
        hit("P06220", "Lactose operon repressor", pident=65, taxon="Klebsiella pneumoniae"),
    ),
}
