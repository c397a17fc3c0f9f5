import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.report.links import ALLOWED_HOSTS, link_of


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("UniProtKB:P00722", "https://www.uniprot.org/uniprotkb/P00722/entry"),
        ("PMID:23011886", "https://pubmed.ncbi.nlm.nih.gov/23011886/"),
        ("DOI:10.1002/pro.2165", "https://doi.org/10.1002/pro.2165"),
        ("DOI:10.1016/S0092-8674(00)81683-9", "https://doi.org/10.1016/S0092-8674(00)81683-9"),
        ("DOI:10.1000/a#b?c", "https://doi.org/10.1000/a%23b%3Fc"),
    ],
)
def test_known_identifiers_have_an_address(reference, address):
    assert link_of(reference) == address


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "GUT_00013",
        "javascript:alert(1)",
        "https://evil.example",
        "UniProtKB:../../x",
        "PMID:1/../x",
        'DOI:10.1000/x"onload="y',
        "DOI:10.1000/x y",
    ],
)
def test_anything_else_has_none(reference):
    assert link_of(reference) == ""


@given(st.sampled_from(["DOI:10.1000/", "PMID:", "UniProtKB:"]), st.text())
def test_no_text_leads_elsewhere(prefix, text):
    address = link_of(prefix + text)
    hosts = tuple(f"https://{host}/" for host in ALLOWED_HOSTS)
    assert not address or address.startswith(hosts)
    assert not set("\"'<> \n") & set(address)
