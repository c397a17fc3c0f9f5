"""What is told of samples when a table or metadata are added."""

from __future__ import annotations

import json
import sqlite3

import pytest

from ingest.store_samples import join_warnings


@pytest.fixture
def connection():
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE samples (samp_name TEXT, attributes TEXT)")
    made.execute("CREATE TABLE sample_lists (id INTEGER PRIMARY KEY, names TEXT)")
    yield made
    made.close()


def put(connection, *, metadata=(), tables=()):
    rows = [(name, json.dumps([["site", "gut"]])) for name in metadata]
    connection.executemany("INSERT INTO samples VALUES (?, ?)", rows)
    lists = [(json.dumps(names),) for names in tables]
    connection.executemany("INSERT INTO sample_lists (names) VALUES (?)", lists)


def test_metadata_are_compared_with_all_tables(connection):
    put(connection, metadata=["A", "B", "x"], tables=[["A"], ["B", "C"]])
    assert join_warnings(connection, ["A", "B", "x"], []) == [
        "samples without metadata: 1 (C)",
        "metadata of samples in no table: 1 (x)",
    ]


def test_a_table_is_compared_with_all_metadata_and_those_of_later_tables_are_not_told(connection):
    put(connection, metadata=["A", "B", "C"], tables=[["A"]])
    assert join_warnings(connection, [], ["A"]) == []
    assert join_warnings(connection, [], ["A", "D"]) == ["samples without metadata: 1 (D)"]


def test_a_table_with_its_own_metadata_is_compared_by_itself(connection):
    put(connection, metadata=["A"], tables=[["A", "B"], ["C"]])
    assert join_warnings(connection, ["A"], ["A", "B"]) == ["samples without metadata: 1 (B)"]


def test_nothing_is_told_where_one_side_is_empty(connection):
    assert join_warnings(connection, [], ["A"]) == []
    put(connection, metadata=["A"])
    assert join_warnings(connection, ["A"], []) == []
    assert join_warnings(connection, [], []) == []
