"""The tables of ``kb.sqlite``. A change of any line below needs a new ``SCHEMA_VERSION``.

Tuples are stored as JSON. Triggers keep the full-text indexes in step: they call functions that
``ingest.words`` gives to each connection. The integer key of ``sequences`` and of ``documents``
is the id of its vector and is never used twice. ``embedded`` names the part of the vector space
that holds the vector, "" while there is none. Ids of vectors that no longer count are
``tombstones``.
"""

from __future__ import annotations

from typing import Final

SCHEMA_VERSION: Final = 3
#: "MLUM": lets `file` and SQLite tell a knowledge base from any other database.
APPLICATION_ID: Final = 0x4D4C554D

TABLES: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE spaces (
    space TEXT PRIMARY KEY, spec TEXT NOT NULL,
    name TEXT NOT NULL, revision TEXT NOT NULL, dim INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE files (
    id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, path_name TEXT NOT NULL,
    reader TEXT NOT NULL, kind TEXT NOT NULL, role TEXT NOT NULL, unit TEXT NOT NULL,
    added TEXT NOT NULL, bad INTEGER NOT NULL, origin TEXT NOT NULL DEFAULT '',
    UNIQUE (sha256, reader, role)
);
CREATE TABLE sequences (
    id INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL UNIQUE, residues TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('gene', 'protein')), embedded TEXT NOT NULL DEFAULT ''
);
CREATE INDEX sequences_to_embed ON sequences (id) WHERE embedded != role;
CREATE TABLE proteins (
    id INTEGER PRIMARY KEY, accession TEXT NOT NULL,
    sequence_id INTEGER REFERENCES sequences (id),
    name TEXT NOT NULL, gene TEXT NOT NULL, ec_numbers TEXT NOT NULL, go_terms TEXT NOT NULL,
    ko TEXT NOT NULL, taxon TEXT NOT NULL, reviewed INTEGER NOT NULL, function TEXT NOT NULL,
    pmids TEXT NOT NULL, database TEXT NOT NULL,
    document_id INTEGER, file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL
);
CREATE UNIQUE INDEX proteins_once ON proteins (accession, IFNULL(sequence_id, 0));
CREATE INDEX proteins_of_sequence ON proteins (sequence_id);
CREATE INDEX proteins_of_document ON proteins (document_id);
CREATE TABLE genes (
    id INTEGER PRIMARY KEY, content TEXT NOT NULL UNIQUE, gene_id TEXT NOT NULL,
    sequence_id INTEGER REFERENCES sequences (id),
    product TEXT NOT NULL, gene TEXT NOT NULL,
    seqid TEXT, "start" INTEGER, "end" INTEGER, strand TEXT,
    contig_length INTEGER NOT NULL, partial INTEGER NOT NULL, ec_numbers TEXT NOT NULL,
    go_terms TEXT NOT NULL, ko TEXT NOT NULL, dbxrefs TEXT NOT NULL, inference TEXT NOT NULL,
    source TEXT NOT NULL, file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL
);
CREATE INDEX genes_by_id ON genes (gene_id);
CREATE INDEX genes_of_sequence ON genes (sequence_id);
CREATE INDEX genes_on_contig ON genes (seqid, "start");
CREATE TABLE annotations (
    id INTEGER PRIMARY KEY, content TEXT NOT NULL,
    match_id TEXT NOT NULL, gene_id TEXT NOT NULL, tool TEXT NOT NULL, version TEXT NOT NULL,
    database TEXT NOT NULL, accession TEXT NOT NULL, name TEXT NOT NULL, product TEXT NOT NULL,
    gene TEXT NOT NULL, ec_numbers TEXT NOT NULL, go_terms TEXT NOT NULL, ko TEXT NOT NULL,
    dbxrefs TEXT NOT NULL, family_kind TEXT NOT NULL,
    "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    seqid TEXT, seq_start INTEGER, seq_end INTEGER, strand TEXT,
    protein_length INTEGER NOT NULL, sequence_md5 TEXT NOT NULL,
    score REAL, evalue REAL, threshold REAL, pident REAL, coverage REAL,
    is_significant INTEGER NOT NULL, note TEXT NOT NULL,
    file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL,
    UNIQUE (content, file_id)
);
CREATE INDEX annotations_by_id ON annotations (match_id);
CREATE INDEX annotations_of_sequence ON annotations (sequence_md5) WHERE sequence_md5 != '';
CREATE INDEX annotations_on_contig ON annotations (seqid) WHERE match_id = '';
CREATE TABLE genomes (
    id INTEGER PRIMARY KEY, content TEXT NOT NULL, genome_id TEXT NOT NULL, tool TEXT NOT NULL,
    kind TEXT NOT NULL, version TEXT NOT NULL, lineage TEXT NOT NULL,
    completeness REAL, contamination REAL, size INTEGER NOT NULL, n50 INTEGER NOT NULL,
    contigs INTEGER NOT NULL, genes INTEGER NOT NULL, gc REAL, closest_reference TEXT NOT NULL,
    ani REAL, note TEXT NOT NULL,
    file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL,
    UNIQUE (content, file_id)
);
CREATE INDEX genomes_by_id ON genomes (genome_id);
CREATE TABLE families (
    id INTEGER PRIMARY KEY, accession TEXT NOT NULL UNIQUE, version TEXT NOT NULL,
    name TEXT NOT NULL, description TEXT NOT NULL, database TEXT NOT NULL, kind TEXT NOT NULL,
    clan TEXT NOT NULL, length INTEGER NOT NULL, cut_offs TEXT NOT NULL, product TEXT NOT NULL,
    gene TEXT NOT NULL, ec_numbers TEXT NOT NULL, go_terms TEXT NOT NULL, ko TEXT NOT NULL,
    sha256 TEXT NOT NULL, file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL
);
CREATE TABLE family_profiles (
    family_id INTEGER PRIMARY KEY REFERENCES families (id), profile BLOB NOT NULL
);
CREATE TABLE family_notes (
    id INTEGER PRIMARY KEY, accession TEXT NOT NULL, name TEXT NOT NULL,
    description TEXT NOT NULL, kind TEXT NOT NULL, clan TEXT NOT NULL, threshold REAL,
    score_type TEXT NOT NULL, product TEXT NOT NULL, gene TEXT NOT NULL, ec_numbers TEXT NOT NULL,
    go_terms TEXT NOT NULL, ko TEXT NOT NULL,
    file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL
);
CREATE INDEX family_notes_of_family ON family_notes (accession);
CREATE TABLE publications (
    id INTEGER PRIMARY KEY, source_id TEXT NOT NULL, title TEXT NOT NULL,
    abstract TEXT NOT NULL, sections TEXT NOT NULL, authors TEXT NOT NULL,
    journal TEXT NOT NULL, year TEXT NOT NULL, pmid TEXT NOT NULL, pmcid TEXT NOT NULL,
    doi TEXT NOT NULL, keywords TEXT NOT NULL, publication_types TEXT NOT NULL,
    is_retracted INTEGER NOT NULL DEFAULT 0, has_concern INTEGER NOT NULL DEFAULT 0,
    status_note TEXT NOT NULL DEFAULT '', is_preprint INTEGER NOT NULL, mesh TEXT NOT NULL,
    chemicals TEXT NOT NULL, mentions TEXT NOT NULL, links TEXT NOT NULL,
    other_abstracts TEXT NOT NULL, language TEXT NOT NULL, license TEXT NOT NULL,
    version INTEGER NOT NULL, revised TEXT NOT NULL, title_key TEXT NOT NULL,
    superseded_by INTEGER REFERENCES publications (id),
    file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL
);
CREATE INDEX publications_retracted ON publications (id) WHERE is_retracted;
CREATE INDEX publications_by_pmid ON publications (pmid) WHERE pmid != '';
CREATE INDEX publications_by_title ON publications (title_key);
CREATE INDEX publications_superseded ON publications (superseded_by)
    WHERE superseded_by IS NOT NULL;
CREATE TABLE publication_files (
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL,
    PRIMARY KEY (publication_id, file_id, line)
) WITHOUT ROWID;
CREATE TABLE publication_links (
    publication_id INTEGER NOT NULL REFERENCES publications (id),
    relation TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (publication_id, relation, key)
) WITHOUT ROWID;
CREATE INDEX publication_links_to ON publication_links (key);
CREATE TABLE publication_sketches (
    key INTEGER NOT NULL, publication_id INTEGER NOT NULL REFERENCES publications (id),
    PRIMARY KEY (key, publication_id)
) WITHOUT ROWID;
CREATE INDEX publication_sketches_of ON publication_sketches (publication_id);
CREATE TABLE notices (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,
    date TEXT NOT NULL, reference TEXT NOT NULL, source TEXT NOT NULL,
    file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL,
    UNIQUE (key, kind, source, reference)
);
CREATE TABLE publication_keys (
    key TEXT PRIMARY KEY, publication_id INTEGER NOT NULL REFERENCES publications (id)
) WITHOUT ROWID;
CREATE INDEX publication_keys_of ON publication_keys (publication_id);
CREATE TABLE publication_entities (
    publication_id INTEGER NOT NULL REFERENCES publications (id), key TEXT NOT NULL,
    name TEXT NOT NULL, spelled TEXT NOT NULL, place TEXT NOT NULL,
    PRIMARY KEY (publication_id, key)
) WITHOUT ROWID;
CREATE INDEX publication_entities_by_key ON publication_entities (key);
CREATE INDEX publication_entities_by_name ON publication_entities (spelled);
CREATE TABLE genera (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE samples (
    samp_name TEXT PRIMARY KEY, attributes TEXT NOT NULL,
    file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE sample_lists (id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE);
CREATE TABLE features (
    id INTEGER PRIMARY KEY, feature_id TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    unit TEXT NOT NULL, stratum TEXT NOT NULL, rank TEXT NOT NULL, special INTEGER NOT NULL,
    tool TEXT NOT NULL, lineage TEXT NOT NULL, dbxrefs TEXT NOT NULL,
    sample_list_id INTEGER NOT NULL REFERENCES sample_lists (id),
    abundances TEXT NOT NULL, document_id INTEGER,
    file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL
);
CREATE INDEX features_by_id ON features (feature_id);
CREATE INDEX features_of_document ON features (document_id);
CREATE TABLE sample_profiles (
    samp_name TEXT NOT NULL, file_id INTEGER NOT NULL REFERENCES files (id),
    taxa TEXT NOT NULL, PRIMARY KEY (samp_name, file_id)
) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('passage', 'protein', 'feature', 'sample')),
    owner_id TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    section TEXT NOT NULL DEFAULT '', "start" INTEGER NOT NULL DEFAULT 0,
    "end" INTEGER NOT NULL DEFAULT 0, publication_id INTEGER REFERENCES publications (id),
    is_retracted INTEGER NOT NULL DEFAULT 0, embedded TEXT NOT NULL DEFAULT ''
);
CREATE INDEX documents_of_owner ON documents (kind, owner_id);
CREATE INDEX documents_of_publication ON documents (publication_id);
CREATE INDEX documents_to_embed ON documents (kind, id) WHERE embedded != kind;
CREATE INDEX documents_retracted ON documents (id) WHERE is_retracted;
CREATE VIRTUAL TABLE passages_fts USING fts5 (
    text, names, tokenize = "porter unicode61 remove_diacritics 2 tokenchars '._'"
);
CREATE VIRTUAL TABLE entries_fts USING fts5 (
    title, text, names, tokenize = "porter unicode61 remove_diacritics 2 tokenchars '._'"
);
CREATE TRIGGER passages_added AFTER INSERT ON documents WHEN new.kind = 'passage' BEGIN
    INSERT INTO passages_fts (rowid, text, names)
    VALUES (new.id, plain_words(new.text), name_words(new.text));
END;
CREATE TRIGGER entries_added AFTER INSERT ON documents WHEN new.kind != 'passage' BEGIN
    INSERT INTO entries_fts (rowid, title, text, names) VALUES (
        new.id, plain_words(new.title), plain_words(new.text),
        name_words(new.title || ' ' || new.text));
END;
CREATE TRIGGER documents_removed AFTER DELETE ON documents BEGIN
    DELETE FROM passages_fts WHERE rowid = old.id;
    DELETE FROM entries_fts WHERE rowid = old.id;
    INSERT INTO tombstones (space, kind, vector_id)
    SELECT 'text', old.embedded, old.id WHERE old.embedded != '';
END;
CREATE VIRTUAL TABLE papers_fts USING fts5 (
    title, text, about, names, tokenize = "porter unicode61 remove_diacritics 2 tokenchars '._'"
);
CREATE VIEW paper_texts AS
    SELECT id, title,
        CASE WHEN abstract != '' THEN abstract ELSE IFNULL(SUBSTR((
            SELECT GROUP_CONCAT(json_extract(value, '$[1]'), ' ') FROM json_each(sections)
        ), 1, 4000), '') END AS text,
        keywords || ' ' || mesh || ' ' || chemicals AS about
    FROM publications;
CREATE TRIGGER publications_added AFTER INSERT ON publications BEGIN
    INSERT INTO papers_fts (rowid, title, text, about, names)
    SELECT id, plain_words(title), plain_words(text), plain_words(about),
        name_words(title || ' ' || text || ' ' || about)
    FROM paper_texts WHERE id = new.id;
END;
CREATE TRIGGER publications_changed
AFTER UPDATE OF title, abstract, sections, keywords, mesh, chemicals ON publications BEGIN
    DELETE FROM papers_fts WHERE rowid = new.id;
    INSERT INTO papers_fts (rowid, title, text, about, names)
    SELECT id, plain_words(title), plain_words(text), plain_words(about),
        name_words(title || ' ' || text || ' ' || about)
    FROM paper_texts WHERE id = new.id;
END;
CREATE TRIGGER publications_removed AFTER DELETE ON publications BEGIN
    DELETE FROM papers_fts WHERE rowid = old.id;
END;
CREATE TABLE segments (
    space TEXT NOT NULL, kind TEXT NOT NULL, file_name TEXT NOT NULL, sha256 TEXT NOT NULL,
    count INTEGER NOT NULL, dim INTEGER NOT NULL, factory TEXT NOT NULL,
    PRIMARY KEY (space, kind, file_name)
) WITHOUT ROWID;
CREATE TABLE tombstones (
    space TEXT NOT NULL, kind TEXT NOT NULL, vector_id INTEGER NOT NULL,
    PRIMARY KEY (space, kind, vector_id)
) WITHOUT ROWID;
CREATE VIEW protein_facts AS
    SELECT t.*, s.residues, s.sha256 AS sequence_sha256, f.path_name, f.sha256, f.reader
    FROM proteins AS t LEFT JOIN sequences AS s ON s.id = t.sequence_id
    JOIN files AS f ON f.id = t.file_id;
CREATE VIEW gene_facts AS
    SELECT t.*, s.residues, s.sha256 AS sequence_sha256, f.path_name, f.sha256, f.reader
    FROM genes AS t LEFT JOIN sequences AS s ON s.id = t.sequence_id
    JOIN files AS f ON f.id = t.file_id;
CREATE VIEW annotation_facts AS
    SELECT t.*, f.path_name, f.sha256, f.reader
    FROM annotations AS t JOIN files AS f ON f.id = t.file_id;
CREATE VIEW genome_facts AS
    SELECT t.*, f.path_name, f.sha256, f.reader
    FROM genomes AS t JOIN files AS f ON f.id = t.file_id;
CREATE VIEW family_facts AS
    SELECT t.id, t.accession, t.version, t.name, t.description, t.database, t.kind, t.clan,
        t.length, t.cut_offs, t.product, t.gene, t.ec_numbers, t.go_terms, t.ko, t.line,
        f.path_name, f.sha256, f.reader
    FROM families AS t JOIN files AS f ON f.id = t.file_id;
CREATE VIEW family_note_facts AS
    SELECT t.*, f.path_name, f.sha256, f.reader
    FROM family_notes AS t JOIN files AS f ON f.id = t.file_id;
CREATE VIEW publication_facts AS
    SELECT t.*, f.path_name, f.sha256, f.reader
    FROM publications AS t JOIN files AS f ON f.id = t.file_id;
CREATE VIEW sample_facts AS
    SELECT t.*, f.path_name, f.sha256, f.reader
    FROM samples AS t JOIN files AS f ON f.id = t.file_id;
CREATE VIEW feature_facts AS
    SELECT t.*, f.path_name, f.sha256, f.reader
    FROM features AS t JOIN files AS f ON f.id = t.file_id;
"""
