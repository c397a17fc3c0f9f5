"""Drug metabolism as evidence: from near relatives, never from far ones."""

import pytest

from ingest.records import Gene
from retrieval.evidence.base import Evidence, Metrics, Surroundings, Terms
from retrieval.evidence.drug_metabolism import DrugMetabolism
from retrieval.fake_view import FakeView
from tests.contracts.evidence_source import EvidenceSourceContract

GUS = Terms("Beta-glucuronidase", gene="uidA", ec_numbers=("3.2.1.31",))
BSH = Terms("Bile salt hydrolase", ec_numbers=("3.5.1.24",))


def relative(gene_id, terms, *, bits=400.0, evalue=1e-80, cover=0.95, reference="UniProtKB:P1"):
    metrics = Metrics(pident=60, qcov=cover, scov=cover, evalue=evalue, bitscore=bits)
    kind, eco = "similarity", "ECO:0000249"
    return Evidence(gene_id, kind, eco, "s.", reference, terms=terms, metrics=metrics)


class TestContract(EvidenceSourceContract):
    @pytest.fixture
    def source(self):
        return DrugMetabolism()

    @pytest.fixture
    def genes(self):
        return [Gene("g1", "MKLV"), Gene("g2", "MKAV"), Gene("g3", "MWWW")]

    @pytest.fixture
    def view(self):
        return FakeView()

    @pytest.fixture
    def found(self):
        return {"g1": [relative("g1", GUS)], "g2": [relative("g2", BSH)], "g3": []}


def gathered(*items):
    genes = [Gene("g1", "MKLV")]
    return DrugMetabolism().gather(genes, FakeView(), {"g1": items}, Surroundings()).get("g1", ())


def test_the_enzyme_the_drugs_and_what_is_open_are_told():
    (item,) = gathered(relative("g1", GUS))
    assert item.reference.startswith(("DOI:", "Drug:"))
    assert item.terms == Terms()
    for part in (
        "UniProtKB:P1",
        "beta-glucuronidase (EC 3.2.1.31)",
        "irinotecan",
        "Wallace et al. 2010",
    ):
        assert part in item.statement
    assert item.statement.endswith("Nothing was tested with this gene.")
    assert "differ in the glucuronides" in item.statement


@pytest.mark.parametrize(
    "weak",
    [
        relative("g1", GUS, evalue=0.5),
        relative("g1", GUS, cover=0.3),
    ],
)
def test_a_chance_match_or_a_shared_domain_gives_nothing(weak):
    assert gathered(weak) == ()


def test_a_far_relative_beside_a_near_one_gives_nothing():
    near = relative("g1", Terms("Beta-galactosidase", ec_numbers=("3.2.1.23",)), bits=900)
    far = relative("g1", GUS, bits=200, reference="UniProtKB:P2")
    (item,) = gathered(near, far)
    assert "glucuron" not in item.statement
    assert "lactulose" in item.statement


def test_an_unknown_function_gives_nothing():
    assert gathered(relative("g1", Terms("Ribosomal protein uS3"))) == ()


def test_a_relative_is_called_one_and_the_table_is_named():
    (item,) = gathered(relative("g1", GUS))
    told = "A relative of this gene (UniProtKB:P1, 60 % identical) is known as beta-glucuronidase"
    assert item.statement.startswith(told)
    assert item.provenance.path_name == "drug_transformations.tsv"
    assert len(item.provenance.sha256) == 64
    tool = Evidence("g1", "prior_annotation", "ECO:0000313", "s.", "Bakta:x", terms=GUS)
    (item,) = gathered(tool)
    assert item.statement.startswith("By Bakta:x this gene encodes beta-glucuronidase (EC 3.2.1.31")
