from dataclasses import replace

from assistant.report.multiqc import CATEGORIES, multiqc_table
from tests.assistant.sample_reports import sample_report, sample_reviews


def parsed(text):
    """Split the comment header from the table, as MultiQC does."""
    lines = text.splitlines()
    header = [line[2:] for line in lines if line.startswith("#")]
    return header, [line.split("\t") for line in lines if not line.startswith("#")]


def test_counts_add_up_to_all_genes():
    report = sample_report(reviews=sample_reviews())
    _, (names, row) = parsed(multiqc_table(report))
    counts = dict(zip(names[1:], map(int, row[1:]), strict=True))
    assert names == ["Sample", *CATEGORIES]
    assert counts == {
        "Accepted": 2,
        "Rejected": 1,
        "Draft, high": 0,
        "Draft, medium": 1,
        "Draft, low": 1,
        "Abstained": 1,
        "Failed": 2,
    }
    assert sum(counts.values()) == len(report.records) + len(report.failed)


def test_header_names_the_section_and_the_plot():
    header, _ = parsed(multiqc_table(sample_report()))
    assert header[0] == "id: metalumen_tiers"
    assert "plot_type: bargraph" in header
    assert any("not experimentally verified" in line for line in header)


def test_an_odd_file_name_stays_in_its_cell():
    report = sample_report()
    report = replace(report, run=report.run.model_copy(update={"input_name": "#a\tb\nc"}))
    _, (_, row) = parsed(multiqc_table(report))
    assert row[0] == "_a b c"
    assert len(row) == 1 + len(CATEGORIES)
