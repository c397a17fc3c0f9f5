"""Cohorts with a known truth: repeated people, drugs, compositions; no claim where none is due."""

import numpy as np
import pytest
from scipy import stats

from ingest.errors import UserError
from retrieval.cohort.analysis import Question, analyse
from retrieval.cohort.confounding import confounders
from retrieval.cohort.design import make_design, repeated_columns, stem_subjects
from retrieval.cohort.differential import compare
from retrieval.cohort.diversity import distances, permanova
from retrieval.cohort.table import FeatureTable
from tests.retrieval.cohort.cohorts import community, counts_table, metadata

SUBJECTS, SAMPLES, FEATURES = 8, 10, 60


def pseudo_replicated(seed, prefix="p"):
    """Eight people, ten samples each; four of them are cases, and nothing differs."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(SUBJECTS), SAMPLES)
    logs = (
        rng.normal(0, 2, (FEATURES, 1))
        + rng.normal(0, 1, (FEATURES, SUBJECTS))[:, who]
        + rng.normal(0, 0.5, (FEATURES, len(who)))
    )
    columns = {
        "group": ["case" if it % 2 else "control" for it in who],
        "person": [f"{prefix}{it}" for it in who],
    }
    return counts_table(community(rng, logs)), columns


def test_p_values_are_never_too_small_where_people_repeat_and_nothing_differs():
    p, naive, findings = [], [], 0
    for seed in range(20):
        table, columns = pseudo_replicated(seed)
        described = metadata(**columns)
        comparison = compare(table, make_design(described, "group", subject="person"))
        p += [row.p for row in comparison.rows]
        findings += len(comparison.findings)
        alone = compare(table, make_design(described, "group"), independent=False)
        naive += [row.p for row in alone.rows]
    assert stats.kstest(p, "uniform", alternative="greater").pvalue > 0.01
    assert np.mean(np.array(p) < 0.05) < 0.06
    assert np.mean(np.array(p) < 0.5) > 0.4
    assert findings <= 1
    # What the test would say if it took samples for people.
    assert np.mean(np.array(naive) < 0.05) > 0.4


def test_within_people_p_values_are_never_too_small_either():
    p = []
    for seed in range(15):
        table, columns = pseudo_replicated(seed)
        rng = np.random.default_rng(seed)
        visit = rng.permuted(np.tile(["pre", "post"], (SUBJECTS, SAMPLES // 2)), axis=1).ravel()
        design = make_design(metadata(**columns | {"group": visit}), "group", subject="person")
        assert design.is_within
        p += [row.p for row in compare(table, design).rows]
    assert stats.kstest(p, "uniform", alternative="greater").pvalue > 0.01
    assert np.mean(np.array(p) < 0.5) > 0.4


def test_own_responses_of_people_are_no_response_of_all():
    # Each person answers in their own way, none of it shared; five samples before, five after.
    claimed, p = 0, []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        who = np.repeat(np.arange(10), 10)
        after = np.tile(np.arange(10) % 2, 10)
        logs = (
            rng.normal(0, 2, (FEATURES, 1))
            + rng.normal(0, 1, (FEATURES, 10))[:, who]
            + rng.normal(0, 0.8, (FEATURES, 10))[:, who] * after
            + rng.normal(0, 0.5, (FEATURES, len(who)))
        )
        described = metadata(
            arm=["b" if it else "a" for it in after], person=[f"p{it}" for it in who]
        )
        design = make_design(described, "arm", subject="person")
        comparison = compare(counts_table(community(rng, logs)), design)
        claimed += min(row.q for row in comparison.rows) < 0.1
        p += [row.p for row in comparison.rows]
        assert not comparison.findings
    assert claimed <= 3
    assert np.mean(np.array(p) < 0.05) < 0.08


def test_a_response_that_people_share_is_found():
    rng = np.random.default_rng(4)
    who = np.repeat(np.arange(10), 6)
    after = np.tile(np.arange(6) % 2, 10)
    logs = rng.normal(0, 2, (60, 1)) + rng.normal(0, 1, (60, 10))[:, who]
    logs += rng.normal(0, 0.4, (60, 60))
    logs[:6] += (2 + rng.normal(0, 0.5, (6, 10))[:, who]) * after
    described = metadata(arm=["b" if it else "a" for it in after], person=[f"p{it}" for it in who])
    found = compare(
        counts_table(community(rng, logs)), make_design(described, "arm", subject="person")
    )
    assert {f"taxon_{at}" for at in range(6)} <= {row.feature for row in found.findings}


def test_few_people_are_compared_by_ranks_too():
    # Some people lack a taxon for good: among twelve, chance parts carriers from others.
    claimed = 0
    for seed in range(15):
        rng = np.random.default_rng(seed)
        who = np.repeat(np.arange(12), 6)
        logs = rng.normal(0, 2, (FEATURES, 1)) + rng.normal(0, 1, (FEATURES, 12))[:, who]
        logs += rng.normal(0, 0.5, (FEATURES, len(who)))
        logs[(rng.random((FEATURES, 12)) < 0.4)[:, who]] = -12
        described = metadata(arm=[f"g{it % 2}" for it in who], person=[f"p{it}" for it in who])
        design = make_design(described, "arm", subject="person")
        comparison = compare(counts_table(community(rng, logs)), design)
        assert "Mann-Whitney U of subjects' means" in comparison.test
        claimed += min(row.q for row in comparison.rows) < 0.1
    assert claimed <= 1


def test_permanova_permutes_whole_people():
    p = []
    for seed in range(12):
        table, columns = pseudo_replicated(seed)
        design = make_design(metadata(**columns), "group", subject="person")
        result = permanova(distances(table, "aitchison"), design, "aitchison", permutations=99)
        assert result.restricted == "whole persons"
        p.append(result.p)
    assert np.mean(p) > 0.25
    assert min(p) > 0.02  # 70 ways to part eight people: nothing is rarer


def test_a_repeated_person_is_refused_by_name_or_marked_by_likeness():
    table, columns = pseudo_replicated(3)
    with pytest.raises(UserError, match="80 samples are of 8 subjects"):
        analyse(table, metadata(**columns), Question("group", learners=()))
    hidden = metadata(group=columns["group"], tube=columns["person"])
    question = Question("group", learners=(), permutations=99)
    result = analyse(table, hidden, question)
    assert not result.comparison.findings
    assert any("alike beyond chance" in it or "tube" in it for it in result.warnings)
    averaged = Question("group", subject="person", per_subject_mean=True, learners=(),
                        permutations=99)  # fmt: skip
    assert len(analyse(table, metadata(**columns), averaged).table.samples) == SUBJECTS


def test_names_of_samples_tell_repeats():
    assert stem_subjects(["P1_d0", "P1_d7", "P2.T1", "100015.518484"]) == [
        "P1", "P1", "P2", "100015.518484",
    ]  # fmt: skip
    repeated = metadata(group=list("aabb"), family_history=["x", "y", "z", "x"],
                        HOST_SUBJECT_ID=["1", "1", "2", "3"])  # fmt: skip
    assert repeated_columns(repeated, "group") == ["HOST_SUBJECT_ID"]


# --- Confounders ----------------------------------------------------------------------------


def drugged(overlap, seed=1, n=120, effect_of="drug"):
    """A drug that most patients and few controls take, and an effect of it (or of the disease)."""
    rng = np.random.default_rng(seed)
    sick = np.arange(n) % 2
    drug = np.where(rng.random(n) < overlap, 1 - sick, sick)
    logs = rng.normal(0, 2, (80, 1)) + rng.normal(0, 1, (80, n))
    logs[:10] += 2 * (drug if effect_of == "drug" else sick)
    columns = {
        "disease": ["T2D" if it else "healthy" for it in sick],
        "metformin": ["yes" if it else "no" for it in drug],
        "age": rng.normal(50, 8, n).round(),
    }
    return counts_table(community(rng, logs)), metadata(**columns)


@pytest.mark.parametrize("overlap", [0.0, 0.05, 0.15, 0.3])
def test_an_effect_of_a_drug_is_marked_and_no_finding(overlap):
    table, described = drugged(overlap)
    comparison = compare(table, make_design(described, "disease"))
    significant = [row for row in comparison.rows if row.q < 0.05]
    assert significant
    # Where a third takes the other's part, the drug has less to do with the group: chance is left.
    assert len(comparison.findings) <= (1 if overlap == 0.3 else 0)
    drugs = {f"taxon_{at}" for at in range(10)}
    assert not {row.feature for row in comparison.findings} & drugs
    marked = [row for row in significant if "metformin" in row.confounded_with]
    assert len(marked) >= len(significant) - 1
    assert any(one.column == "metformin" for one in comparison.confounders)


def test_a_drug_that_all_patients_take_cannot_be_adjusted_for():
    table, described = drugged(0.0)
    design = make_design(described, "disease", covariates=["metformin"])
    assert not design.covariates
    assert any("cannot be told apart" in note for note in design.notes)
    assert not compare(table, design).findings


def test_an_effect_of_the_disease_survives_a_drug_beside_it():
    table, described = drugged(0.3, effect_of="disease")
    comparison = compare(table, make_design(described, "disease"))
    found = {row.feature for row in comparison.findings}
    assert len({f"taxon_{at}" for at in range(10)} & found) >= 9
    assert len(found) <= 20


def test_a_drug_noted_for_patients_only_is_a_drug():
    table, described = drugged(0.0)
    columns = {"disease": described.columns["disease"],
               "treatment": ["metformin" if it == "yes" else "" for it in
                             described.columns["metformin"]]}  # fmt: skip
    comparison = compare(table, make_design(metadata(**columns), "disease"))
    assert not comparison.findings
    assert comparison.confounders[0].column == "treatment"


def test_one_taxon_that_blooms_makes_no_others_fall():
    rng = np.random.default_rng(5)
    group = np.arange(80) % 2
    logs = rng.normal(0, 1.5, (60, 1)) + rng.normal(0, 1, (60, 80))
    logs[0] += 5 * group + 3
    described = metadata(group=["b" if it else "a" for it in group])
    comparison = compare(counts_table(community(rng, logs)), make_design(described, "group"))
    # By shares nearly all fall; that is arithmetic, not biology.
    assert sum(row.q < 0.05 for row in comparison.rows) > 40
    assert len(comparison.findings) <= 4
    assert "taxon_0" in {row.feature for row in comparison.findings}


@pytest.mark.parametrize(
    ("group", "column", "role"),
    [
        ("Study.Group", "Study", "confounder"),
        ("disease_status", "smoking_status", "confounder"),
        ("diagnosis", "batch_group", "confounder"),
        ("disease", "drug_class", "confounder"),
        ("diagnosis", "disease", "restates the group"),
        ("Nugent_category", "Nugent_group", "restates the group"),
    ],
)
def test_what_a_column_is_to_the_group_by_its_name(group, column, role):
    sick = [at % 2 for at in range(60)]
    described = metadata(
        **{
            group: ["ill" if it else "well" for it in sick],
            column: ["yy" if it else "nn" for it in sick],
        }
    )
    (found,) = confounders(make_design(described, group))
    assert found.role == role
    assert found.determines == (role == "confounder")


def test_yes_and_no_are_not_the_name_of_a_group():
    sick = ["yes" if at % 2 else "no" for at in range(60)]
    (found,) = confounders(make_design(metadata(ibd=sick, metformin=sick), "ibd"))
    assert found.determines
    surgery = [
        "healthy" if it == "no" else ("B-I", "R-Y")[at % 4 // 2] for at, it in enumerate(sick)
    ]
    described = metadata(arm=["healthy" if it == "no" else "operated" for it in sick],
                         reconstruction=surgery)  # fmt: skip
    (found,) = confounders(make_design(described, "arm"))
    assert found.role == "restates the group"


def test_samples_without_reads_and_without_metabolites_are_left_out_and_said():
    rng = np.random.default_rng(8)
    counts = community(rng, rng.normal(0, 1, (25, 30)))
    counts[:, 3] = 0
    table = counts_table(counts)
    described = metadata(arm=["a", "b"] * 15, age=range(30))
    few = table.keep_samples(table.samples[:8])
    metabolites = FeatureTable(few.features, few.samples, rng.lognormal(size=few.values.shape), "",
                               "metabolite")  # fmt: skip
    question = Question("arm", learners=(), permutations=99)
    result = analyse(table, described, question, metabolites=metabolites)
    assert "S3" not in result.table.samples
    assert any("nothing was found in 1 samples" in it for it in result.warnings)
    assert any("no association with metabolites" in it for it in result.warnings)


def test_means_per_subject_are_taken_of_metabolites_too():
    table, columns = pseudo_replicated(2)
    described = metadata(**columns | {"age": range(80)})
    values = np.arange(160.0).reshape(2, 80) ** 2 % 97 + 1
    others = FeatureTable(("m1", "m2"), table.samples, values, "", "metabolite")
    question = Question("group", subject="person", per_subject_mean=True, learners=(),
                        permutations=99)  # fmt: skip
    result = analyse(table, described, question, metabolites=others)
    first = next(row for row in result.metabolites.rows if row.feature == "m1")
    cases = [values[0, at : at + SAMPLES].mean() for at in range(SAMPLES, 80, 2 * SAMPLES)]
    assert first.n == 4
    assert first.mean == pytest.approx(np.mean(cases))


def test_groups_of_different_depth_make_no_findings():
    claimed, significant = 0, 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        logs = rng.normal(0, 2.5, (80, 1)) + rng.normal(0, 1.3, (80, 60))
        deep = np.arange(60) % 2
        shares = np.exp(logs) / np.exp(logs).sum(axis=0)
        counts = [rng.multinomial((2000, 40_000)[deep[at]], shares[:, at]) for at in range(60)]
        described = metadata(arm=["b" if it else "a" for it in deep])
        comparison = compare(counts_table(np.array(counts).T), make_design(described, "arm"))
        rows = [row for row in comparison.rows if row.q < 0.05]
        significant += len(rows)
        claimed += len(comparison.findings)
        assert all(row.depth_q is not None for row in rows)
    # By all reads dozens of rare taxa differ: they are seen in the deep samples only.
    assert significant > 20
    assert claimed <= 1


def test_a_difference_is_found_at_any_depth():
    rng = np.random.default_rng(0)
    deep = np.arange(60) % 2
    logs = rng.normal(0, 1, (40, 1)) + rng.normal(0, 0.7, (40, 60))
    logs[:5] += 2 * deep
    shares = np.exp(logs) / np.exp(logs).sum(axis=0)
    counts = [rng.multinomial((4000, 20_000)[deep[at]], shares[:, at]) for at in range(60)]
    described = metadata(arm=["b" if it else "a" for it in deep])
    result = analyse(counts_table(np.array(counts).T), described,
                     Question("arm", learners=(), permutations=99))  # fmt: skip
    found = {row.feature for row in result.comparison.findings}
    assert len({f"taxon_{at}" for at in range(5)} & found) >= 4
    assert any("differ in sequencing depth" in it for it in result.warnings)
