from __future__ import annotations

from dataclasses import replace

from assistant.calibration import load_calibration
from assistant.ranking import rank
from ingest.records import Location
from tests.assistant import cases

CALIBRATION = load_calibration()


def ranked(evidence, gene=cases.GENE):
    return rank(gene, evidence, CALIBRATION)


def test_gene_flags():
    gene = replace(
        cases.GENE,
        translation="MKT",
        partial=True,
        product="Beta-galactosidase",
        location=Location("c1", 1, 12),
        contig_length=500,
    )
    flags = ranked((), gene).flags
    assert set(flags) == {"partial", "contig_edge", "short_protein", "already_annotated"}
    inside = replace(cases.GENE, location=Location("c1", 100, 400), contig_length=5000)
    assert ranked((), inside).flags == ()


def test_an_earlier_annotation_that_disagrees_is_flagged():
    ranking = ranked([*cases.CLEAR, cases.prior("Ribosomal protein L2")])
    assert "prior_annotation_disagrees" in ranking.flags
    assert ranking.candidates[0].ec_number == "3.2.1.23"
    agreeing = ranked([*cases.CLEAR, cases.prior("putative beta-galactosidase")])
    assert "prior_annotation_disagrees" not in agreeing.flags


def test_copies_in_one_species_count_once():
    copies = [
        cases.hit(f"P{n}", "Beta-galactosidase", "3.2.1.23", pident=70, taxon="Escherichia coli")
        for n in range(4)
    ]
    assert "single_source" in ranked(copies).flags
