"""Exporters, one file per format; all are made from the same records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.registry import Registry

if TYPE_CHECKING:
    from assistant.report.base import Exporter

EXPORTERS: Registry[type[Exporter]] = Registry(
    "report format",
    "metalumen.exporters",
    {
        "html": "assistant.report.html:HtmlExporter",
        "markdown": "assistant.report.markdown:MarkdownExporter",
        "tsv": "assistant.report.tsv:TsvExporter",
        "jsonl": "assistant.report.jsonl:JsonlExporter",
        "gff3": "assistant.report.gff3:Gff3Exporter",
    },
)
