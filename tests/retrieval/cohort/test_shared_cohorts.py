"""Real cohorts: the published results come out, the weak ones stay weak.

Figures are those of the papers, of MaAsLin 2's own test results, and of the data's README.
"""

import csv
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from ingest.errors import UserError
from retrieval.cohort.analysis import Question, analyse
from retrieval.cohort.associations import associate
from retrieval.cohort.confounding import confounders
from retrieval.cohort.design import make_design
from retrieval.cohort.differential import compare
from retrieval.cohort.diversity import alpha_diversity, alpha_tests, distances, permanova
from retrieval.cohort.learners import Setup
from retrieval.cohort.linear import random_intercept
from retrieval.cohort.metadata import selected
from retrieval.cohort.models import predict_phenotype
from retrieval.cohort.normalise import arcsine_root, relative_abundance
from retrieval.cohort.table import collapsed
from tests.retrieval.cohort.cohorts import (
    ecam,
    metadata_of,
    row_of,
    samples_by_features,
)


@pytest.fixture(scope="module")
def hmp2(cohorts):
    folder = cohorts / "hmp2_ibd_maaslin2"
    table = samples_by_features(folder / "HMP2_taxonomy.tsv.gz", "fraction")
    return table, metadata_of(folder / "HMP2_metadata.tsv.gz", table), folder


# --- HMP2: repeated samples -----------------------------------------------------------------


def test_hmp2_coefficients_are_those_of_maaslin(hmp2):
    table, metadata, folder = hmp2
    nested = ["dysbiosisnonIBD", "dysbiosisUC", "dysbiosisCD", "antibiotics", "age", "site"]
    design = make_design(
        metadata, "diagnosis", subject="subject", covariates=nested, reference="nonIBD"
    )
    fit = random_intercept(
        design.matrix,
        arcsine_root(table.keep_samples(design.metadata.samples)).values,
        design.subject,
    )
    terms = ("diagnosis CD", "diagnosis UC", "dysbiosisnonIBD Yes", "dysbiosisUC Yes",
             "dysbiosisCD Yes", "antibiotics Yes")  # fmt: skip
    columns = {term: at for at, term in enumerate(terms, start=1)}
    names = [name.replace(" ", ".") for name in table.features]
    p = fit.p_values()
    ours, theirs = [], []
    with (folder / "expected_results_run1.tsv").open() as handle:
        for row in csv.DictReader(handle, delimiter="\t"):
            column = columns.get(f"{row['metadata']} {row['value']}")
            if column is None or row["feature"] not in names:
                continue
            at = names.index(row["feature"])
            ours.append((fit.coef[column, at], fit.stderr[column, at], np.log10(p[column, at])))
            theirs.append((float(row["coef"]), float(row["stderr"]), np.log10(float(row["pval"]))))
    ours, theirs = np.array(ours), np.array(theirs)
    assert len(ours) > 150
    # MaAsLin has a second random effect, site; here it is a covariate.
    assert np.array_equal(np.sign(ours[:, 0]), np.sign(theirs[:, 0]))
    assert np.median(ours[:, 1] / theirs[:, 1]) == pytest.approx(1, abs=0.02)
    assert np.abs(ours[:, 0] - theirs[:, 0]).max() < 0.03
    assert np.corrcoef(ours[:, 2], theirs[:, 2])[0, 1] > 0.99
    top = ours[[row[0] < -0.2 and row[2] < -30 for row in theirs]]
    assert len(top) == 1
    assert top[0, 0] == pytest.approx(-0.2038, abs=0.005)  # F. prausnitzii, dysbiosis in CD


def test_hmp2_dysbiosis_score(hmp2):
    table, metadata, _ = hmp2
    design = make_design(
        metadata, "dysbiosis", subject="subject", covariates=["diagnosis", "antibiotics", "age"]
    )
    comparison = compare(table, design, transform="ast")
    top = comparison.rows[0]
    assert top.feature == "Faecalibacterium prausnitzii"
    assert top.effect == pytest.approx(-1.50, abs=0.1)
    assert top.q < 1e-20  # theirs is smaller: it takes people's own responses for noise of samples
    assert top.is_finding
    published = {"Subdoligranulum unclassified": -1, "Alistipes putredinis": -1,
                 "Eubacterium rectale": -1, "Bacteroides uniformis": -1,
                 "Escherichia coli": 1}  # fmt: skip
    for name, sign in published.items():
        row = row_of(comparison, name)
        assert np.sign(row.effect) == sign
        assert row.q < 1e-3


NAMED = {
    # column of dysbiosis, species, published coefficient (MaAsLin 2, its run 1)
    ("dysbiosisCD", "Faecalibacterium prausnitzii", -0.2038),
    ("dysbiosisCD", "Bacteroides uniformis", -0.1238),
    ("dysbiosisCD", "Escherichia coli", 0.1102),
    ("dysbiosisUC", "Subdoligranulum unclassified", -0.0905),
}


@pytest.mark.parametrize("column", ["dysbiosisCD", "dysbiosisUC"])
def test_hmp2_named_features_are_findings(hmp2, column):
    table, metadata, _ = hmp2
    others = ["diagnosis", "dysbiosisnonIBD", "dysbiosisUC", "dysbiosisCD", "antibiotics", "age"]
    others = [it for it in [*others, "site"] if it != column]
    design = make_design(metadata, column, subject="subject", covariates=others, reference="No")
    comparison = compare(table, design, transform="ast")
    for _, name, published in (it for it in NAMED if it[0] == column):
        row = row_of(comparison, name)
        assert row.effect == pytest.approx(published, abs=0.005)
        assert row.q < 1e-8
        assert row.is_finding
    # Published as well, but it is a matter of one or two people.
    if column == "dysbiosisUC":
        row = row_of(comparison, "Prevotella copri")
        assert row.q < 1e-4
        assert "rests on few subjects" in row.status


def test_hmp2_a_naive_test_is_refused(hmp2):
    table, metadata, _ = hmp2
    with pytest.raises(UserError, match="130 subjects") as caught:
        analyse(table, metadata, Question("diagnosis"))
    assert "--subject 'subject'" in caught.value.hint


def test_hmp2_diagnosis_alone_is_weak_over_subjects(hmp2):
    # By samples dozens of species differ; over 130 people few do once people are the witnesses.
    table, metadata, _ = hmp2
    naive = compare(
        table, make_design(metadata, "diagnosis", reference="nonIBD"), independent=False
    )
    paired = compare(
        table, make_design(metadata, "diagnosis", subject="subject", reference="nonIBD")
    )
    significant = [sum(row.q < 0.05 for row in it.rows) for it in (naive, paired)]
    assert significant[0] > 80
    assert significant[1] < 10
    assert not naive.findings


# --- ECAM: infants ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def infants(cohorts):
    folder = cohorts / "ecam_10249"
    table, lineages = ecam(folder)
    metadata = metadata_of(folder / "metadata.tsv.gz", table)
    return table, [lineages.get(it, "") for it in table.features], metadata


def child_means(infants, rank, taxon, column, months):
    """Mean share of a taxon per child, by the children's groups; the tool's own averaging."""
    table, lineages, metadata = infants
    assert table.values.sum() == 11611128
    metadata = selected(
        metadata, ["mom_child=C", f"month_of_life>={months[0]}", f"month_of_life<={months[1]}"]
    )
    table = collapsed(table, lineages, rank).keep_samples(metadata.samples)
    question = Question(
        column, subject="host_subject_id", per_subject_mean=True, learners=(), permutations=99
    )
    result = analyse(table, metadata, question)
    return row_of(result.comparison, taxon), result


def test_ecam_cesarean_section_depletes_bacteroidetes(infants):
    row, result = child_means(infants, "p", "Bacteroidetes", "delivery", (0, 3))
    shares = relative_abundance(result.table).values[
        [it.endswith("Bacteroidetes") for it in result.table.features]
    ][0]
    group = np.array(result.design.metadata.column("delivery"))
    born = {level: shares[group == level] for level in ("Cesarean", "Vaginal")}
    assert {level: len(it) for level, it in born.items()} == {"Cesarean": 18, "Vaginal": 24}
    assert np.median(born["Cesarean"]) == pytest.approx(0.055, abs=0.01)
    assert np.median(born["Vaginal"]) == pytest.approx(0.213, abs=0.01)
    assert row.contrast == "Cesarean vs Vaginal"
    assert row.effect < 0
    assert row.p == pytest.approx(7.6e-4, rel=0.3)
    assert row.q < 0.05


def test_ecam_no_naive_difference_of_clostridiales(infants):
    row, _ = child_means(infants, "o", "Clostridiales", "antiexposedall", (0, 3))
    # Exposed samples are of older children: what differs is age. No claim comes of it.
    assert not row.is_finding
    table, lineages, metadata = infants
    table = collapsed(table, lineages, "o")
    metadata = selected(metadata, ["mom_child=C"])
    # Without the columns that spell the exposure out, age alone has to tell.
    columns = {
        it: metadata.columns[it] for it in ("antiexposedall", "host_subject_id", "month_of_life")
    }
    bare = replace(metadata, columns=columns)
    design = make_design(bare, "antiexposedall", subject="host_subject_id")
    crude = row_of(compare(table, design), "o__Clostridiales".removeprefix("o__"))
    assert crude.q < 1e-3
    assert not crude.is_finding
    assert crude.confounded_with == ("month_of_life",)


def test_ecam_mothers_and_children_are_told_to_be_one_subject(infants):
    table, lineages, metadata = infants
    with pytest.raises(UserError, match="subjects"):
        analyse(collapsed(table, lineages, "p"), metadata, Question("delivery"))


# --- Kim 2020: a weak cohort -----------------------------------------------------------------


@pytest.fixture(scope="module")
def adenomas(cohorts):
    folder = cohorts / "kim_adenomas_2020"
    genera = samples_by_features(folder / "genera.tsv.gz", "fraction")
    metabolites = samples_by_features(folder / "mtb.tsv.gz", "log", "metabolite")
    return genera, metabolites, metadata_of(folder / "metadata.tsv.gz", genera, "Sample"), folder


def test_kim_claims_nothing_of_single_features(adenomas):
    genera, metabolites, metadata, _ = adenomas
    design = make_design(metadata, "Study.Group")
    for table in (genera, metabolites):
        comparison = compare(table, design)
        assert not comparison.findings
        assert min(row.q for row in comparison.rows) > 0.05
    first = compare(genera, design).rows[0]
    assert first.name.endswith("Intestinibacter")


def test_kim_classes_of_metabolites_go_the_published_way(adenomas):
    _, metabolites, metadata, folder = adenomas
    from tests.retrieval.cohort.cohorts import rows_of

    header, *rows = rows_of(folder / "mtb.map.tsv.gz")
    subpathway = {row[0]: row[header.index("Subpathway")] for row in rows}
    comparison = compare(metabolites, make_design(metadata, "Study.Group"))
    # Polyunsaturated fatty acids, secondary bile acids, sphingolipids are higher in both groups.
    for words in ("polyunsaturated", "secondary bile", "sphingo"):
        for contrast in ("Adenoma vs Control", "Carcinoma vs Control"):
            effects = [
                row.effect
                for row in comparison.rows
                if row.contrast == contrast and words in subpathway[row.feature].lower()
            ]
            assert len(effects) > 2
            assert np.mean(effects) > 0.05


def test_kim_microbiome_and_metabolome_go_together(adenomas):
    genera, metabolites, metadata, _ = adenomas
    found = associate(genera, metabolites, metadata)
    assert found.significant > 0.05 * found.tested
    row = found.rows[0]
    left = genera.values[genera.features.index(row.feature)]
    order = [metabolites.samples.index(it) for it in genera.samples]
    right = metabolites.values[metabolites.features.index(row.other)][order]
    left = left / genera.values.sum(axis=0)  # sums are 1 but for rounding, which breaks ties
    assert row.rho == pytest.approx(stats.spearmanr(left, right).statistic, abs=1e-9)
    assert row.p == pytest.approx(stats.spearmanr(left, right).pvalue, rel=1e-6)


def test_kim_models_stay_weak(adenomas):
    _, metabolites, metadata, _ = adenomas
    metadata = selected(metadata, ["Study.Group!=Carcinoma"])
    report = predict_phenotype(
        metabolites, make_design(metadata, "Study.Group"), learners=("linear",)
    )
    assert len(report.results) == 1
    for result in report.results:
        assert 0.3 < result.value < 0.65
        assert "weak" in sentence(result) or "not better than chance" in sentence(result)


def sentence(result):
    from retrieval.cohort.summaries import model_sentence

    return model_sentence(result)


# --- Erawijantari 2020: a strong cohort ------------------------------------------------------


@pytest.fixture(scope="module")
def gastrectomy(cohorts):
    folder = cohorts / "erawijantari_gastrectomy_2020"
    genera = samples_by_features(folder / "genera.counts.tsv.gz", "counts")
    metabolites = samples_by_features(folder / "mtb.tsv.gz", "", "metabolite")
    return genera, metabolites, metadata_of(folder / "metadata.tsv.gz", genera, "Sample")


def test_gastrectomy_genera(gastrectomy):
    genera, _, metadata = gastrectomy
    comparison = compare(genera, make_design(metadata, "Study.Group"))
    assert comparison.tested == 5163
    assert sum(row.q < 0.05 for row in comparison.rows) == 96
    published = {"g__Selenomonas": 1, "g__Centipeda": 1, "g__Faecalimonas": -1, "g__Blautia": -1,
                 "g__Eggerthella": -1}  # fmt: skip
    for name, sign in published.items():
        row = row_of(comparison, name)
        assert np.sign(row.effect) == sign
        assert row.q < 0.05
        assert row.is_finding
    # The smallest q is of a placeholder genus at five reads in ten million.
    noise = row_of(comparison, "g__MPMV01")
    assert noise.q == pytest.approx(4.6e-7, rel=0.05)
    assert "mapping noise" in noise.status


def test_gastrectomy_metabolites(gastrectomy):
    _, metabolites, metadata = gastrectomy
    comparison = compare(metabolites, make_design(metadata, "Study.Group"))
    assert comparison.tested == 291
    assert sum(row.q < 0.05 for row in comparison.rows) == 159
    published = {"Dihydrouracil": -1, "Agmatine": -1, "Nicotinate": 1, "Uracil": 1,
                 "Xanthine": 1, "DCA": 1}  # fmt: skip
    for name, sign in published.items():
        row = row_of(comparison, f"_{name}")
        assert np.sign(row.effect) == sign
        assert row.q < 0.05
    assert row_of(comparison, "_Dihydrouracil").is_finding


def test_gastrectomy_is_richer_and_differs_as_a_whole(gastrectomy):
    genera, _, metadata = gastrectomy
    design = make_design(metadata, "Study.Group")
    genera = genera.keep_samples(design.metadata.samples)
    tests = {it.index: it for it in alpha_tests(alpha_diversity(genera), design)}
    assert tests["shannon"].effect > 0
    result = permanova(distances(genera, "bray_curtis"), design, "bray_curtis", permutations=199)
    assert result.p < 0.02


def test_gastrectomy_model_and_columns_that_restate_the_group(gastrectomy):
    genera, _, metadata = gastrectomy
    design = make_design(metadata, "Study.Group")
    found = {it.column: it for it in confounders(design)}
    for column in ("Surgery_Type", "Reconstruction", "complication"):
        assert found[column].role == "restates the group"
    assert not any(it.determines for it in found.values())
    assert predict_phenotype(genera, design, learners=("linear",)).results[0].value > 0.8


def test_setups_are_plain_values():
    assert Setup("forest") == Setup("forest", seed=0, threads=1, trees=200)
