"""The review database: one append-only table of decisions, in SQLite or any server database.

Rows are never changed or removed: triggers in the database itself refuse it. Decisions on one
gene are numbered 1, 2, 3 ...; the pair (gene, number) is unique, so of two reviewers who decide
at the same time one is told what the other decided.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    insert,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.pool import NullPool

from assistant.claims import Review
from assistant.review.states import Decision, checked_decision, proposed, standing_state
from assistant.review.triggers import forbid_changes
from ingest.errors import MissingDependencyError, ReviewError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import URL, Connection, Engine, Row

    from assistant.claims import AnnotationRecord

# Seconds that a writer waits for another one before it gives up (SQLite only).
BUSY_TIMEOUT = 30

_METADATA = MetaData()
_EVENTS = Table(
    "review_events",
    _METADATA,
    Column("event", Integer, primary_key=True, autoincrement=True),
    Column("scope", String(80), nullable=False),
    Column("gene_id", String(255), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(32), nullable=False),
    Column("reviewer", String(255), nullable=False),
    Column("reason", Text, nullable=False),
    Column("reason_code", String(64), nullable=False),
    Column("product", Text, nullable=False),
    Column("ec_number", Text, nullable=False),
    Column("orcid", String(19), nullable=False),
    Column("decided_at", String(32), nullable=False),
    Column("hypothesis_id", String(255), nullable=False),
    UniqueConstraint("scope", "gene_id", "number"),
    sqlite_autoincrement=True,
)
forbid_changes(_EVENTS)
_REVIEW_COLUMNS = [_EVENTS.c[name] for name in Review.model_fields]


class ReviewStore:
    """Decisions on the genes of one run.

    Args:
        url: SQLAlchemy URL. A SQLite file is made with the first decision, not before.
        scope: Keeps runs apart in a database that several share (a digest of the run's input);
            empty for a database of the run's own.
    """

    def __init__(self, url: str, *, scope: str = "") -> None:
        """Prepare the connection; nothing is opened yet.

        Raises:
            ReviewError: The URL cannot be read.
            MissingDependencyError: The driver of the database is not installed.
        """
        self.scope = scope
        self._engine = _engine(url)
        self._file = _sqlite_file(self._engine)
        self._prepared = False

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def decide(
        self, record: AnnotationRecord, decision: Decision, *, seen: int, now: datetime
    ) -> Review:
        """Add a decision on a gene.

        Args:
            record: The gene with the draft that the reviewer saw.
            decision: What they decided.
            seen: How many decisions on this gene they had seen: ``len(history(gene_id))``.
            now: The time of the decision, with its zone.

        Raises:
            ReviewError: The decision is not allowed, or another one came first; the message
                names it.
        """
        gene_id = record.gene.id
        known = self.history(gene_id)
        if len(known) != seen:
            raise _stale(gene_id, known)
        current = standing_state(record, known[-1] if known else None)
        decision = checked_decision(decision, current, gene_id=gene_id)
        review = _review_of(record, decision, now)
        try:
            self._append(review, seen + 1)
        except IntegrityError as error:
            raise _stale(gene_id, self.history(gene_id)) from error
        except DBAPIError as error:
            raise ReviewError(
                f"the decision could not be stored ({error.orig})",
                where=f"gene {gene_id}",
                hint="Check that the review database can be written, then decide again",
            ) from error
        return review

    def latest(self) -> dict[str, Review]:
        """Return the decision that stands for each gene, by gene id."""
        # Rows come in the order of their numbers, so the last one of a gene wins.
        return {review.gene_id: review for review in self._reviews()}

    def history(self, gene_id: str) -> tuple[Review, ...]:
        """Return all decisions on a gene, first one first; their count is what was seen."""
        return tuple(self._reviews(gene_id))

    def histories(self) -> dict[str, tuple[Review, ...]]:
        """Return all decisions by gene id, first one first."""
        by_gene: dict[str, tuple[Review, ...]] = {}
        for review in self._reviews():
            by_gene[review.gene_id] = (*by_gene.get(review.gene_id, ()), review)
        return by_gene

    def counts(self) -> dict[str, int]:
        """Count genes by the state of their latest decision; genes without one are not known."""
        return dict(sorted(Counter(review.state for review in self.latest().values()).items()))

    def _reviews(self, gene_id: str | None = None) -> list[Review]:
        if self._file is not None and not self._file.is_file():
            return []
        query = select(*_REVIEW_COLUMNS).where(_EVENTS.c.scope == self.scope)
        if gene_id is not None:
            query = query.where(_EVENTS.c.gene_id == gene_id)
        with self._connect() as connection:
            rows = connection.execute(query.order_by(_EVENTS.c.number, _EVENTS.c.event)).all()
        return [_review_from(row) for row in rows]

    def _append(self, review: Review, number: int) -> None:
        values = review.model_dump() | {"scope": self.scope, "number": number}
        with self._connect() as connection:
            connection.execute(insert(_EVENTS).values(values))
            connection.commit()

    def _connect(self) -> Connection:
        """Connect, and make the table on first use.

        Raises:
            ReviewError: The database cannot be opened or is not a review database.
        """
        try:
            if not self._prepared:
                _METADATA.create_all(self._engine)
                self._prepared = True
            return self._engine.connect()
        except DBAPIError as error:
            raise ReviewError(
                f"the review database cannot be opened ({error.orig})",
                where=self._engine.url.render_as_string(hide_password=True),
                hint="Check the path or URL and the rights to write there",
            ) from error


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed)
        # NullPool: a file is closed after each use, so a run folder can be moved at any time.
        options = {"timeout": BUSY_TIMEOUT}
        pool = NullPool if _is_file(parsed) else None
        return create_engine(parsed, connect_args=options, poolclass=pool)
    except ArgumentError as error:
        raise ReviewError(
            f"the URL of the review database cannot be used ({error})",
            hint="Write it like sqlite:///reviews.sqlite or postgresql+psycopg://host/database",
        ) from error
    except ModuleNotFoundError as error:
        raise MissingDependencyError(
            f"the driver {error.name!r} of the review database is not installed",
            hint="For PostgreSQL: pip install 'metalumen[postgres]'",
        ) from error


def _is_file(url: URL) -> bool:
    return bool(url.database) and url.database != ":memory:"


def _sqlite_file(engine: Engine) -> Path | None:
    is_sqlite = engine.dialect.name == "sqlite"
    return Path(str(engine.url.database)) if is_sqlite and _is_file(engine.url) else None


def _review_of(record: AnnotationRecord, decision: Decision, now: datetime) -> Review:
    """Write down what is signed, so that the decision outlives the draft."""
    if now.tzinfo is None:
        raise ValueError("the time of a decision needs a time zone")
    values = decision.model_dump()
    if decision.state == "accepted":
        values["product"], values["ec_number"] = proposed(record)
    if decision.state == "accepted_with_changes":
        values["product"] = decision.product or proposed(record)[0]
    return Review(
        **values,
        gene_id=record.gene.id,
        decided_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        hypothesis_id=record.hypothesis.id,
    )


def _review_from(row: Row[Any]) -> Review:
    return Review.model_validate(dict(row._mapping))


def _stale(gene_id: str, known: tuple[Review, ...]) -> ReviewError:
    last = known[-1] if known else None
    said = (
        f"{last.reviewer} decided {last.state.replace('_', ' ')} at {last.decided_at}"
        if last
        else "its history is shorter than what was seen"
    )
    return ReviewError(
        f"another decision came first: {said}",
        where=f"gene {gene_id}",
        hint="Read it, then decide again",
    )
