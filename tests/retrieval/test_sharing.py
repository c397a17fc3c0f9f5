"""One knowledge base asked from several threads, as the pages do."""

from concurrent.futures import ThreadPoolExecutor

from retrieval.knowledge_base import KnowledgeBase
from tests.retrieval.bases import AMYLASE, PROTEINS, written

QUERIES = ("starch", "beta-galactosidase", "amylase", "lactose", "nothing of the kind")


def test_threads_get_the_answers_of_one(tmp_path):
    made = {"text_embedder": "hashing", "protein_embedder": "hashing"}
    with KnowledgeBase.open_or_create(tmp_path / "kb", **made) as base:
        base.add(written(tmp_path / "in", proteins__tsv=PROTEINS))

        def ask(number):
            query = QUERIES[number % len(QUERIES)]
            hits = base.search(query, 5)
            near = base.search_sequence(AMYLASE, 2)
            return query, hits, near, base.info().counts["proteins"]

        alone = {answer[0]: answer for answer in map(ask, range(len(QUERIES)))}
        with ThreadPoolExecutor(8) as threads:
            for answer in threads.map(ask, range(80)):
                assert answer == alone[answer[0]]


def test_searches_go_on_while_another_opening_adds(tmp_path):
    made = {"text_embedder": "hashing", "protein_embedder": "hashing"}
    first, second = written(
        tmp_path / "in", a__faa=f">A1 alpha-amylase\n{AMYLASE}\n", b__tsv=PROTEINS
    )
    with KnowledgeBase.open_or_create(tmp_path / "kb", **made) as base:
        base.add([first])
        with ThreadPoolExecutor(4) as threads:
            asked = [threads.submit(base.search, "amylase", 5) for _ in range(40)]
            with KnowledgeBase.open(tmp_path / "kb") as other:
                other.add([second])
            assert all(call.result() for call in asked)
        assert base.search("beta-galactosidase", 5)
