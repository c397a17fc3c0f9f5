"""Annotation records as a run makes them, for the tests of reports and review.

Accessions, EC numbers, GO terms and the cited papers are real; identities and scores are made
up.
"""

from __future__ import annotations

from assistant.claims import (
    AnnotationRecord,
    CandidateFunction,
    Hypothesis,
    LlmPart,
)
from ingest.records import Gene, Location
from retrieval.evidence.base import Evidence, Metrics, Terms
from tests.assistant.sample_nasty import nasty
from tests.assistant.sample_parts import (
    ABUNDANCE,
    COMBINED,
    CONTEXT,
    DETECTION_ONLY,
    ECOLI,
    EMBEDDING,
    HYDROLYSIS_ASSAY,
    LITERATURE,
    claim,
    levels,
    similarity,
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
    cited = (
        (SUPPORTED, "supported", None),
        (PARTIAL, "partial", ("numbers", "12 is not in the cited evidence")),
        (UNSUPPORTED, "unsupported", ("names", "Yersinia enterocolitica is not in the evidence")),
        (CONTRADICTED, "contradicted", ("agreement", "the database says outer membrane")),
    )
    quotes = {CONTRADICTED: "cytoplasmic amylase"}
    claims = (
        *(
            claim(
                f"l{n}",
                text,
                verdict,
                evidence_ids=(hit.id,),
                quote=quotes.get(text, ""),
                failed=failed,
            )
            for n, (text, verdict, failed) in enumerate(cited, 1)
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


def sample_records():
    return (clear_enzyme(), abstained(), conflicting(), claimed(), toxin(), nasty())
