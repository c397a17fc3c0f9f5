"""A damaged file gives records, bad records or a user error; never a traceback or a hang."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import MetalumenError
from ingest.readers import READERS
from ingest.readers.base import Source
from ingest.records import BadRecord
from tests.contracts.reader import DATA, ReaderContract
from tests.ingest.readers.test_contracts import CONTRACTS

SAMPLES = {
    name: contract.sample
    for name, contract in CONTRACTS.items()
    if issubclass(contract, ReaderContract)  # files that are no text are damaged by their contract
}
#: What editors, spreadsheets and broken transfers put into files.
JUNK = ["", "\n", "\t", ";", ",", ">", "#", "=", "|", "\x00", "\ufffd", "é", '"', "-1", "1e999"]
JUNK += ["NaN", "//", "##FASTA\n", "..", "%", "%zz", "{", "}", "<", "&x;", "]]>", "9" * 40]


def read(name, text):
    return list(READERS.get(name)().read(io.StringIO(text), Source("x")))


def survives(name, text):
    READERS.get(name)().sniff(text)
    try:
        records = read(name, text)
    except MetalumenError:
        return
    for record in records:
        if isinstance(record, BadRecord):
            assert record.reason
            assert record.path_name == "x"


@pytest.mark.parametrize("name", SAMPLES)
def test_five_hundred_random_edits(name):
    text = (DATA / SAMPLES[name]).read_text()
    edits = random.Random(name)
    for _ in range(500):
        start = edits.randrange(len(text))
        end = min(len(text), start + edits.choice([0, 0, 1, 1, 5, 80]))
        survives(name, text[:start] + edits.choice(JUNK) + text[end:])


@pytest.mark.parametrize("name", SAMPLES)
def test_lines_dropped_doubled_or_swapped(name):
    lines = (DATA / SAMPLES[name]).read_text().splitlines(keepends=True)
    for number, line in enumerate(lines):
        survives(name, "".join(lines[:number] + lines[number + 1 :]))
        survives(name, "".join([*lines[: number + 1], line, *lines[number + 1 :]]))
        survives(name, "".join([*lines[number:], *lines[:number]]))


@pytest.mark.parametrize("name", ["protein_fasta", "gff3", "protein_tsv", "metaphlan", "humann"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_text_survives(name, data):
    line = st.lists(st.sampled_from([*JUNK, "a", "CDS", "12", "+", "ID=x", "k__A"]), max_size=10)
    lines = data.draw(st.lists(line.map("\t".join), max_size=8))
    survives(name, "\n".join(lines))
    head = (DATA / SAMPLES[name]).read_text().splitlines()[:3]
    survives(name, "\n".join([*head, *lines]))


@given(values=st.lists(st.floats(0, 100), min_size=1, max_size=20))
def test_numbers_survive_the_way_through_a_table(values):
    text = "# Pathway\tS1\n" + "".join(f"P{n}\t{value!r}\n" for n, value in enumerate(values))
    assert [dict(row.values)["S1"] for row in read("humann", text)] == values


@given(st.lists(st.text("ACDEFGHIKLMNPQRSTVWY", min_size=1, max_size=200), min_size=1, max_size=9))
def test_sequences_survive_the_way_through_fasta(sequences):
    lines = [
        "\n".join([f">p{n}", *(sequence[i : i + 60] for i in range(0, len(sequence), 60))])
        for n, sequence in enumerate(sequences)
    ]
    assert [gene.translation for gene in read("protein_fasta", "\n".join(lines))] == sequences
