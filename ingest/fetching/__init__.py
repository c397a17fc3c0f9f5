"""Fetching literature from public services, on request only; the files are then read as any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.registry import Registry

if TYPE_CHECKING:
    from ingest.fetching.base import ServiceFactory

SERVICES: Registry[ServiceFactory] = Registry(
    "literature service",
    "metalumen.literature_services",
    {
        "pubmed": "ingest.fetching.pubmed:PubMed",
        "europepmc": "ingest.fetching.europepmc:EuropePmc",
    },
)
