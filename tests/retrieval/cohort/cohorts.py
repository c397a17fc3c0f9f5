"""Small loaders of the real cohorts and simulated ones; independent of the readers."""

import csv
import gzip
import io
import zipfile

import numpy as np

from ingest.records import Sample
from retrieval.cohort.metadata import joined
from retrieval.cohort.models import predict_phenotype
from retrieval.cohort.table import FeatureTable


def rows_of(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as handle:
        return [row for row in csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE) if row]


def samples_by_features(path, unit, kind="taxon"):
    """A table with a sample per row."""
    header, *rows = rows_of(path)
    values = np.array([[float(it) for it in row[1:]] for row in rows]).T
    samples = tuple(row[0] for row in rows)
    return FeatureTable(tuple(header[1:]), samples, values, unit, kind, source=path.name)


def features_by_samples(path, unit="counts", kind="taxon"):
    """A table with a feature per row."""
    header, *rows = rows_of(path)
    values = np.array([[float(it) for it in row[1:]] for row in rows])
    features = tuple(row[0] for row in rows)
    return FeatureTable(features, tuple(header[1:]), values, unit, kind, source=path.name)


def metadata_of(path, table, column="", keep=None):
    """Metadata beside a table; ``column`` names the sample column, else the first one."""
    header, *rows = rows_of(path)
    at = header.index(column) if column else 0
    samples = [
        Sample(row[at], tuple((name, value) for n, (name, value) in
                              enumerate(zip(header, row, strict=False)) if n != at))
        for row in rows
    ]  # fmt: skip
    if keep:
        samples = [it for it in samples if keep(dict(it.attributes))]
    return joined(samples, table.samples)


def metadata(**columns):
    """Metadata of simulated samples S0, S1 ..."""
    n = len(next(iter(columns.values())))
    names = [f"S{at}" for at in range(n)]
    samples = [
        Sample(names[at], tuple((key, str(values[at])) for key, values in columns.items()))
        for at in range(n)
    ]
    return joined(samples, names)


def counts_table(counts, **changes):
    """A table of simulated counts, features × samples."""
    features = tuple(f"taxon_{at}" for at in range(len(counts)))
    samples = tuple(f"S{at}" for at in range(counts.shape[1]))
    return FeatureTable(features, samples, np.asarray(counts, float), "counts", "taxon", **changes)


def community(rng, logs, depth=20_000):
    """Draw counts from log-abundances, features × samples."""
    shares = np.exp(logs)
    shares = shares / shares.sum(axis=0)
    return np.stack([rng.multinomial(depth, shares[:, at]) for at in range(logs.shape[1])], axis=1)


def ecam(folder):
    """Counts and lineages of the ECAM artifacts."""
    import h5py

    with zipfile.ZipFile(folder / "table.qza") as archive:
        name = next(it for it in archive.namelist() if it.endswith("feature-table.biom"))
        content = h5py.File(io.BytesIO(archive.read(name)))
        ids = [it.decode() for it in content["observation/ids"][:]]
        samples = [it.decode() for it in content["sample/ids"][:]]
        data, at, ends = (content[f"observation/matrix/{it}"][:] for it in
                          ("data", "indices", "indptr"))  # fmt: skip
        values = np.zeros((len(ids), len(samples)))
        for row in range(len(ids)):
            part = slice(ends[row], ends[row + 1])
            values[row, at[part]] = data[part]
    with zipfile.ZipFile(folder / "taxonomy.qza") as archive:
        name = next(it for it in archive.namelist() if it.endswith("taxonomy.tsv"))
        lines = archive.read(name).decode().splitlines()[1:]
    lineages = dict(line.split("\t")[:2] for line in lines)
    return FeatureTable(tuple(ids), tuple(samples), values, "counts", "taxon"), lineages


def row_of(comparison, name, contrast=None):
    return next(
        it for it in comparison.rows if it.name.endswith(name) and contrast in {None, it.contrast}
    )


def forest(table, design):
    return predict_phenotype(table, design, learners=("forest",)).results[0]
