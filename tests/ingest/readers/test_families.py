"""Readers of profiles and of the tables beside them, against HMMER itself and plain counting."""

from __future__ import annotations

import io
import lzma
import re

import pytest

from ingest.errors import FormatError
from ingest.files import read_records
from ingest.readers import READERS
from ingest.readers.base import Source
from ingest.records import BadRecord, FamilyNote
from tests.contracts.reader import DATA

TEXT = (DATA / "families.hmm").read_text()
FIRST = TEXT[: TEXT.index("//\n") + 3]


def read(name, text):
    return list(READERS.get(name)().read(io.StringIO(text), Source("x")))


def reasons(name, text):
    return [record.reason for record in read(name, text) if isinstance(record, BadRecord)]


def test_profiles_are_what_hmmer_reads():
    from pyhmmer.plan7 import HMMFile

    with HMMFile(DATA / "families.hmm") as file:
        expected = list(file)
    families = read("hmmer3", TEXT)
    for family, hmm in zip(families, expected, strict=True):
        assert (family.name, family.length) == (hmm.name, hmm.M)
        assert family.description == (hmm.description or "")
        assert ".".join(filter(None, (family.accession, family.version))) == (
            hmm.accession or hmm.name
        )
        for name in ("gathering", "trusted", "noise"):
            expected_pair = getattr(hmm.cutoffs, name)
            assert getattr(family, name) == (expected_pair and pytest.approx(expected_pair))
    assert "".join(family.profile for family in families) == TEXT


def test_what_a_description_states():
    dom, ko, own = read("hmmer3", TEXT)
    assert (dom.database, ko.database, own.database) == ("Pfam", "KOfam", "own")
    assert (own.product, own.ec_numbers) == ("lactase", ("3.2.1.23", "3.2.1.108"))
    assert ko.ko == ("K99001",)
    assert dom.product == ""


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("ALPH  amino", "ALPH  DNA", "for DNA"),
        ("STATS LOCAL VITERBI", "STATZ LOCAL VITERBI", "no E-values"),
        ("GA    10.50 9.50", "GA    10.50", "not two scores"),
        ("LENG  12", "LENG  1e1", "LENG is"),
        ("LENG  12", "LENG  " + "9" * 30, "LENG is"),
        ("NAME  Dom_N", "NAME  Dom N", "not one word"),
        ("NAME  Dom_N\n", "", "no NAME line"),
        ("//\n", "", "no // at its end"),
    ],
)
def test_a_broken_model_says_why_and_the_others_are_read(old, new, reason):
    assert FIRST.count(old) == 1
    (told,) = reasons("hmmer3", FIRST.replace(old, new) + TEXT[len(FIRST) :])
    assert reason in told


def test_every_line_of_numbers_is_checked():
    lines = FIRST.splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if line.startswith("HMM ")) + 2
    for number in range(first, len(lines) - 1):
        for old, new in ((".", ","), (".", ".x"), ("  ", " nan ")):
            changed = lines[number].replace(old, new, 1)
            broken = [*lines[:number], changed, *lines[number + 1 :]]
            assert reasons("hmmer3", "".join(broken) + TEXT[len(FIRST) :]), lines[number]


def test_a_profile_that_occurs_twice_counts_once():
    (told,) = reasons("hmmer3", TEXT + FIRST)
    assert "occurs twice, first on line 1" in told


def test_profiles_of_hmmer2_say_how_to_convert_them():
    text = "HMMER2.0\nNAME  S16\nLENG  81\nALPH  Amino\n//\n"
    assert READERS.get("hmmer3")().sniff(text)
    with pytest.raises(FormatError, match="hmmconvert"):
        read("hmmer3", text)


def test_ko_list_has_thresholds_types_and_ec_numbers():
    first, second, third = read("ko_list", (DATA / "ko_list.tsv").read_text())
    assert (first.threshold, first.score_type) == (329.57, "domain")
    assert (first.product, first.ec_numbers) == (
        "made-up dehydrogenase",
        ("1.1.1.1", "1.1.1.2"),
    )
    assert second.threshold is None
    assert (third.threshold, third.score_type, third.product) == (277.79, "full", "")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("277.79\tfull", "277.79\tbest", "neither full nor domain"),
        ("277.79\tfull", "nan\tfull", "no score"),
        ("K99003", "K9903", "no KO number"),
        ("K99003", "K99001", "occurs twice, first on line 2"),
        ("\tuncharacterized protein", "", "11 fields where the header has 12"),
    ],
)
def test_a_broken_row_of_ko_list(old, new, reason):
    (told,) = reasons("ko_list", (DATA / "ko_list.tsv").read_text().replace(old, new))
    assert reason in told


def test_both_ways_to_write_go_terms_say_the_same():
    official = read("pfam2go", (DATA / "pfam2go.txt").read_text())
    table = "family\tterm\n" + "".join(f"{n.accession}.7\t{n.go_terms[0]}\tx\n" for n in official)
    assert READERS.get("pfam2go")().sniff(table)
    again = read("pfam2go", table)
    assert [(n.accession, n.go_terms) for n in again] == [
        (n.accession, n.go_terms) for n in official
    ]


def test_types_of_ncbi_and_pfam_become_kinds():
    known, kin, unknown = read("family_tsv", (DATA / "family_table.tsv").read_text())
    assert (known.kind, known.product, known.gene) == ("equivalog", "made-up lactase", "lacX")
    assert known.ec_numbers == ("3.2.1.23", "3.2.1.108")
    assert kin.kind == "family"
    assert (unknown.kind, unknown.product) == ("equivalog", "")
    kinds = [note.kind for note in read("pfam_dat", (DATA / "pfam.dat").read_text())]
    assert kinds == ["domain", "family", "domain"]


def test_the_real_go_terms_of_pfam_are_read_whole(shared):
    path = shared / "enzymes" / "gut_demo" / "pfam2go_pfam32.tsv.xz"
    with lzma.open(path, "rt", encoding="utf-8") as handle:
        expected = re.findall(r"^(PF\d{5})\t(GO:\d{7})\t", handle.read(), re.MULTILINE)
    opened = read_records(path)
    notes = list(opened.records)
    assert opened.reader == "pfam2go"
    assert [(note.accession, note.go_terms[0]) for note in notes] == expected


def test_the_real_descriptions_of_pfam_are_read_whole(shared):
    path = shared / "enzymes" / "gut_demo" / "pfam_descriptions.tsv.xz"
    with lzma.open(path, "rt", encoding="utf-8") as handle:
        rows = [line.rstrip("\n").split("\t") for line in handle][1:]
    notes = list(read_records(path).records)
    assert all(isinstance(note, FamilyNote) for note in notes)
    assert [(note.accession, note.description) for note in notes] == [
        (accession, description.strip()) for accession, description in rows
    ]
