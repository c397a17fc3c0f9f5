import json

import pytest

from assistant.claims import DRAFT_NOTICE, AnnotationRecord
from assistant.report.jsonl import JsonlExporter
from tests.assistant.sample_records import FAILED_CLAIMS, sample_records
from tests.assistant.sample_reports import sample_report
from tests.contracts.exporter import ExporterContract, written

ADDED = ("review", "history", "notice")


class TestJsonl(ExporterContract):
    hides_drafts = False

    @pytest.fixture
    def exporter(self):
        return JsonlExporter()

    def outside_marked(self, text):
        lines = [json.loads(line) for line in text.splitlines()]
        for line in lines:
            claims = line["hypothesis"]["claims"]
            line["hypothesis"]["claims"] = [c for c in claims if c["verdict"] == "supported"]
        return json.dumps(lines, ensure_ascii=False)

    def test_is_still_the_record(self, exporter):
        lines = [json.loads(line) for line in written(exporter, sample_report()).splitlines()]
        for line, record in zip(lines, sample_records(), strict=True):
            assert line["notice"] == DRAFT_NOTICE
            bare = {name: value for name, value in line.items() if name not in ADDED}
            assert AnnotationRecord.model_validate(bare) == record

    def test_states_follow_the_reviews(self, exporter, reviewed):
        lines = [json.loads(line) for line in written(exporter, reviewed).splitlines()]
        states = [line["hypothesis"]["state"] for line in lines]
        assert states == [
            "accepted",
            "draft",
            "accepted_with_changes",
            "draft",
            "rejected",
            "draft",
        ]
        assert [bool(line["review"]) for line in lines] == [state != "draft" for state in states]

    def test_failed_claims_keep_their_verdict(self, exporter):
        lines = [json.loads(line) for line in written(exporter, sample_report()).splitlines()]
        verdicts = {c["text"]: c["verdict"] for c in lines[3]["hypothesis"]["claims"]}
        assert [verdicts[text] for text in FAILED_CLAIMS] == [
            "partial",
            "unsupported",
            "contradicted",
            "unchecked",
        ]

    def test_holds_no_control_characters(self):
        """JSON keeps the texts as they are; its own escapes make them safe."""
