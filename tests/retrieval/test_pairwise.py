import math

import pytest
from Bio.Align import PairwiseAligner, substitution_matrices

from retrieval import pairwise
from retrieval.pairwise import align_pairs, bitscore, evalue, score_pairs
from tests.retrieval.cigars import CIGAR, QUERY, TARGET, check_cigar
from tests.retrieval.proteins import BASES, protein, relative

RESIDUES_OF_DATABASE = 10_000_000

# Haemoglobin subunits alpha and beta, human (UniProt P69905, P68871): 43 % identical, with gaps.
ALPHA = (
    "MVLSPADKTNVKAAWGKVGAHAGEYGAEALERMFLSFPTTKTYFPHFDLSHGSAQVKGHGKKVADALTNAVAHVDDMPNALSALSDLHAHKLR"
    "VDPVNFKLLSHCLLVTLAAHLPAEFTPAVHASLDKFLASVSTVLTSKYR"
)
BETA = (
    "MVHLTPEEKSAVTALWGKVNVDEVGGEALGRLLVVYPWTQRFFESFGDLSTPDAVMGNPKVKAHGKKVLGAFSDGLAHLDNLKGTFATLSELHC"
    "DKLHVDPENFRLLGNVLVCVLAHHFGKEFTPPVQAAYQKVVAGVANALAHKYH"
)
PAIRS = [
    (ALPHA, BETA),
    (BETA, ALPHA),
    *(
        (base, relative(base, share, seed=n))
        for n, base in enumerate(BASES)
        for share in (0.2, 0.5)
    ),
    (BASES[0], BASES[0][40:90] + BASES[0][110:]),
]


def independent(query, target):
    """Align with Biopython under BLAST's costs: a gap of n residues costs 11 + n."""
    aligner = PairwiseAligner(mode="local")
    aligner.substitution_matrix = substitution_matrices.load("BLOSUM62")
    aligner.open_gap_score, aligner.extend_gap_score = -12, -1
    return aligner.align(query, target)


@pytest.mark.parametrize("pair", PAIRS)
def test_score_and_identity_agree_with_biopython(pair):
    ours = align_pairs([pair], database_residues=RESIDUES_OF_DATABASE)[0]
    theirs = independent(*pair)
    assert ours.score == theirs.score
    # Alignments of equal score may differ by a residue or two: ours must be one of theirs.
    candidates = [theirs[n] for n in range(min(len(theirs), 200))]
    identities = {100 * one.counts().identities / one.length for one in candidates}
    assert any(ours.pident == pytest.approx(value) for value in identities)


def test_haemoglobin_subunits_are_43_percent_identical():
    ours = align_pairs([(ALPHA, BETA)], database_residues=RESIDUES_OF_DATABASE)[0]
    assert ours.pident == pytest.approx(43, abs=2)  # the textbook figure
    assert ours.qcov > 0.95
    assert ours.evalue < 1e-25


def test_positions_cut_out_the_aligned_parts():
    query, target = BASES[2], "GGGGG" + BASES[2][20:120]
    ours = align_pairs([(query, target)], database_residues=RESIDUES_OF_DATABASE)[0]
    assert query[ours.query_start - 1 : ours.query_end] == BASES[2][20:120]
    assert target[ours.target_start - 1 : ours.target_end] == BASES[2][20:120]
    assert (ours.qcov, ours.scov) == pytest.approx((100 / len(query), 100 / 105))
    assert (ours.pident, ours.length) == (100.0, 100)


def test_cigar_is_that_of_the_search():
    (found,) = align_pairs([(QUERY, TARGET)], database_residues=10**6)
    assert found.cigar == CIGAR
    for query, target in ((QUERY, TARGET), (BASES[0], relative(BASES[0], 0.4, seed=8))):
        (found,) = align_pairs([(query, target)], database_residues=10**6)
        check_cigar(found, query, target)


def test_order_of_pairs_is_kept_whatever_the_queries():
    mixed = [PAIRS[n] for n in (2, 0, 3, 1, 0)]
    together = align_pairs(mixed, database_residues=RESIDUES_OF_DATABASE)
    single = [align_pairs([pair], database_residues=RESIDUES_OF_DATABASE)[0] for pair in mixed]
    assert together == single


def test_scores_alone_are_those_of_the_alignments():
    pairs = [(query, target[::step]) for query in BASES[:3] for target in BASES for step in (1, -1)]
    pairs += [("", "MKV"), ("XXX", "XXX"), (BASES[0].lower(), BASES[0] + "*")]
    aligned = align_pairs(pairs, database_residues=1000)
    assert score_pairs(pairs) == [pair.score if pair else 0 for pair in aligned]
    assert score_pairs([]) == []


def test_pairs_without_an_alignment_are_none():
    pairs = [("", BASES[0]), (BASES[0], ""), ("XXXX", BASES[0]), ("*", "*"), (ALPHA, BETA)]
    answers = align_pairs(pairs, database_residues=RESIDUES_OF_DATABASE)
    assert answers[:4] == [None, None, None, None]
    assert answers[4] is not None
    assert align_pairs([], database_residues=1) == []


def test_a_pair_too_large_for_memory_is_left_out(monkeypatch):
    monkeypatch.setattr(pairwise, "MAX_CELLS", len(ALPHA) * len(BETA) - 1)
    assert align_pairs([(ALPHA, BETA)], database_residues=1) == [None]


def test_lower_case_stop_and_rare_residues_are_read():
    plain, odd = align_pairs(
        [(ALPHA, BETA), (ALPHA.lower() + "*", BETA.replace("C", "U"))],
        database_residues=RESIDUES_OF_DATABASE,
    )
    assert odd == plain


def test_evalue_follows_karlin_and_altschul():
    # 0.041 * 250 * 1e7 * exp(-0.267 * 200), by hand
    assert evalue(200, 250, 10**7) == pytest.approx(1.025e8 * math.exp(-53.4))
    # E = m n 2^-bits: the two statistics agree with each other
    assert evalue(200, 250, 10**7) == pytest.approx(250 * 10**7 * 2 ** -bitscore(200))
    assert bitscore(200) == pytest.approx(81.7, abs=0.1)  # BLAST prints 81.6 for score 200


def test_unrelated_proteins_are_not_significant():
    pairs = [(protein(300, n), protein(300, n + 1000)) for n in range(50)]
    answers = align_pairs(pairs, database_residues=300)
    # One search of one protein each: about 5 in 100 reach E 0.05 by chance.
    assert sum(one.evalue < 0.05 for one in answers if one) <= 8


def test_a_database_is_never_smaller_than_the_target():
    small, exact = (
        align_pairs([(ALPHA, BETA)], database_residues=size)[0] for size in (0, len(BETA))
    )
    assert small == exact


def test_threads_change_nothing(monkeypatch):
    residues = "ACDEFGHIKLMNPQRSTVWY"
    texts = [(residues[n:] + residues[:n]) * 3 for n in range(12)]
    pairs = [(query, target) for query in texts[:5] for target in texts]
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    alone = align_pairs(pairs, database_residues=300), score_pairs(pairs)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert (align_pairs(pairs, database_residues=300), score_pairs(pairs)) == alone
