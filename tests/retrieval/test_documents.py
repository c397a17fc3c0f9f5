"""Which features of a table are described, and with what words."""

from __future__ import annotations

import pytest

from ingest.records import Feature
from retrieval.documents import RecordDescriber

GENUS = "k__Bacteria;p__Bacillota;g__Blautia"


def feature(**changes):
    given = {"id": GENUS, "name": "Blautia", "kind": "taxon", "unit": "counts"}
    values = (("S1", 5.0), ("S2", 0.0))
    return Feature(**({**given, "values": values, "lineage": GENUS} | changes))


def test_a_taxon_is_described_by_name_and_lineage():
    document = RecordDescriber().feature(feature())
    assert document.title == "Taxon Blautia"
    assert document.text == f"{GENUS}, counts"


def test_lineage_of_an_otu_is_found_by_text():
    document = RecordDescriber().feature(feature(id="otu7"))
    assert (document.owner_id, document.text) == ("otu7", f"{GENUS}, counts")


@pytest.mark.parametrize(
    "changes",
    [
        {"values": ()},
        {"special": True},
        {"stratum": "g__X"},
        {"rank": "g"},
        {"kind": "distance"},
        {"kind": "axis"},
        {"name": "4479946"},
        {"name": "4b5eeb300368260019c1fbc7a3c718fc"},
        {"kind": "gene_family", "id": "UniRef90_A", "name": "UniRef90_A"},
    ],
)
def test_what_no_text_would_match_is_not_described(changes):
    assert RecordDescriber().feature(feature(**changes)) is None


@pytest.mark.parametrize(("found", "is_described"), [(2, False), (3, True)])
def test_a_feature_of_many_samples_must_be_in_a_tenth_of_them(found, is_described):
    values = tuple((f"S{n}", float(n < found)) for n in range(25))
    assert (RecordDescriber().feature(feature(values=values)) is not None) == is_described


def test_compounds_are_described():
    document = RecordDescriber().feature(
        feature(id="C00429_Dihydrouracil", name="Dihydrouracil", kind="metabolite", lineage="")
    )
    assert document.title == "Metabolite C00429_Dihydrouracil: Dihydrouracil"
