"""What every exporter must do. Subclass it, give ``exporter`` as a fixture, set what differs."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from assistant.report import EXPORTERS
from tests.assistant.sample_records import FAILED_CLAIMS, SUPPORTED
from tests.assistant.sample_reports import sample_report, sample_reviews


def written(exporter, report):
    """Export to text; the bytes must be UTF-8."""
    handle = io.BytesIO()
    exporter.write(report, handle)
    return handle.getvalue().decode("utf-8")


def letters(text):
    """Keep letters and digits only, so that escapes and line breaks do not matter."""
    return "".join(character for character in text.lower() if character.isalnum())


class ExporterContract:
    """Tests for one exporter, on a run with every state and texts that try to break out."""

    #: The format states facts: texts of claims are never in it.
    states_facts = False
    #: Drafts that nobody asked for are left out.
    hides_drafts = True
    #: Names of genes that this format cannot carry are left out (no coordinates).
    needs_coordinates = False

    @pytest.fixture
    def exporter(self):
        raise NotImplementedError

    @pytest.fixture
    def reviewed(self):
        return sample_report(reviews=sample_reviews())

    def decoded(self, text):
        """Undo the escapes of the format."""
        return text

    def outside_marked(self, text):
        """Return the output without its section of claims that failed."""
        return text

    def test_is_known_by_its_name(self, exporter):
        assert EXPORTERS.get(exporter.name) is type(exporter)
        assert exporter.suffix.startswith(".")

    def test_the_same_report_gives_the_same_bytes(self, exporter, reviewed):
        assert written(exporter, reviewed) == written(exporter, reviewed)

    def test_an_empty_run_is_written(self, exporter, reviewed):
        written(exporter, replace(reviewed, records=(), failed=(), reviews={}))

    def test_every_state_is_told(self, exporter, reviewed):
        text = letters(written(exporter, reviewed))
        for state in ("accepted", "acceptedwithchanges", "rejected", "draft"):
            assert state in text

    def test_says_that_drafts_are_machine_made(self, exporter):
        assert "machinedrafted" in letters(written(exporter, sample_report()))

    def test_names_the_reference_behind_an_annotation(self, exporter, reviewed):
        assert "UniProtKB:P00722" in written(exporter, reviewed)

    def test_no_failed_claim_reads_as_a_fact(self, exporter, reviewed):
        text = written(exporter, reviewed)
        everything = letters(self.decoded(text))
        outside = letters(self.decoded(self.outside_marked(text)))
        for claim in FAILED_CLAIMS:
            assert letters(claim) not in outside
            assert (letters(claim) in everything) is not self.states_facts
        assert (letters(SUPPORTED) in outside) is not self.states_facts

    def test_keeps_drafts_to_itself_unless_asked(self, exporter):
        text = written(exporter, sample_report(reviews=sample_reviews(), include_drafts=False))
        assert ("SusC/RagA" in text) is not self.hides_drafts
        assert "GUT_00038" in text
        assert "beta-galactosidase" in text

    def test_names_every_gene(self, exporter, reviewed):
        text = letters(self.decoded(written(exporter, reviewed)))
        for record in reviewed.records:
            if record.gene.location or not self.needs_coordinates:
                assert letters(record.gene.id) in text

    def test_holds_no_control_characters(self, exporter, reviewed):
        text = written(exporter, reviewed)
        assert not [c for c in text if not c.isprintable() and c not in "\t\n"]
