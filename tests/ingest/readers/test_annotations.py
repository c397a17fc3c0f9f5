"""Tables of annotation tools: fields, and faults."""

from __future__ import annotations

import io
import random

import pytest

from ingest.errors import FormatError
from ingest.files import read_records
from ingest.readers import READERS
from ingest.readers.base import Source
from ingest.records import BadRecord, Location
from tests.contracts.reader import DATA


def read(name, text, path_name="x.tsv"):
    source = Source(path_name)
    return list(READERS.get(name)().read(io.StringIO(text), source)), source


def sample(name):
    return list(read_records(DATA / name).records)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("eggnog", "eggnog.annotations"),
        ("prokka", "prokka.tsv"),
        ("bakta", "bakta.tsv"),
        ("dbcan", "dbcan.tsv"),
        ("amrfinderplus", "amrfinderplus.tsv"),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_columns_in_another_order_give_the_same(name, file, seed):
    lines = (DATA / file).read_text().splitlines()
    header = next(n for n, line in enumerate(lines) if "\t" in line)
    width = lines[header].count("\t") + 1
    order = random.Random(seed).sample(range(1, width), width - 1)
    order.insert(0 if name == "eggnog" else seed, 0)  # "#query" opens eggNOG-mapper's header

    def moved(line):
        cells = line.split("\t") + [""] * width
        return "\t".join(cells[place] for place in order) if "\t" in line else line

    expected, _ = read(name, "\n".join(lines) + "\n")
    records, _ = read(name, "\n".join(map(moved, lines)) + "\n")
    assert records == expected


# fields


def test_kofamscan_keeps_score_threshold_and_mark():
    first, second, third, fourth = sample("kofamscan.txt")
    assert (first.gene_id, first.accession, first.ko) == ("c1_1", "K01190", ("K01190",))
    assert (first.product, first.ec_numbers) == ("beta-galactosidase", ("3.2.1.23",))
    assert (first.score, first.threshold, first.evalue) == (745.8, 645.5, 3.9e-228)
    assert [row.is_significant for row in (first, second, third, fourth)] == [True] + [False] * 3
    assert third.threshold == 12778.27
    assert fourth.threshold is None
    assert fourth.product == "geraniol dehydrogenase (NAD+)"


def test_kofamscan_tab_separated_detail():
    text = (
        '#\tgene name\tKO\tthrshld\tscore\tE-value\t"KO definition"\n'
        "#\t---------\t------\t-------\t------\t---------\t-------------\n"
        '\tg1\tK00001\t99.52\t50.1\t0.0009\t"the ""alcohol"" dehydrogenase [EC:1.1.1.1]"\n'
        '*\tg2\tK00002\t\t180.0\t5e-05\t"B [EC:1.1.1.2 1.1.1.-]"\n'
        "\tg3\t\t\t\t\t\n"
    )
    assert READERS.get("kofamscan")().sniff(text)
    (first, second), source = read("kofamscan", text)
    assert first.product == 'the "alcohol" dehydrogenase'
    assert (first.is_significant, second.is_significant) == (False, True)
    assert second.ec_numbers == ("1.1.1.2", "1.1.1.-")
    assert source.warnings == ["genes without a KO: 1"]


@pytest.mark.parametrize("text", ["g1\tK00001\ng1\tK00002\ng2\n", "g1\tK00001\tK00002\ng2\n"])
def test_kofamscan_mapper_lists(text):
    assert READERS.get("kofamscan")().sniff(text)
    rows, source = read("kofamscan", text)
    assert [(row.gene_id, row.ko) for row in rows] == [("g1", ("K00001",)), ("g1", ("K00002",))]
    assert source.warnings == ["genes without a KO: 1"]


def test_a_list_of_ids_is_no_mapper_list():
    assert not READERS.get("kofamscan")().sniff("g1\ng2\n")


def test_eggnog_fields():
    first, second, third = sample("eggnog.annotations")
    assert (first.tool, first.version, first.accession) == (
        *("eggNOG-mapper", "2.1.12"),
        "511145.b0344",
    )
    assert (first.gene, first.ec_numbers, first.ko) == ("lacZ", ("3.2.1.23",), ("K01190",))
    assert first.dbxrefs == ("COG:COG3250", "COG_category:G", "CAZy:GH2", "Pfam:Glyco_hydro_2")
    assert (second.gene, second.ec_numbers, second.go_terms, second.ko) == ("", (), (), ())
    assert third.ko == ("K01845", "K00001")


def test_eggnog_3_has_letters_of_confidence(shared):
    path = shared / "formats/eggnog/emapper_3.0beta5.emapper.annotations"
    rows = {row.gene_id: row for row in read_records(path).records}
    assert rows["181472.ENSSFAP00005012771"].note == (
        "low confidence: GOs; medium confidence: KEGG_ko, KEGG_Pathway, BRITE"
    )
    assert rows["444158.MmarC6_0803"].ko == ("K02588",)
    assert rows["444158.MmarC6_0803"].version.startswith("3.0.0")


def test_eggnog_2_0_without_header_is_told_from_version_3_by_its_last_column():
    cells = ["q1", "9606.P1", "1e-20", "99.5", "Bacteria", "lacZ", "GO:0004565", "3.2.1.23"]
    cells += ["ko:K01190", *["-"] * 8, "tax", "OGs", "best", "G", "beta-galactosidase"]
    (row,), _ = read("eggnog", "\t".join(cells) + "\n")
    assert (row.gene, row.ko, row.name) == ("lacZ", ("K01190",), "beta-galactosidase")


def test_eggnog_cut_short_is_told():
    text = (DATA / "eggnog.annotations").read_text().split("## 3 queries")[0]
    _, source = read("eggnog", text)
    assert "cut short" in source.warnings[0]


def test_interproscan_fields():
    pfam, hamap, coil, ncbifam = sample("interproscan.tsv")
    assert (pfam.family_kind, pfam.product, pfam.name) == (
        *("domain", ""),
        "Glycosyl hydrolases family 2",
    )
    assert (pfam.start, pfam.end, pfam.protein_length) == (20, 130, 300)
    assert (pfam.evalue, pfam.score) == (1.5e-22, None)
    assert pfam.go_terms == ("GO:0004553", "GO:0005975")
    assert pfam.dbxrefs == ("InterPro:IPR006102",)
    assert (hamap.family_kind, hamap.product, hamap.gene) == (
        *("equivalog", "Beta-galactosidase"),
        "lacZ",
    )
    assert (hamap.evalue, hamap.score) == (None, 39.8)
    assert coil.family_kind == ""
    assert (ncbifam.family_kind, ncbifam.product) == ("family", "acyl carrier protein")


def test_interproscan_status_other_than_true_is_not_significant():
    line = (DATA / "interproscan.tsv").read_text().splitlines()[0].replace("\tT\t", "\t?\t")
    (row,), _ = read("interproscan", line)
    assert not row.is_significant


def test_bakta_fields_and_lengths():
    first, cut, wrapped = sample("bakta.tsv")
    assert (first.version, first.database) == ("1.9.4", "UniRef90")
    assert first.accession == "UniRef90_P00722"
    assert (first.ec_numbers, first.go_terms, first.ko) == (
        *(("3.2.1.23",), ("GO:0004565",)),
        ("K01190",),
    )
    assert first.location == Location("contig_1", 101, 1003, "+")
    assert first.protein_length == 300  # 903 bases with the stop
    assert (cut.product, cut.note, cut.protein_length) == (
        *("hypothetical protein", "5' truncated"),
        0,
    )
    assert (wrapped.location, wrapped.protein_length) == (None, 0)
    assert wrapped.note == "spans the contig's origin"


def test_bakta_inference_table():
    text = (
        "# Annotated with Bakta\n# Software: v1.10.1\n# Database: v5.1, light\n"
        "#Sequence Id\tType\tStart\tStop\tStrand\tLocus Tag\tScore\tEvalue\tQuery Cov\tSubject Cov"
        "\tId\tAccession\n"
        "c1\tcds\t1\t903\t+\tB_1\t512.0\t1e-150\t0.99\t0.98\t0.912\tUniRef90_P00722\n"
    )
    assert READERS.get("bakta")().sniff(text)
    (row,), _ = read("bakta", text)
    assert (row.score, row.evalue, row.database) == (512.0, 1e-150, "UniRef90")
    assert (round(row.pident, 6), row.coverage) == (91.2, 99.0)


def test_bakta_json_has_genes_with_their_proteins():
    first, wrapped, small = sample("bakta.json")
    assert (first.source, first.ec_numbers) == ("Bakta 1.8.1", ("3.2.1.23",))
    assert first.inference == "similar to AA sequence:UniRef90:UniRef90_P00722"
    assert first.location == Location("contig_1", 413, 736, "+")
    assert (wrapped.location.start, wrapped.location.end) == (971, 1330 + 141)
    assert small.location.seqid == "contig_1"
    assert {gene.contig_length for gene in (first, wrapped, small)} == {1330}


def test_the_gff3_of_bakta_names_bakta_and_not_its_gene_caller(shared):
    path = shared / "formats/bakta/bakta_v1.5.1_plasmid.gff3"
    assert {gene.source for gene in read_records(path).records} == {"Bakta 1.5.1"}


def test_bakta_hypotheticals_are_domains():
    text = (
        "#Annotated with Bakta v1.5.1, https://github.com/oschwengers/bakta\n"
        "#Sequence Id\tStart\tStop\tStrand\tLocus Tag\tMol Weight [kDa]\tIso El. Point\tPfam hits"
        "\tDbxrefs\nc1\t1\t903\t+\tB_1\t12.1\t10.4\tPF00703|Glyco_hydro_2\t\n"
    )
    (row,), _ = read("bakta", text)
    assert (row.family_kind, row.name, row.product) == ("domain", "PF00703|Glyco_hydro_2", "")


def test_prokka_fields_and_old_columns():
    first, second, third = sample("prokka.tsv")
    assert (first.gene, first.ec_numbers, first.protein_length) == ("lacZ", ("3.2.1.23",), 300)
    assert second.product == "hypothetical protein"
    assert third.ec_numbers == ("1.3.1.-",)
    (old,), _ = read("prokka", "locus_tag\tftype\tgene\tEC_number\tproduct\nA\tCDS\t\t\tLactase\n")
    assert (old.product, old.protein_length) == ("Lactase", 0)


def test_amrfinderplus_fields():
    allele, partial, mutation = sample("amrfinderplus.tsv")
    assert (allele.product, allele.gene) == ("class A beta-lactamase TEM-156", "blaTEM-156")
    assert (allele.accession, allele.pident, allele.coverage) == ("WP_061158039.1", 100.0, 100.0)
    assert allele.note == "AMR, BETA-LACTAM, method ALLELEP"
    assert (allele.is_significant, partial.is_significant) == (True, False)
    assert (mutation.product, mutation.gene) == ("", "")
    assert "point mutation pmrB_C84R" in mutation.note


def test_amrfinderplus_rows_of_contigs_are_known_by_place():
    text = (DATA / "amrfinderplus.tsv").read_text().replace("g_1\t", "NA\t")
    rows, source = read("amrfinderplus", text)
    assert (rows[0].gene_id, rows[0].location) == ("", Location("c1", 101, 958, "+"))
    assert source.warnings[0].startswith("rows without a protein id: 1")


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "Gene ID\tHMMER\tHotpep\tDIAMOND\tSignalp\t#ofTools",
            "g\tGH13(5-90)\tGH13(12)\tN\tY(22)\t2",
        ),
        ("Gene ID\tEC#\tHMMER\teCAMI\tDIAMOND\t#ofTools", "g\t-\tGH13(5-90)\tGH13:3\tGH13\t3"),
        ("Gene ID\tEC#\tHMMER\tdbCAN_sub\tDIAMOND\t#ofTools", "g\t-\tGH13(5-90)\tGH13_e122\t-\t2"),
    ],
)
def test_dbcan_of_every_version(header, row):
    assert READERS.get("dbcan")().sniff(header + "\n")
    (found,), _ = read("dbcan", f"{header}\n{row}\n")
    assert found.accession == "GH13"
    assert (found.start, found.end, found.is_significant) == (5, 90, True)


def test_dbcan_counts_of_members_are_no_ec_numbers_of_the_protein():
    first, single, joined = sample("dbcan.tsv")
    assert first.note.endswith("characterised members of the sub-family: EC 3.2.1.23 35")
    assert (single.is_significant, single.ec_numbers) == (False, ())
    assert joined.accession == "GH43_18+GH143"
    assert (joined.start, joined.end) == (73, 858)
    assert joined.ec_numbers == ("3.2.1.55", "3.2.1.185")


# faults


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("prokka", "locus_tag\tftype\nA\tCDS\n"),
        ("dbcan", "Gene ID\tHMMER\n"),
        ("amrfinderplus", "Protein id\tMethod\n"),
        ("bakta", "#Sequence Id\tType\tStart\n"),
        ("eggnog", "#query\tevalue\nq\t1\n"),
    ],
)
def test_missing_columns_are_named(name, text):
    with pytest.raises(FormatError, match="no column"):
        read(name, text)


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "1_0", "1,5", "٣"])
def test_numbers_that_are_none_make_the_row_bad(value):
    text = (DATA / "eggnog.annotations").read_text().replace("2e-30", value)
    records, _ = read("eggnog", text)
    bad = [record for record in records if isinstance(record, BadRecord)]
    # "nan" is an empty cell elsewhere, so it is no E-value here either, and no fault.
    assert len(bad) == (0 if value == "nan" else 1)
