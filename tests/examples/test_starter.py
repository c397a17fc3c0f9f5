"""The starter data: counts, sources kept apart, identifiers well-formed, sums that hold."""

from __future__ import annotations

import csv
import json
import lzma
import os
import re
import runpy
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
AMINO_ACIDS = set("ACDEFGHIKLMNPQRSTVWY")
MIN_CARDS = 60
CARD_WORDS = range(60, 131)
SAMPLES = 12


@pytest.fixture(scope="module")
def reference(starter):
    with lzma.open(starter / "reference_proteins.tsv.xz", "rt", encoding="ascii") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def truth(starter):
    with (starter / "query_truth.tsv").open(encoding="ascii") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def queries(starter):
    text = (starter / "query_genes.faa").read_text(encoding="ascii")
    blocks = [block.splitlines() for block in text.split(">")[1:]]
    return {header: "".join(lines) for header, *lines in blocks}


@pytest.fixture(scope="module")
def cards(starter):
    lines = (starter / "literature.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_table(path: Path, *, comments: int = 0) -> tuple[list[str], dict[str, list[float]]]:
    lines = path.read_text(encoding="utf-8").splitlines()[comments:]
    rows = [line.split("\t") for line in lines[1:]]
    table = {name: [float(value) for value in values] for name, *values in rows}
    assert len(table) == len(rows), "a row name occurs twice"
    return lines[0].split("\t"), table


# --- proteins


def test_reference_holds_the_source_s_records(reference):
    assert len(reference) == 3104
    assert list(reference[0]) == ["accession", "ec", "gene", "name", "tax", "sequence"]
    assert sum(bool(row["ec"]) for row in reference) == 1464
    assert {row["tax"] for row in reference} == {"Enterococcus"}
    assert all(row["name"] for row in reference)


def test_reference_accessions_are_refseq_and_unique(reference):
    accessions = [row["accession"] for row in reference]
    assert len(set(accessions)) == len(accessions)
    assert all(re.fullmatch(r"YP_\d{6,9}\.\d", accession) for accession in accessions)


def test_reference_sequences_and_ec_numbers_are_well_formed(reference):
    for row in reference:
        assert set(row["sequence"]) <= AMINO_ACIDS | {"X"}, row["accession"]
        assert re.fullmatch(r"(\d+(\.(\d+|-)){2}\.(n?\d+|-))?", row["ec"]), row["accession"]


def test_queries_are_nameless(queries, truth):
    assert list(queries) == [f"query_{n:02d} hypothetical protein" for n in range(1, 31)]
    assert [row["id"] for row in truth] == [header.split()[0] for header in queries]


def test_query_sequences_match_the_truth_s_lengths(queries, truth):
    for sequence, row in zip(queries.values(), truth, strict=True):
        assert set(sequence) <= AMINO_ACIDS
        assert len(sequence) == int(row["length"])
        assert 120 <= len(sequence) <= 600


def test_withheld_names_and_accessions_are_absent_from_the_query_file(starter, truth):
    text = (starter / "query_genes.faa").read_text(encoding="ascii")
    for row in truth:
        assert row["withheld_name"] not in text
        assert row["accession"] not in text


def test_queries_are_not_in_the_reference(queries, truth, reference):
    assert not set(queries.values()) & {row["sequence"] for row in reference}
    assert not {row["accession"] for row in truth} & {row["accession"] for row in reference}


def test_classes_are_as_the_readme_says(truth):
    assert Counter(row["class"] for row in truth) == {"a": 22, "b": 4, "c": 4}
    strata = [row["stratum"] for row in truth if row["class"] != "b"]
    assert len(set(strata)) == len(strata)
    assert all(row["gene"] for row in truth if row["class"] == "a")
    assert len({row["withheld_name"] for row in truth}) == len(truth)


# --- literature


def test_cards_have_what_a_citation_needs(cards):
    assert len(cards) >= MIN_CARDS
    for card in cards:
        assert card["title"]
        assert card["journal"]
        assert re.fullmatch(r"(19|20)\d\d", card["year"]), card["_id"]
        assert isinstance(card["authors"], list)
        assert card["keywords"]


def test_cards_are_numbered_without_gaps(cards):
    assert [card["_id"] for card in cards] == [f"card-{n:03d}" for n in range(1, len(cards) + 1)]


def test_card_texts_are_of_the_length_that_the_readme_says(cards):
    for card in cards:
        assert len(card["text"].split()) in CARD_WORDS, card["_id"]


def test_identifiers_are_well_formed(cards):
    for card in cards:
        if "doi" in card:
            assert re.fullmatch(r"10\.\d{4,9}/[^\s\"<>]+", card["doi"]), card["_id"]
        if "pmid" in card:
            assert re.fullmatch(r"[1-9]\d{0,7}", card["pmid"]), card["_id"]


@pytest.mark.parametrize("key", ["doi", "pmid", "title"])
def test_no_paper_has_two_cards(cards, key):
    values = [card[key].lower() for card in cards if key in card]
    assert len(set(values)) == len(values)


def test_cards_agree_with_pubmed_where_its_records_are_at_hand(cards, shared):
    """An independent source: records of PubMed, by PMID."""
    import gzip

    records = {}
    for name in ("pubmed/pubmed_abstracts", "gut_brain_abstracts/gut_brain_abstracts"):
        with gzip.open(shared / "literature" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            records |= {record["pmid"]: record for record in map(json.loads, lines)}
    both = [(card, records[card["pmid"]]) for card in cards if card.get("pmid") in records]
    assert len(both) >= 10
    for card, record in both:
        assert plain(card["title"]) == plain(record["title"])
        assert card["year"] == record["year"]
        if card.get("doi") and record.get("doi"):
            assert card["doi"].lower() == record["doi"].lower()
        # Our own words: no run of twelve words is shared with the abstract.
        assert not windows(card["text"]) & windows(record["abstract"])


def plain(title: str) -> str:
    return re.sub(r"\W", "", re.sub(r"<[^>]+>", "", title)).lower()


def windows(text: str, size: int = 12) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + size]) for start in range(len(words) - size + 1)}


# --- synthetic cohort


@pytest.fixture(scope="module")
def profile(starter):
    return read_table(starter / "metaphlan_profile.tsv", comments=1)


def test_profile_says_that_it_is_synthetic(starter):
    first = (starter / "metaphlan_profile.tsv").read_text(encoding="utf-8").splitlines()[0]
    assert first == "#SYNTHETIC demonstration data, not measurements"


def test_species_sum_to_a_hundred(profile):
    header, table = profile
    assert len(header) == SAMPLES + 1
    species = {name: row for name, row in table.items() if "|s__" in name}
    assert len(species) == 20
    for column in zip(*species.values(), strict=True):
        assert sum(column) == pytest.approx(100, abs=0.01)


def test_every_clade_is_the_sum_of_its_children(profile):
    _, table = profile
    children = defaultdict(list)
    for name, row in table.items():
        if "|" in name:
            children[name.rsplit("|", 1)[0]].append(row)
    for parent, rows in children.items():
        sums = [sum(column) for column in zip(*rows, strict=True)]
        assert table[parent] == pytest.approx(sums, abs=1e-4), parent


def test_pathway_strata_sum_to_their_community_row(starter):
    _, table = read_table(starter / "humann_pathabundance.tsv")
    strata = defaultdict(list)
    for name, row in table.items():
        if "|" in name:
            strata[name.split("|")[0]].append(row)
    assert len(strata) == 11  # UNINTEGRATED and ten pathways
    for community, rows in strata.items():
        sums = [sum(column) for column in zip(*rows, strict=True)]
        assert table[community] == pytest.approx(sums, abs=1e-2), community


def test_pathway_communities_sum_to_a_million(starter):
    _, table = read_table(starter / "humann_pathabundance.tsv")
    communities = [row for name, row in table.items() if "|" not in name]
    for column in zip(*communities, strict=True):
        assert sum(column) == pytest.approx(1_000_000, abs=0.01)


def test_sample_sheet_and_tables_name_the_same_samples(starter, profile):
    with (starter / "sample_metadata.tsv").open(encoding="utf-8") as handle:
        sheet = list(csv.DictReader(handle, delimiter="\t"))
    ids = [row["sample_id"] for row in sheet]
    header, _ = read_table(starter / "humann_pathabundance.tsv")
    assert profile[0][1:] == ids
    assert [name.removesuffix("_Abundance-CPM") for name in header[1:]] == ids
    assert {row["origin"] for row in sheet} == {"synthetic"}
    pairs = Counter((row["subject"], row["group"]) for row in sheet)
    assert len(pairs) == SAMPLES
    assert Counter(row["group"] for row in sheet) == {"control": 6, "treated": 6}


# --- the script


def test_synthetic_files_are_made_again_byte_for_byte(starter):
    made = runpy.run_path(str(EXAMPLES / "synthetic_cohort.py"))["synthetic_files"]()
    assert set(made) == {"metaphlan_profile.tsv", "humann_pathabundance.tsv", "sample_metadata.tsv"}
    for name, text in made.items():
        assert (starter / name).read_text(encoding="utf-8") == text, name


def test_protein_files_are_made_again_from_the_package(starter, tmp_path, monkeypatch, reference):
    package = os.environ.get("METALUMEN_PROKKA_DEB")
    if not package:
        pytest.skip("METALUMEN_PROKKA_DEB does not name Debian's prokka package or its folder")
    monkeypatch.syspath_prepend(str(EXAMPLES))
    script = str(EXAMPLES / "make_starter.py")
    arguments = [script, "--prokka-deb", package, "--out", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", arguments)
    runpy.run_path(script, run_name="__main__")
    for name in ("query_genes.faa", "query_truth.tsv"):
        assert (tmp_path / name).read_bytes() == (starter / name).read_bytes()
    with lzma.open(tmp_path / "reference_proteins.tsv.xz", "rt", encoding="ascii") as handle:
        assert list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)) == reference


def test_another_version_of_the_package_is_refused(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    read_genus = runpy.run_path(str(EXAMPLES / "make_starter.py"))["read_genus"]
    (tmp_path / "Enterococcus").write_text(">YP_000001.1 ~~~~~~made up\nMK\n")
    with pytest.raises(SystemExit, match="SHA-256"):
        read_genus(tmp_path, "Enterococcus")
