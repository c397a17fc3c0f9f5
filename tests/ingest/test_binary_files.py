"""Files that are no text: how their readers are found, and what archives may not hold."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile

import pytest

from ingest.archives import ZIP_MAGIC, Archive, has_members
from ingest.errors import FormatError
from ingest.files import open_binary, read_records
from ingest.readers import READERS
from ingest.records import Sample
from tests.contracts.reader import DATA


class BagReader:
    """A zip of samples, one name per line of a member called samples."""

    name = "bag"
    kind = "metadata"
    description = "a bag"
    magic = ZIP_MAGIC

    def sniff_file(self, handle):
        return has_members(handle, ["samples"])

    def read_file(self, handle, source):
        text = Archive(handle, source.path_name).text("samples").read()
        for line, name in enumerate(text.splitlines(), 1):
            if name == "bug":
                raise KeyError(name)
            yield Sample(name, (), source.provenance(self.name, line))


@pytest.fixture(autouse=True)
def bag(monkeypatch):
    monkeypatch.setitem(READERS._builtin, "bag", f"{__name__}:BagReader")


def zipped(members):
    handle = io.BytesIO()
    with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return handle.getvalue()


def names_in(path, name=None):
    return [record.samp_name for record in read_records(path, name).records]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_archive_is_told_by_its_members(tmp_path, pack):
    path = tmp_path / "misleading.txt"
    path.write_bytes(pack(zipped({"samples": "a\nb\n"})))
    assert read_records(path).reader == "bag"
    assert names_in(path) == ["a", "b"]


def test_archive_of_another_format_is_still_named(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"other": "a\n"}))
    with pytest.raises(FormatError, match="zip archive"):
        read_records(path)


def test_binary_reader_forced_on_text_is_refused():
    with pytest.raises(FormatError, match=r"genes\.faa: the zip archive is damaged"):
        names_in(DATA / "genes.faa", "bag")


def test_what_a_library_raises_becomes_a_format_error(tmp_path):
    path = tmp_path / "x.bag"
    path.write_bytes(zipped({"samples": "a\nbug\n"}))
    with pytest.raises(FormatError, match=r"x\.bag: the file is damaged or no bag \(KeyError"):
        names_in(path)


@pytest.mark.parametrize("name", ["../samples", "/samples", "a/../../samples", "C:\\samples"])
def test_member_that_points_out_of_the_archive_is_refused(name):
    with pytest.raises(FormatError, match="points out of the archive"):
        Archive(io.BytesIO(zipped({name: "a"})), "x.zip")


def test_link_is_refused():
    handle = io.BytesIO()
    with zipfile.ZipFile(handle, "w") as archive:
        link = zipfile.ZipInfo("samples")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(FormatError, match="is a link"):
        Archive(handle, "x.zip")


def test_member_that_grows_beyond_reason_is_refused():
    archive = Archive(io.BytesIO(zipped({"samples": b"\x00" * 40_000_000})), "x.zip")
    with pytest.raises(FormatError, match="unpacks to more than"):
        archive.read("samples")


def test_limit_of_the_caller_holds():
    archive = Archive(io.BytesIO(zipped({"samples": "abcdef"})), "x.zip")
    assert archive.read("samples", 6) == b"abcdef"
    with pytest.raises(FormatError, match="more than 5 bytes"):
        archive.read("samples", 5)


def test_member_damaged_inside_is_named():
    data = bytearray(zipped({"samples": "abcdef" * 100}))
    data[60:62] = b"\xff\xff"
    with pytest.raises(FormatError, match="member 'samples' is damaged"):
        Archive(io.BytesIO(bytes(data)), "x.zip").read("samples")
    assert has_members(io.BytesIO(bytes(data)), ["samples"])


def test_text_of_a_member():
    archive = Archive(io.BytesIO(zipped({"a": b"\xef\xbb\xbfx\r\ny\rz", "b": b"\xff"})), "x.zip")
    assert archive.text("a").read() == "x\ny\nz"
    with pytest.raises(FormatError, match="no UTF-8"):
        archive.text("b")
    with pytest.raises(FormatError, match="no member 'c'"):
        archive.text("c")


def test_compressed_binary_file_that_grows_beyond_reason_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.files._MOST_BYTES", 1_000_000)
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"PK\x03\x04" + b"\x00" * 2_000_000))
    with pytest.raises(FormatError, match="unpacks to more than"), open_binary(path):
        pass
