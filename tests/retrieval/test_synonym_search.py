"""Search by other names: any name of an entity is as good as another, however rare it is."""

from __future__ import annotations

import pytest

from ingest.entities import spelled
from retrieval.entity_names import dictionary, enzyme_names
from retrieval.expansion import Expansion
from retrieval.lexical_index import LexicalIndex, synonym_wording
from retrieval.search_options import SearchOptions
from retrieval.synonym_search import search_by_names
from tests.retrieval.bases import empty_base, jsonl, written

NAMED_TWICE = {
    key.removeprefix("ec:"): names
    for key, names in enzyme_names().items()
    if len(names) > 1 and all(dictionary().get(spelled(name)) == key for name in names)
}
FILLER = "It was measured in soil, in water and in the gut of mice after a week of feeding."


def paper(pmid, title, abstract=FILLER):
    return {"pmid": str(pmid), "title": title, "abstract": abstract, "year": "2001"}


def enzyme_papers():
    """Of each enzyme one paper under each name, and one on dust that has all names in passing."""
    papers, wanted, number = [], {}, 1000
    for ec, names in NAMED_TWICE.items():
        wanted[ec] = set()
        for name in names:
            number += 1
            wanted[ec].add(str(number))
            papers.append(paper(number, f"Purified {name} of strain {number}"))
        number += 1
        passing = f"{FILLER} Activities of {' and of '.join(names)} were low."
        papers.append(paper(number, f"Dust of room {number}", passing))
    return papers, wanted


@pytest.fixture(scope="module")
def enzymes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("enzymes")
    papers, wanted = enzyme_papers()
    with empty_base(folder / "kb") as base:
        base.add(written(folder / "in", papers__jsonl=jsonl(papers)))
        yield base, wanted


@pytest.mark.parametrize("mode", ["hybrid", "lexical"])
def test_a_number_finds_its_papers_under_each_name_before_those_that_list_all(enzymes, mode):
    base, wanted = enzymes
    assert len(wanted) > 60
    options = SearchOptions(mode=mode, per_paper=1, fold=False)
    for ec, pmids in wanted.items():
        hits = base.search(f"EC {ec}", len(pmids), "literature", options)
        assert {hit.reference.removeprefix("PMID:") for hit in hits} == pmids, ec


@pytest.fixture(scope="module")
def rare(tmp_path_factory):
    """Many papers under the usual name, one of them wholly on it; a rare name in passing."""
    folder = tmp_path_factory.mktemp("rare")
    papers = [paper(n, f"Soil {n}", f"{FILLER} Diamine oxidase was low.") for n in range(2, 40)]
    papers += [paper(n, f"Water of lake {n}") for n in range(40, 200)]
    papers.append(paper(1, "Diamine oxidase", f"Diamine oxidase acts. {FILLER}"))
    papers.append(paper(300, "Dust", f"{FILLER} Histaminase was low, and so was dopamine."))
    papers.append(paper(301, "The number", f"{FILLER} Here EC 1.4.3.22 was purified."))
    features = (
        "# Gene Family\tS1_Abundance\n"
        "K01428: urease subunit alpha\t3\nK05349: beta-glucosidase\t5\n"
    )
    papers.append(paper(401, "Urease subunit alpha of soil"))
    papers.append(paper(402, "A beta-glucosidase of the rumen"))
    with empty_base(folder / "kb") as base:
        base.add(written(folder / "in", papers__jsonl=jsonl(papers), ko__tsv=features))
        yield base


def found(base, query, mode="lexical"):
    hits = base.search(query, 4, "literature", SearchOptions(mode=mode, per_paper=1, fold=False))
    return [hit.reference.removeprefix("PMID:") for hit in hits]


@pytest.mark.parametrize("mode", ["hybrid", "lexical"])
def test_a_rare_name_in_passing_is_not_above_the_usual_one_in_the_title(rare, mode):
    first = found(rare, "EC 1.4.3.22", mode)
    assert set(first[:2]) == {"1", "301"}
    assert first.index("1") < [*first, "300"].index("300")


@pytest.mark.parametrize(("number", "pmid"), [("K01428", "401"), ("ko:K05349", "402")])
def test_a_ko_is_looked_for_under_the_name_that_the_tables_give_it(rare, number, pmid):
    assert found(rare, number)[0] == pmid


def test_names_of_one_entity_are_not_added_up(rare):
    index = LexicalIndex(rare._store.connection)
    entity = Expansion("EC 1.4.3.22", ("diamine oxidase", "histaminase"))
    both = search_by_names(index, [entity], 500, ["passage"])
    for name in entity.synonyms:
        alone = index.search(synonym_wording([name]), 500, ["passage"])
        assert all(both[row] <= score + 1e-9 for row, score in alone.items())
    twice = search_by_names(index, [entity, Expansion("x", ("dopamine",))], 500, ["passage"])
    (histaminase,) = index.search(synonym_wording(["histaminase"]), 1, ["passage"])
    assert twice[histaminase] > both[histaminase]  # but entities are
