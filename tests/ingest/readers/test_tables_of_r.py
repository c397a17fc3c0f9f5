"""Tables as R writes them: names of rows without a name above, shares of samples, results."""

from __future__ import annotations

import pytest

from ingest.errors import MetalumenError, UnknownFormatError
from ingest.files import read_records
from ingest.inspection import inspect


def table(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text)
    return path


ASVS = tuple(letter * 60 for letter in "ACGT")


def test_taxonomy_of_dada2_and_phyloseq(tmp_path):
    head = '"","Kingdom","Phylum","Class","Genus"\n'
    rows = f'"{ASVS[0]}","Bacteria","Bacillota",NA,NA\n"{ASVS[1]}","Archaea",NA,NA,NA\n'
    path = table(tmp_path, head + rows)
    assert inspect(path).format == "feature_metadata"
    assert [it.lineage for it in read_records(path).records] == [
        "k__Bacteria;p__Bacillota",
        "k__Archaea",
    ]


def test_names_of_rows_before_the_samples_are_left_out(tmp_path):
    path = table(tmp_path, '"","Group","SampleID","Age"\n"1","case","S1",33\n"2","ctrl","S2",41\n')
    assert inspect(path).format == "sample_metadata"
    assert [(it.samp_name, it.attributes) for it in read_records(path).records] == [
        ("S1", (("Group", "case"), ("Age", "33"))),
        ("S2", (("Group", "ctrl"), ("Age", "41"))),
    ]


def test_a_row_per_sample_and_feature_is_no_metadata(tmp_path):
    head = '"","OTU","Sample","Abundance","Group"\n'
    with pytest.raises(UnknownFormatError):
        inspect(table(tmp_path, f'{head}"1","ASV1","S1",10,"case"\n"2","ASV1","S2",5,"ctrl"\n'))


@pytest.mark.parametrize("first", ['"SampleID"', '""'])
@pytest.mark.parametrize("whole", [1, 100])
def test_shares_of_plain_names_are_told_by_their_sums(tmp_path, first, whole):
    head = f'{first},"Bacteroides","Prevotella","Blautia"\n'
    rows = ((0.5, 0.3, 0.2), (0.25, 0.25, 0.5))
    lines = (
        ",".join(map(str, (f'"S{n}"', *(it * whole for it in row)))) for n, row in enumerate(rows)
    )
    found = inspect(table(tmp_path, head + "\n".join(lines) + "\n"))
    assert (found.format, found.samples, found.features) == ("sample_table", 2, 3)


def test_numbers_about_people_are_no_shares(tmp_path):
    text = "SampleID,age,bmi,weight\nS1,33,25.5,70\nS2,41,22.1,65\n"
    assert inspect(table(tmp_path, text)).format == "sample_metadata"


def test_features_in_many_samples_stay_rows(tmp_path):
    head = "," + ",".join(f"P{n}" for n in range(40)) + "\n"
    rows = "".join(f"g{m}," + ",".join(str(n * m % 7) for n in range(40)) + "\n" for m in range(9))
    with pytest.raises(UnknownFormatError):
        inspect(table(tmp_path, head + rows))


@pytest.mark.parametrize(
    "header",
    [
        "taxon,lfc,se,W,p,q",
        "taxon,lfc_groupCD,se_groupCD,W_groupCD,p_groupCD,q_groupCD",
        "gene,logFC,AveExpr,t,P.Value,adj.P.Val,B",
        "featureid,Intercept,C(group)[T.CD]",
    ],
)
def test_results_of_tests_are_no_samples(tmp_path, header):
    row = ",".join("0.5" for _ in header.split(",")[1:])
    with pytest.raises(MetalumenError):
        inspect(table(tmp_path, f"{header}\nBlautia obeum,{row}\nDorea longicatena,{row}\n"))


def test_accessions_are_parted_from_their_names(tmp_path):
    text = '"","S1","S2"\n"K00001; adh [EC:1.1.1.1]",0.5,0.4\n"K00002; adh2",0.5,0.6\n'
    path = table(tmp_path, text)
    assert inspect(path).unit == "fraction"
    rows = list(read_records(path).records)
    assert [(it.id, it.name) for it in rows] == [("K00001", "adh [EC:1.1.1.1]"), ("K00002", "adh2")]


def test_what_counters_count_beside_the_genes_is_special(tmp_path):
    path = table(tmp_path, "gene,S1,S2\ng1,10,5\n__no_feature,100,50\nN_unmapped,7,8\n")
    assert [it.special for it in read_records(path).records] == [False, True, True]


def test_genes_named_after_what_found_them_are_no_reference(tmp_path):
    path = tmp_path / "genes.fas"
    path.write_text(
        ">UniRef90_A0A1|c1|+|500|1e-100|1|1|60|1[1]:60[60]:60[60]\nMKTLLVAGGSHEDKWPYRNC\n"
    )
    assert inspect(path).kind == "genes"


def test_species_below_no_name_are_features(tmp_path):
    text = '"","S1","S2"\n"Blautia obeum",0.5,0.25\n"Dorea longicatena",0.5,0.75\n'
    path = table(tmp_path, text)
    found = inspect(path)
    assert (found.samples, found.unit, found.total) == (2, "fraction", 2)
    assert {it.kind for it in read_records(path).records} == {"taxon"}


def test_samples_of_two_words_are_none(tmp_path):
    text = '"","Alanine","Butyrate"\n"Patient one",0.5,0.2\n"Patient two",0.5,0.3\n'
    with pytest.raises(UnknownFormatError):
        inspect(table(tmp_path, text))


@pytest.mark.parametrize("header", ["sample,clade_name,relative_abundance", "sample,taxon,count"])
def test_a_row_per_sample_and_share_is_no_metadata(tmp_path, header):
    text = f"{header}\nS1,k__Bacteria,100\nS2,k__Bacteria,90\n"
    with pytest.raises(UnknownFormatError):
        inspect(table(tmp_path, text))


def test_a_sheet_of_isolates_with_taxon_and_coverage_is_metadata(tmp_path):
    text = (
        "sample_id,taxon,coverage,reads\nS1,Escherichia coli,55.5,1000\nS2,Blautia obeum,40,900\n"
    )
    assert inspect(table(tmp_path, text)).format == "sample_metadata"
