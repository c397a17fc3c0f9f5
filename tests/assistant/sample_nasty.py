"""A record whose texts try to break out of each format."""

from __future__ import annotations

from assistant.claims import (
    AnnotationRecord,
    CandidateFunction,
    Hypothesis,
)
from ingest.records import Gene, Location
from retrieval.evidence.base import Evidence, Metrics, Terms
from tests.assistant.sample_parts import COMBINED, HYDROLYSIS_ASSAY, LITERATURE, SIMILARITY, claim

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
