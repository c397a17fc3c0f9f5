"""What sample records are made of: evidence, claims, experiments."""

from __future__ import annotations

from assistant.claims import (
    Check,
    Citation,
    Claim,
    Experiment,
    LevelProbability,
)
from ingest.records import Provenance
from retrieval.evidence.base import Evidence, Metrics, Terms

SIMILARITY = "ECO:0000249"
EMBEDDING = "ECO:0008006"
CONTEXT = "ECO:0007333"
LITERATURE = "ECO:0007321"
ABUNDANCE = "ECO:0007257"
COMBINED = "ECO:0000213"

ECOLI = "Escherichia coli (strain K12)"


def similarity(
    gene_id, accession, product, *, pident, qcov, evalue=1e-50, taxon="", reviewed=True, **terms
):
    return Evidence(
        gene_id=gene_id,
        kind="similarity",
        eco=SIMILARITY,
        statement=f"{pident:.0f} % identical to {product} over {100 * qcov:.0f} % of the query.",
        reference=f"UniProtKB:{accession}",
        terms=Terms(product=product, **terms),
        metrics=Metrics(pident=pident, qcov=qcov, scov=0.94, evalue=evalue, bitscore=812.0),
        taxon=taxon,
        reviewed=reviewed,
        tool="MMseqs2",
        provenance=Provenance("swissprot.tsv.xz", "a" * 64, "uniprot_tsv", 12),
    )


def levels(*pairs):
    return tuple(LevelProbability(ec_number=ec, probability=p) for ec, p in pairs)


def claim(key, text, verdict, *, origin="llm", evidence_ids=(), quote="", failed=None):
    checks = [Check(name="key", passed=True)]
    if failed:
        checks.append(Check(name=failed[0], passed=False, detail=failed[1]))
    return Claim(
        id=key,
        text=text,
        origin=origin,
        citations=tuple(Citation(evidence_id=e, quote=quote) for e in evidence_ids),
        verdict=verdict,
        checks=tuple(checks),
    )


HYDROLYSIS_ASSAY = Experiment(
    type="enzyme_assay",
    eco="ECO:0000005",
    title="ONPG hydrolysis by the purified protein",
    aim="Measure whether the protein hydrolyses beta-D-galactosides.",
    design="Express with a His tag in E. coli ΔlacZ, purify, follow o-nitrophenol at 420 nm "
    "with 0.1–10 mM ONPG at pH 7, 37 °C.",
    controls=(
        "Empty-vector lysate taken through the same purification",
        "Catalytic glutamate mutated to alanine",
        "Commercial E. coli LacZ as positive control",
    ),
    expected_if_true="Saturable release of o-nitrophenol; none from the mutant.",
    expected_if_false="No more release than the empty-vector control at any substrate level.",
    effort="medium",
)
DETECTION_ONLY = Experiment(
    type="pcr_detection",
    eco="ECO:0000302",
    title="Detect the gene in the source samples by PCR and sequencing",
    aim="Confirm that the gene is in the community and not an assembly artefact.",
    design="Two primer pairs in unique regions, amplicons sequenced from both ends.",
    controls=("No-template control", "Sample without reads on the contig"),
    expected_if_true="Amplicons of the expected length with the assembled sequence.",
    expected_if_false="No amplicon, or another sequence.",
    effort="low",
    safety_note="Toxin family: no expression and no cloning without a biosafety review.",
)
