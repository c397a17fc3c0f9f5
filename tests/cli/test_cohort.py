"""The command cohort, end to end: files, exit codes, escaped text, numbers that agree."""

import csv
import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from tests.retrieval.cohort.cohorts import community

HOSTILE = "<script>alert(1)</script>"
N = 24


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cohort")
    rng = np.random.default_rng(0)
    sick = np.arange(N) % 2
    logs = rng.normal(0, 1, (25, 1)) + rng.normal(0, 0.5, (25, N))
    logs[4] += 3 * sick
    counts = community(rng, logs)
    names = [f"S{at}" for at in range(N)]
    lines = ["\t".join(["#OTU ID", *names])]
    for at, row in enumerate(counts):
        taxon = f"k__Bacteria;p__P;c__C;o__O;f__F;g__{HOSTILE if at == 4 else 'Genus'}{at}"
        lines.append("\t".join([taxon, *map(str, row)]))
    (folder / "table.tsv").write_text("\n".join(lines) + "\n")
    header = "sample_id\tarm\twho\tday\tage\temail"
    rows = [
        f"{name}\t{('control', 'case')[at % 2]}\tp{at // 4 * 2 + at % 2}\t{at % 4 // 2}\t{30 + at}"
        f"\tp{at}@example.org"
        for at, name in enumerate(names)
    ]
    (folder / "meta.tsv").write_text("\n".join([header, *rows]) + "\n")
    metabolites = ["\t".join(["Sample", *(f"M{at}, name" for at in range(8))])]
    values = rng.lognormal(3, 1, (N, 8))
    values[:, 2] *= 1 + 6 * sick
    for name, row in zip(names, values, strict=True):
        metabolites.append("\t".join([name, *(f"{it:.4f}" for it in row)]))
    (folder / "mtb.tsv").write_text("\n".join(metabolites) + "\n")
    return folder


def command(inputs, out, *more):
    return ("cohort", inputs / "table.tsv", "--metadata", inputs / "meta.tsv", "--group", "arm",
            "-o", out, "--models", "none", "--permutations", "99", *more)  # fmt: skip


def table(path):
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def test_writes_tables_drawings_and_a_page(told, inputs, tmp_path):
    out = tmp_path / "out"
    ended = told(*command(inputs, out, "--subject", "who", "--time", "day", "--metabolites",
                          inputs / "mtb.tsv", "--reference", "control", "--json"))  # fmt: skip
    assert ended.code == 0
    document = json.loads(ended.out)
    assert document["samples"] == N
    assert document["subjects"] == 12
    assert document["levels"] == {"control": 12, "case": 12}
    assert document["blocked_columns"] == [{"column": "email", "reason": "e-mail address"}]
    rows = table(out / "differences.tsv")
    top = rows[0]
    assert top["feature"].endswith("4")
    assert top["is_finding"] == "yes"
    assert float(top["effect"]) == pytest.approx(
        document["differences"]["top"][0]["effect"], rel=1e-4
    )
    assert "random intercept per who" in top["test"]
    assert float(top["low"]) < float(top["effect"]) < float(top["high"])
    for name in ("effects", "ordination", "diversity", "over_time"):
        assert ET.fromstring((out / f"{name}.svg").read_text()).tag.endswith("svg")
        assert (out / f"{name}.png").read_bytes()[:4] == b"\x89PNG"
    for name in (
        "metabolite_differences",
        "associations",
        "trends",
        "beta_diversity",
        "alpha_tests",
    ):
        assert table(out / f"{name}.tsv")
    assert json.loads((out / "cohort.json").read_text()) == document
    assert "warning:" not in ended.out
    assert "Written:" in ended.err


def test_foreign_text_is_escaped_on_the_page(told, inputs, tmp_path):
    told(*command(inputs, tmp_path / "out", "--samples-are-independent"))
    page = (tmp_path / "out" / "index.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page
    assert "example.org" not in page


def test_the_summaries_go_into_a_knowledge_base(told, inputs, tmp_path):
    told(*command(inputs, tmp_path / "out", "--subject", "who"))
    added = told("add", tmp_path / "kb", tmp_path / "out" / "summaries.jsonl", "--text-embedder",
                 "hashing", "--protein-embedder", "hashing")  # fmt: skip
    assert added.code == 0
    assert "summaries added" in added.out
    assert "example.org" not in (tmp_path / "out" / "summaries.jsonl").read_text()


def test_a_knowledge_base_is_a_source_too(told, inputs, tmp_path):
    told("add", tmp_path / "kb", inputs / "table.tsv", "--metadata", inputs / "meta.tsv",
         "--text-embedder", "hashing", "--protein-embedder", "hashing")  # fmt: skip
    ended = told("cohort", tmp_path / "kb", "--group", "arm", "--subject", "who", "-o",
                 tmp_path / "out", "--models", "none", "--permutations", "99")  # fmt: skip
    assert ended.code == 0
    assert "24 samples, 25 features tested" in ended.out
    wrong = told("cohort", tmp_path / "kb", "--group", "arm", "-o", tmp_path / "x", "--table", "no")
    assert wrong.code == 2
    assert "Tables: table.tsv" in wrong.err


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--group", "nothing"), "no column 'nothing'"),
        (("--covariates", "age,no"), "no column 'no'"),
        (("--where", "arm"), "cannot be read"),
        (("--where", "age<10"), "no sample has age<10"),
        (("--transform", "sqrt"), "none of clr"),
        (("--models", "oracle"), "none of linear"),
        (("--reference", "placebo"), "has no value 'placebo'"),
        (("--group", "email"), "no two groups"),
        (("--rank", "s"), "rank"),
    ],
)
def test_what_cannot_be_asked_is_said(told, inputs, tmp_path, more, says):
    ended = told(*command(inputs, tmp_path / "out", "--subject", "who", *more))
    assert ended.code == 2
    assert says in ended.err
    assert not (tmp_path / "out").exists()


def test_a_table_without_metadata_is_refused(told, inputs, tmp_path):
    ended = told("cohort", inputs / "table.tsv", "--group", "arm", "-o", tmp_path / "out")
    assert ended.code == 2
    assert "--metadata" in ended.err
    ended = told("cohort", inputs / "meta.tsv", "--metadata", inputs / "meta.tsv", "--group", "arm",
                 "-o", tmp_path / "out")  # fmt: skip
    assert ended.code == 2


def test_the_same_call_writes_the_same_tables(told, inputs, tmp_path):
    for name in ("one", "two"):
        told(*command(inputs, tmp_path / name, "--subject", "who", "--models", "forest"))
    for path in (tmp_path / "one").glob("*.tsv"):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name
