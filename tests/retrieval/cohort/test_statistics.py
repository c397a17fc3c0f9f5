"""Numbers against independent implementations: scikit-bio, SciPy, statsmodels, and by hand."""

import numpy as np
import pytest
from scipy import stats

from retrieval.cohort.design import make_design
from retrieval.cohort.differential import benjamini_hochberg, compare
from retrieval.cohort.diversity import (
    alpha_diversity,
    distances,
    permanova,
    rarefied_richness,
)
from retrieval.cohort.learners import metric_of
from retrieval.cohort.linear import ols, random_intercept
from retrieval.cohort.longitudinal import (
    Course,
    distance_to_baseline,
    distance_to_donor,
    return_summaries,
    returns,
    trends,
)
from retrieval.cohort.neighbours import rho_p, similar_samples
from retrieval.cohort.normalise import clr, cpm, logged, prevalence, zero_share
from retrieval.cohort.table import FeatureTable
from tests.retrieval.cohort.cohorts import community, counts_table, metadata


@pytest.fixture(scope="module")
def simulated():
    rng = np.random.default_rng(0)
    logs = rng.normal(0, 2, (40, 1)) + rng.normal(0, 1, (40, 30))
    logs[:5] += np.repeat([0, 1.5], 15)
    described = metadata(
        group=["control"] * 15 + ["case"] * 15,
        person=[f"p{at // 3}" for at in range(30)],
        day=[at % 3 for at in range(30)],
        age=rng.normal(40, 9, 30).round(1),
    )
    return counts_table(community(rng, logs)), described


def test_clr_is_that_of_scikit_bio(simulated):
    from skbio.stats.composition import clr as their_clr
    from skbio.stats.composition import multi_replace

    table, _ = simulated
    theirs = their_clr(multi_replace(table.values.T, delta=zero_share(table)))
    assert np.allclose(clr(table).values.T, theirs)


def test_alpha_and_distances_are_those_of_scikit_bio(simulated):
    from skbio.diversity import alpha_diversity as their_alpha
    from skbio.diversity import beta_diversity

    table, _ = simulated
    counts = table.values.T.astype(int)
    ours = {it.index: it.values for it in alpha_diversity(table)}
    for name, theirs in (("observed", "sobs"), ("shannon", "shannon"), ("simpson", "simpson"),
                         ("chao1", "chao1")):  # fmt: skip
        options = {"base": 2} if name == "shannon" else {}
        expected = their_alpha(theirs, counts, **options)
        assert np.allclose(ours[name], expected), name
    shares = counts / counts.sum(axis=1, keepdims=True)
    assert np.allclose(distances(table, "bray_curtis"), beta_diversity("braycurtis", shares).data)
    assert np.allclose(distances(table, "jaccard"), beta_diversity("jaccard", counts > 0).data)


def test_chao1_only_for_counts(simulated):
    table, _ = simulated
    shares = FeatureTable(table.features, table.samples, table.values / 2e4, "fraction", "taxon")
    assert "chao1" not in {it.index for it in alpha_diversity(shares)}


def test_rarefied_richness_is_the_mean_of_draws():
    rng = np.random.default_rng(1)
    counts = np.array([[50.0, 30, 10, 5, 2, 1, 1, 1]])
    pool = np.repeat(np.arange(8), counts[0].astype(int))
    drawn = [len(set(rng.choice(pool, 20, replace=False))) for _ in range(4000)]
    assert rarefied_richness(counts, 20)[0] == pytest.approx(np.mean(drawn), abs=0.05)


def test_permanova_is_that_of_scikit_bio(simulated):
    from skbio.stats.distance import DistanceMatrix, permdisp
    from skbio.stats.distance import permanova as their_permanova

    table, described = simulated
    design = make_design(described, "group")
    square = distances(table, "aitchison")
    ours = permanova(square, design, "aitchison", permutations=499)
    groups = list(described.columns["group"])
    theirs = their_permanova(DistanceMatrix(square), groups, permutations=499, seed=1)
    assert ours.pseudo_f == pytest.approx(theirs["test statistic"])
    assert ours.p == pytest.approx(theirs["p-value"], abs=0.03)
    spread = permdisp(DistanceMatrix(square), groups, test="centroid", permutations=99, seed=1)
    # They keep some principal coordinates, all of them count here.
    assert ours.dispersion_f == pytest.approx(spread["test statistic"], rel=0.2, abs=0.2)


def test_robust_errors_are_those_of_statsmodels(simulated):
    import statsmodels.api as sm

    table, described = simulated
    design = make_design(described, "group", covariates=["age"])
    values = clr(table).values
    fit = ols(design.matrix, values)
    for at in (0, 7, 30):
        theirs = sm.OLS(values[at], design.matrix).fit(cov_type="HC3", use_t=True)
        assert np.allclose(fit.coef[:, at], theirs.params)
        assert np.allclose(fit.stderr[:, at], theirs.bse)
        assert np.allclose(fit.p_values()[:, at], theirs.pvalues)


# Its optimiser may say that it stopped early; the estimates are compared all the same.
@pytest.mark.filterwarnings("ignore::statsmodels.tools.sm_exceptions.ConvergenceWarning")
def test_random_intercepts_are_those_of_statsmodels():
    from statsmodels.regression.mixed_linear_model import MixedLM

    rng = np.random.default_rng(3)
    who = np.repeat(np.arange(12), 5)
    y = rng.normal(0, 1.2, (6, 12))[:, who] + rng.normal(0, 1, (6, 60)) + 3
    x = np.column_stack([np.ones(60), who % 2, rng.normal(size=60)])
    fit = random_intercept(x, y, who)
    for at in range(len(y)):
        theirs = MixedLM(y[at], x, groups=who).fit(reml=True)
        assert np.allclose(fit.coef[:, at], theirs.fe_params, atol=1e-4)
        assert np.allclose(
            fit.stderr[:, at], theirs.bse_fe, rtol=1e-2
        )  # their optimiser stops earlier
        share = theirs.cov_re.item() / (theirs.cov_re.item() + theirs.scale)
        assert fit.subject_share[at] == pytest.approx(share, abs=1e-2)
    # A balanced design has exact degrees of freedom: people less groups, for what is theirs.
    assert np.allclose(fit.df[1], 10, atol=0.6)


def test_a_balanced_paired_design_is_the_paired_t_test():
    rng = np.random.default_rng(4)
    who, after = np.repeat(np.arange(15), 2), np.tile([0, 1], 15)
    y = rng.normal(0, 2, 15)[who] + 0.4 * after + rng.normal(0, 1, 30)
    fit = random_intercept(np.column_stack([np.ones(30), after]), y[None], who)
    theirs = stats.ttest_rel(y[after == 1], y[after == 0])
    assert fit.p_values()[1, 0] == pytest.approx(theirs.pvalue, rel=1e-3)


def test_errors_over_subjects_are_those_of_the_paired_t_test_of_means():
    # Ten people, four samples before and four after; each person responds in their own way.
    rng = np.random.default_rng(5)
    who, after = np.repeat(np.arange(10), 8), np.tile([0, 1], 40)
    y = rng.normal(0, 2, 10)[who] + rng.normal(0.5, 2, 10)[who] * after + rng.normal(0, 0.5, 80)
    x = np.column_stack([np.ones(80), after])
    fit = random_intercept(x, y[None], who, over_subjects=True)
    means = [[y[(who == it) & (after == at)].mean() for it in range(10)] for at in (0, 1)]
    theirs = stats.ttest_rel(means[1], means[0])
    assert fit.coef[1, 0] == pytest.approx(np.mean(means[1]) - np.mean(means[0]))
    assert fit.df[1, 0] == pytest.approx(9)
    assert fit.p_values()[1, 0] == pytest.approx(theirs.pvalue, rel=1e-6)
    assert random_intercept(x, y[None], who).p_values()[1, 0] < theirs.pvalue / 5


def test_errors_over_subjects_are_those_of_statsmodels():
    from statsmodels.genmod.cov_struct import Independence
    from statsmodels.genmod.generalized_estimating_equations import GEE

    rng = np.random.default_rng(6)
    who = np.repeat(np.arange(30), rng.integers(1, 6, 30))
    x = np.column_stack([np.ones(len(who)), rng.normal(size=(len(who), 2))])
    y = rng.normal(size=len(who)) * (1 + who % 3)
    # Where nothing lies between people the model is one of independence, as theirs is.
    y -= np.array([y[who == it].mean() for it in range(30)])[who]
    fit = random_intercept(x, y[None], who, over_subjects=True)
    theirs = GEE(y, x, groups=who, cov_struct=Independence()).fit().bse * np.sqrt(30 / 29)
    plain = random_intercept(x, y[None], who).stderr[:, 0]
    assert np.allclose(fit.stderr[:, 0], np.maximum(theirs, plain), rtol=1e-3)


def test_ranks_and_q_values_are_those_of_scipy(simulated):
    table, described = simulated
    comparison = compare(table, make_design(described, "group"))
    shares = table.values / table.values.sum(axis=0)
    p = []
    for row in comparison.rows:
        at = table.features.index(row.feature)
        test = stats.mannwhitneyu(shares[at, 15:], shares[at, :15], method="asymptotic")
        assert row.p == pytest.approx(test.pvalue)
        assert row.delta == pytest.approx(2 * test.statistic / 225 - 1)
        p.append(row.p)
    assert np.allclose([row.q for row in comparison.rows], stats.false_discovery_control(p))
    assert benjamini_hochberg(np.zeros(0)).shape == (0,)


def test_several_groups_are_each_compared_with_the_reference():
    rng = np.random.default_rng(6)
    described = metadata(g=["b", "a", "c"] * 12)
    table = counts_table(community(rng, rng.normal(0, 1, (25, 36))))
    design = make_design(described, "g", reference="c")
    assert design.contrasts == ("a vs c", "b vs c")
    comparison = compare(table, design)
    assert {row.contrast for row in comparison.rows} == {"a vs c", "b vs c"}
    assert len(comparison.rows) == 50


def test_cpm_and_prevalence_by_hand():
    table = counts_table(np.array([[1, 0, 3], [3, 4, 1]]))
    assert cpm(table).values[0].tolist() == [250000, 0, 750000]
    assert prevalence(table).tolist() == [2 / 3, 1]
    assert prevalence(table, detection_limit=2).tolist() == [1 / 3, 2 / 3]


def test_logs_fill_zeros_by_half_of_the_lowest_value():
    table = FeatureTable(("m",), ("a", "b", "c"), np.array([[0.0, 4.0, 8.0]]), "", "metabolite")
    assert np.allclose(logged(table).values, np.log([[2.0, 4.0, 8.0]]))


def test_auc_and_r2_are_those_of_scikit_learn():
    from sklearn.metrics import r2_score, roc_auc_score

    rng = np.random.default_rng(2)
    y, scores = rng.integers(0, 2, 50).astype(float), rng.normal(size=50).round(1)
    mean = np.full(50, y.mean())
    assert metric_of("AUC", y, scores, mean) == pytest.approx(roc_auc_score(y, scores))
    assert metric_of("R2", y, scores, mean) == pytest.approx(r2_score(y, scores))
    assert np.isnan(metric_of("AUC", np.ones(5), scores[:5], mean[:5]))


# --- Over time, neighbours ------------------------------------------------------------------


def test_trends_are_slopes_of_people(simulated):
    table, described = simulated
    rising = table.values.copy()
    rising[8] = (rising[8] + 1) * 40.0 ** np.array([at % 3 for at in range(30)])
    table = counts_table(rising.round())
    top = trends(table, described, subject="person", time="day")[0]
    assert top.feature == "taxon_8"
    assert top.subjects == top.rising == 10
    assert 2 < top.low < top.slope < top.high < 5  # ln 40 is 3.7
    assert top.p == pytest.approx(stats.wilcoxon(np.ones(10)).pvalue)


def test_time_to_return_to_baseline():
    # One person leaves and is back on day 3, another never comes back, a third never leaves.
    far = {"A": [0.1, 0.1, 0.9, 0.1, 0.1], "B": [0.1, 0.1, 0.9, 0.8, 0.9], "C": [0.1] * 5}
    courses = [
        Course(f"{who}{day}", who, "g", day, distance, "to baseline")
        for who, values in far.items()
        for day, distance in zip((-1, 0, 1, 3, 7), values, strict=True)
    ]
    found = {it.subject: it for it in returns(courses, until=0)}
    assert (found["A"].time, found["A"].returned) == (3, True)
    assert (found["B"].time, found["B"].returned) == (7, False)
    assert (found["C"].time, found["C"].returned) == (1, True)
    (summary,) = return_summaries(list(found.values()))
    assert (summary.subjects, summary.returned, summary.median) == (3, 2, 3.0)


def test_distances_to_baseline_and_donor():
    described = metadata(who=["D", "R", "R", "R"], day=[0, 0, 1, 2], donor=["", "D", "D", "D"])
    square = np.array([[0, 9, 5, 2], [9, 0, 4, 7], [5, 4, 0, 3], [2, 7, 3, 0]], float)
    names = {"subject": "who", "time": "day"}
    base = distance_to_baseline(square, described, **names)
    assert [(it.sample, it.distance) for it in base] == [("S2", 4.0), ("S3", 7.0)]
    donor = distance_to_donor(square, described, **names, donor="donor")
    assert [it.distance for it in donor] == [9.0, 5.0, 2.0]


def test_rho_p_by_its_definition():
    rng = np.random.default_rng(7)
    logs = rng.normal(size=(4, 20))
    logs[1] = logs[0] + 0.1 * rng.normal(size=20)
    ours = rho_p(logs, [0, 2])
    for place, row in enumerate((0, 2)):
        for other in range(4):
            both = np.var(logs[row]) + np.var(logs[other])
            expected = 1 - np.var(logs[row] - logs[other]) / both
            assert ours[place, other] == pytest.approx(expected)
    assert ours[0, 1] > 0.95


def test_similar_samples_are_the_nearest(simulated):
    table, _ = simulated
    square = distances(table, "aitchison")
    found = [it for it in similar_samples(table, square, k=2) if it.sample == "S4"]
    assert [it.distance for it in found] == sorted(square[4])[1:3]
