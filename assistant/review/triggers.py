"""Triggers that make the table of events append-only, in the words of each database."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sqlalchemy import event

from ingest.errors import ReviewError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table

# INSERT OR REPLACE removes a row without firing DELETE triggers, so SQLite needs the third one.
_SQLITE: Final = (
    """CREATE TRIGGER review_events_no_update BEFORE UPDATE ON review_events
    BEGIN SELECT RAISE(ABORT, 'review events are append-only'); END""",
    """CREATE TRIGGER review_events_no_delete BEFORE DELETE ON review_events
    BEGIN SELECT RAISE(ABORT, 'review events are append-only'); END""",
    """CREATE TRIGGER review_events_no_replace BEFORE INSERT ON review_events
    WHEN EXISTS (SELECT 1 FROM review_events WHERE event = NEW.event
        OR (scope = NEW.scope AND gene_id = NEW.gene_id AND number = NEW.number))
    BEGIN SELECT RAISE(ABORT, 'review events are append-only'); END""",
)
_POSTGRESQL: Final = (
    """CREATE OR REPLACE FUNCTION review_events_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'review events are append-only'; END $$""",
    """CREATE TRIGGER review_events_no_change BEFORE UPDATE OR DELETE ON review_events
    FOR EACH ROW EXECUTE FUNCTION review_events_refuse()""",
    """CREATE TRIGGER review_events_no_truncate BEFORE TRUNCATE ON review_events
    FOR EACH STATEMENT EXECUTE FUNCTION review_events_refuse()""",
)
_MYSQL: Final = (
    """CREATE TRIGGER review_events_no_update BEFORE UPDATE ON review_events
    FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'review events are append-only'""",
    """CREATE TRIGGER review_events_no_delete BEFORE DELETE ON review_events
    FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'review events are append-only'""",
)
TRIGGERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"sqlite": _SQLITE, "postgresql": _POSTGRESQL, "mysql": _MYSQL, "mariadb": _MYSQL}
)


def forbid_changes(table: Table) -> None:
    """Have the triggers made together with the table.

    A database for which none are known is refused before the table is made: there the history
    could be rewritten.
    """
    event.listen(table, "before_create", _check_dialect)
    event.listen(table, "after_create", _create_triggers)


def _check_dialect(_table: Table, connection: Connection, **_options: object) -> None:
    if connection.dialect.name not in TRIGGERS:
        raise ReviewError(
            f"reviews cannot be kept append-only in {connection.dialect.name}",
            where="review database",
            hint=f"Use one of: {', '.join(TRIGGERS)}",
        )


def _create_triggers(_table: Table, connection: Connection, **_options: object) -> None:
    for statement in TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
