"""What every reader must do. Subclass it in tests/ingest/readers and fill in the five lines."""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import ClassVar

import pytest

from ingest.empty_results import reader_of_empty
from ingest.errors import FormatError, InputError, MetalumenError
from ingest.files import head, open_binary, read_records
from ingest.readers import READERS
from ingest.readers.base import BinaryReader
from ingest.records import BadRecord

DATA = Path(__file__).resolve().parent.parent / "data"


def id_of(record):
    """The id of any record."""
    names = ("record", "gene_id", "id", "accession", "source_id", "seqid", "samp_name")
    names = (*names, "subject_id")
    if hasattr(record, "source_id"):
        return record.source_id
    return next(getattr(record, name) for name in names if hasattr(record, name))


def records_of(path, name=None):
    return list(read_records(path, name).records)


class AnyReaderContract:
    """Tests for one reader, of text or not.

    ``sample`` is a file of tests/data, ``ids`` the ids of its records in order.
    """

    name: ClassVar[str]
    sample: ClassVar[str]
    ids: ClassVar[tuple[str, ...]]

    @pytest.fixture
    def path(self):
        return DATA / self.sample

    @pytest.fixture
    def data(self, path):
        return path.read_bytes()

    def test_table_resolves_the_sample_to_this_reader(self, path):
        assert READERS.get(self.name).name == self.name
        assert read_records(path).reader == self.name

    def test_describes_itself(self):
        reader = READERS.get(self.name)
        assert reader.description
        assert reader.kind in {
            *("genes", "contigs", "proteins", "families", "annotations"),
            *("genomes", "literature", "abundance", "metadata"),
        }

    def test_yields_the_records_in_order(self, path):
        assert tuple(id_of(record) for record in records_of(path)) == self.ids
        assert not any(isinstance(record, BadRecord) for record in records_of(path))

    def test_reads_the_same_twice(self, path):
        assert records_of(path) == records_of(path)

    def test_records_know_where_they_come_from(self, path):
        opened = read_records(path)
        for record in opened.records:
            assert record.provenance.path_name == self.sample
            assert record.provenance.sha256 == opened.source.sha256
            assert record.provenance.reader == self.name

    def test_compressed_file_cut_short_names_itself(self, data, tmp_path):
        cut = tmp_path / f"{self.sample}.gz"
        cut.write_bytes(gzip.compress(data)[:-20])
        with pytest.raises(FormatError, match=r"cut short.*download it again"):
            records_of(cut, self.name)


class ReaderContract(AnyReaderContract):
    """Tests for one reader.

    ``sample`` has three records or more, ``breaks`` is a text of it and what makes exactly one
    record bad in its place, and ``bad`` the (line, id) of the BadRecord that this must give.
    """

    breaks: ClassVar[tuple[str, str]]
    bad: ClassVar[tuple[int, str]]

    @pytest.fixture
    def text(self, path):
        return path.read_text(encoding="utf-8")

    def test_does_not_take_other_formats(self):
        reader = READERS.get(self.name)()
        order = READERS.names()
        for other in DATA.iterdir():
            resolved = read_records(other).reader
            if isinstance(READERS.get(resolved)(), BinaryReader):
                continue
            # A general reader may also match what a stricter one, tried before it, has taken.
            if order.index(resolved) > order.index(self.name):
                assert not reader.sniff(head(other)), other.name

    @pytest.mark.parametrize(
        "text", ["", "\n\n", "x", "{}", "<html></html>", "a,b\n1,2\n", "%PDF-1.4", "// ID\n"]
    )
    def test_does_not_take_other_text(self, text):
        assert not READERS.get(self.name)().sniff(text)

    def test_reads_crlf_and_compressed_alike(self, path, text, tmp_path):
        other = tmp_path / self.sample
        other.write_bytes(gzip.compress(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()))
        found = [id_of(record) for record in records_of(other)]
        assert found == [id_of(record) for record in records_of(path)]

    def test_one_bad_record_is_reported_with_its_line_and_the_rest_is_read(self, text, tmp_path):
        old, new = self.breaks
        assert text.count(old) == 1
        other = tmp_path / self.sample
        other.write_text(text.replace(old, new), encoding="utf-8")
        records = records_of(other, self.name)
        bad = [record for record in records if isinstance(record, BadRecord)]
        assert [(record.line, record.record) for record in bad] == [self.bad]
        assert bad[0].reason
        assert bad[0].path_name == self.sample
        good = [id_of(record) for record in records if not isinstance(record, BadRecord)]
        assert len(good) == len(self.ids) - 1
        assert set(good) < set(self.ids)

    def test_empty_file_is_a_user_error_or_no_hit(self, tmp_path):
        empty = tmp_path / self.sample
        empty.touch()
        if reader_of_empty(empty.name, self.name):
            assert not records_of(empty, self.name)
            return
        with pytest.raises(InputError, match="empty"):
            records_of(empty, self.name)

    def test_blank_file_is_a_format_error(self, tmp_path):
        blank = tmp_path / self.sample
        blank.write_text("\n \n")
        with pytest.raises(FormatError):
            records_of(blank, self.name)

    def test_other_text_forced_on_it_is_refused_or_reported(self, tmp_path):
        other = tmp_path / self.sample
        other.write_text("To be\nor not to be\tthat is\n")
        with pytest.raises(FormatError):
            records_of(other, self.name)

    def test_file_cut_anywhere_gives_records_or_a_user_error(self, path, text, tmp_path):
        whole = [id_of(record) for record in records_of(path)]
        cut = tmp_path / self.sample
        for end in range(1, len(text), max(1, len(text) // 40)):
            cut.write_text(text[:end], encoding="utf-8")
            try:
                records = records_of(cut, self.name)
            except MetalumenError:
                continue
            good = [id_of(record) for record in records if not isinstance(record, BadRecord)]
            assert len(good) <= len(whole)


class WholeFileContract(ReaderContract):
    """Tests for a reader of a format whose parts only mean something together.

    ``breaks`` is what makes the file as a whole wrong.
    """

    def test_one_bad_record_is_reported_with_its_line_and_the_rest_is_read(self, text, tmp_path):
        old, new = self.breaks
        assert text.count(old) == 1
        other = tmp_path / self.sample
        other.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(FormatError, match=self.sample):
            records_of(other, self.name)


class BinaryReaderContract(AnyReaderContract):
    """Tests for one reader of a format that is no text."""

    def test_says_what_its_files_begin_with(self):
        reader = READERS.get(self.name)()
        assert isinstance(reader, BinaryReader)
        assert reader.magic
        assert all(isinstance(magic, bytes) for magic in reader.magic)

    def test_does_not_take_other_files(self, tmp_path):
        reader = READERS.get(self.name)()
        empty = tmp_path / "magic"
        empty.write_bytes(reader.magic[0])
        others = [other for other in DATA.iterdir() if other.name != self.sample]
        for other in [*others, empty]:
            with open_binary(other) as handle:
                is_other = read_records(other).reader != self.name if other != empty else True
                assert not (is_other and reader.sniff_file(handle)), other.name

    def test_reads_a_compressed_file_alike(self, path, data, tmp_path):
        other = tmp_path / self.sample
        other.write_bytes(gzip.compress(data))
        assert [id_of(record) for record in records_of(other)] == list(self.ids)

    def test_other_files_forced_on_it_are_refused(self, tmp_path):
        other = tmp_path / self.sample
        other.touch()
        with pytest.raises(InputError, match="empty"):
            records_of(other, self.name)
        for content in (b"\n \n", b"To be\tor not\n", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", b"%PDF"):
            other.write_bytes(content)
            with pytest.raises(FormatError):
                records_of(other, self.name)

    def test_file_cut_anywhere_gives_records_or_a_user_error(self, data, tmp_path):
        cut = tmp_path / self.sample
        for end in range(1, len(data), max(1, len(data) // 40)):
            self.survives(cut, data[:end])

    def test_two_hundred_random_edits(self, data, tmp_path):
        path = tmp_path / self.sample
        for seed in range(200):
            self.survives(path, mutated(data, seed))

    def survives(self, path, data):
        """Read bytes: there are records, bad records or a user error."""
        path.write_bytes(data)
        try:
            records = records_of(path, self.name)
        except MetalumenError:
            return
        for record in records:
            assert not isinstance(record, BadRecord) or record.reason


def mutated(data, seed):
    """Damage bytes as broken disks and transfers do: flip, cut out, double or shuffle a part."""
    edits = random.Random(seed)
    start = edits.randrange(len(data))
    end = min(len(data), start + edits.choice([1, 1, 4, 64, 512]))
    part = data[start:end]
    damaged = [
        bytes(byte ^ edits.randrange(1, 256) for byte in part),
        b"",
        part + part,
        bytes(edits.sample(part, len(part))),
        b"\x00" * len(part),
    ]
    return data[:start] + edits.choice(damaged) + data[end:]
