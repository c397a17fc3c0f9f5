"""XML: a fault takes one element along, and is told with its line and id."""

from __future__ import annotations

import io
import re

import pytest

from ingest import xml_stream
from ingest.errors import FormatError
from ingest.readers.base import Source
from ingest.records import BadRecord
from ingest.xml_stream import elements, first_tag, text_of

RECORD = "<r>\n<PMID>{n}</PMID>\n<t>Text {n} of α and more.</t>\n</r>\n"
RECORDS = [RECORD.format(n=n) for n in range(1, 9)]


def read(text, tags=("r",)):
    found = list(elements(io.StringIO(text), Source("x.xml"), tags))
    good = [text_of(it.find("PMID")) for it in found if not isinstance(it, BadRecord)]
    return good, [(it.line, it.record) for it in found if isinstance(it, BadRecord)]


def wrapped(records):
    return f"<set>\n{''.join(records)}</set>\n"


FAULTS = [
    lambda record: record.replace("Text", "Te & xt"),
    lambda record: record.replace("</t>", ""),
    lambda record: record.replace("<t>", "<t"),
    lambda record: record.replace("of", "\x00"),
    lambda record: record.replace("of", "&unknown;"),
    lambda record: record.replace("</r>", "</wrong></r>"),
]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", [1, 4, 7])
@pytest.mark.parametrize("kept", [64, 64 * 1024])
def test_a_fault_costs_one_record(monkeypatch, fault, number, kept):
    monkeypatch.setattr(xml_stream, "_CHUNK", kept)
    records = list(RECORDS)
    records[number - 1] = fault(records[number - 1])
    good, bad = read(wrapped(records))
    assert good == [str(n) for n in range(1, 9) if n != number]
    (line, own), *rest = bad
    assert own == str(number)
    assert 4 * number - 2 <= line <= 4 * number + 2
    assert rest == []


def test_faults_in_two_records_are_told_apart():
    records = list(RECORDS)
    for number in (2, 5):
        records[number - 1] = records[number - 1].replace("Text", "<<")
    good, bad = read(wrapped(records))
    assert good == ["1", "3", "4", "6", "7", "8"]
    assert [own for _, own in bad] == ["2", "5"]


def test_a_file_that_is_cut_tells_its_last_record():
    text = wrapped(RECORDS)
    good, bad = read(text[: text.index("Text 8")])
    assert (len(good), [own for _, own in bad]) == (7, ["8"])


def test_a_file_without_its_end_tells_that_it_is_cut():
    good, bad = read(wrapped(RECORDS).replace("</set>\n", ""))
    assert len(good) == 8
    assert len(bad) == 1


def test_what_is_no_xml_is_refused():
    for text in ("", "To be or not", "<set><r>", "<set>"):
        with pytest.raises(FormatError, match=r"x\.xml.*broken or cut short"):
            read(text)


def test_entities_are_refused_and_names_of_characters_are_known():
    bomb = '<!DOCTYPE x [<!ENTITY a "ha">]><set><r><PMID>&a;</PMID></r></set>'
    with pytest.raises(FormatError, match="the XML is refused"):
        read(bomb)
    text = '<!DOCTYPE set SYSTEM "x.dtd"><set><r>&alpha;&deg;</r></set>'
    (element,) = elements(io.StringIO(text), Source("x"), ("r",))
    assert text_of(element) == "α°"


def test_name_spaces_and_what_stands_before_the_root_do_not_matter():
    text = '<?xml version="1.0"?><!-- <no> -->\n<a:set xmlns:a="urn:x">'
    text += "<a:r><a:PMID>1</a:PMID></a:r></a:set>"
    assert first_tag(text) == "set"
    assert read(text) == (["1"], [])
    assert first_tag("no <xml>") == ""


def test_elements_inside_wanted_ones_belong_to_them():
    text = "<set><r><PMID>1</PMID><r><PMID>2</PMID></r></r><r><PMID>3</PMID></r></set>"
    assert read(text)[0] == ["1", "3"]


def test_text_leaves_out_what_is_dropped_but_not_what_follows_it():
    (element,) = elements(io.StringIO("<r>a <x>b<y>c</y></x> d<z/> e</r>"), Source("x"), ("r",))
    assert text_of(element, {"x"}) == "a d e"
    assert text_of(element, {"y"}) == "a b d e"
    deep = "<r>" + "<i>" * 5000 + "x" + "</i>" * 5000 + "</r>"
    (element,) = elements(io.StringIO(deep), Source("x"), ("r",))
    assert re.fullmatch("x", text_of(element, {"y"}))
