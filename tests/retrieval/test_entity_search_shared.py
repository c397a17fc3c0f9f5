"""Real papers are found by the numbers, tags, old names and drugs that they are on.

The cases were chosen by reading the records: what a paper's text or its list of chemicals says,
asked for under another name or as a number where there is one.
"""

from __future__ import annotations

import gzip
import json
import re

import pytest

from retrieval.search_options import SearchOptions
from tests.retrieval.bases import empty_base

#: Distinct papers among which the right ones must be: three, and five where there are several.
FEW, MORE = 3, 5
_EC = re.compile(r"EC \d+\.\d+\.\d+\.\d+|\b[A-Z]\w{1,6}_\d{4}|Rv\d{4}")

ENZYMES = {
    "EC 1.14.14.23": ["401100"],
    "1.18.6.1": ["410019"],
    "EC:1.5.1.3": ["417736"],
    "2.1.1.13": ["413875"],
    "EC 3.1.8.1": ["32090497"],
    "EC 3.2.1.39": ["409497"],
    "EC:6.3.4.3": ["411781"],
    "EC 2.4.1.17": ["402364", "415733"],
    "EC 2.5.1.18": ["416909"],
    "EC3.5.3.4": ["406022"],
    # Papers that name the enzyme and not its number:
    "3.5.1.24": ["38024855"],
    "papers on EC 4.1.99.1": ["32943527", "38960582"],
    "3.5.1.2": ["33936013"],
    "EC 1.13.11.52": ["30459574", "31124390", "39377830"],
    "4.1.1.25": ["36240098", "35076270", "34911958"],
    "EC:1.4.3.22": ["38606411", "402420"],
    "EC 1.14.16.4": ["38488514", "37709081"],
    "3.1.3.8": ["33940282"],
    "EC 1.7.1.17": ["33619857"],
    # The record lists the number under a name that the question does not use:
    "paraoxonase": ["32090497"],
    "tetrahydrofolate dehydrogenase": ["417736"],
    "formate-tetrahydrofolate ligase": ["411781"],
}
LOCI = {
    "Coch_0033": ["33994426"],
    "Coch0033": ["33994426"],
    "AH4AK4_2542": ["33932598"],
    "locus_tag:AHGSH82_029580": ["33932598"],
    "Smp_154600": ["33337558"],
    "Rv1819c": ["33954837"],
    "locus tag Rv3490": ["34044044"],
    "Smar_0555": ["34096778"],
    "DKAM_0858": ["34096778"],
    "B025_Gp17": ["34096780"],
}
FAMILIES = {
    "K01667": ["32979562", "31685046"],
    "ko:K01626": ["31685046"],
    "K03781": ["32979562"],
    "COG0738": ["33194817"],
}
TAXA = {
    "Cupriavidus necator": ["34051572"],
    "Priestia megaterium": ["410908"],
    "Paenibacillus polymyxa": ["410019"],
    "Phocaeicola plebeius": ["33951593", "36058421", "34346706"],
    "Bacteroides distasonis": ["38968876", "37782386"],
    "Moraxella catarrhalis": ["417781"],
    "Paraclostridium bifermentans": ["402349"],
    "Enterocloster bolteae": ["36093695"],
    "Hathewaya histolytica": ["422233"],
    "Thomasclavelia ramosa": ["39070266"],
    "Paeniclostridium sordellii": ["399365"],
    "Pantoea agglomerans": ["401538"],
    "Segatella copri": ["37655441"],
    "species: Cutibacterium acnes": ["34082713", "401538"],
    "Ruminococcus productus": ["38211635"],
    "Pichia pastoris": ["37016046"],
    "Heyndrickxia coagulans": ["33975039"],
    "Nakaseomyces glabratus": ["34092515"],
    "lactobacillus farciminis": ["34093783"],
    "Peptostreptococcus productus": ["38211635"],
}
DRUGS = {
    "aspirin": ["39145619"],
    "albuterol": ["34033976"],
    "paracetamol": ["39313515"],
    "doxorubicin": ["415596"],
    "cytarabine": ["415596"],
    "mesalamine": ["33619857"],
    "phenytoin": ["413430"],
    "lignocaine": ["408479"],
    "sirolimus": ["34092253"],
    "glyceryl trinitrate": ["34058595"],
    "CPT-11": ["33865833"],
    "benzhexol": ["38275646"],
    "cefalotin": ["400941"],
    "ursodiol": ["428300"],
    "drug:terramycin": ["411590"],
}
GENES = {
    "AurA": ["34093475"],
    "azoR": ["33619857"],
    "gene:bclA": ["34096779"],
    "WalR": ["34000511"],
    "mcrA": ["34088025", "33957515", "33817881", "33901975"],
}
CASES = {**ENZYMES, **LOCI, **FAMILIES, **TAXA, **DRUGS, **GENES}


@pytest.fixture(scope="module")
def base(shared, tmp_path_factory):
    """About 1,400 papers: those on microbes, others that hold numbers, and a fifth of the rest."""
    folder = tmp_path_factory.mktemp("entities")
    papers = folder / "papers.jsonl"
    literature = shared / "literature"
    with papers.open("w", encoding="utf-8") as out:
        for name, keeps in (("pubmed/pubmed", _pubmed), ("gut_brain_abstracts/gut_brain", _gut)):
            path = literature / f"{name}_abstracts.jsonl.gz"
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                out.writelines(line for n, line in enumerate(lines) if keeps(json.loads(line), n))
    with empty_base(folder / "kb") as opened:
        opened.add([papers])
        yield opened


WANTED = {pmid for pmids in CASES.values() for pmid in pmids}


def _pubmed(record, number):
    text = f"{record['title']} {record['abstract']}"
    return record["set"] in {"core", "special"} or bool(_EC.search(text))


def _gut(record, number):
    return record["pmid"] in WANTED or number % 5 == 0


def papers_found(base, query, number, **options):
    hits = base.search(query, number, "literature", SearchOptions(per_paper=1, **options))
    return [hit.reference.removeprefix("PMID:") for hit in hits]


@pytest.mark.parametrize("mode", ["hybrid", "lexical"])
@pytest.mark.parametrize("query", CASES)
def test_an_entity_finds_its_papers_among_the_first(base, query, mode):
    wanted = set(CASES[query])
    found = papers_found(base, query, FEW if len(wanted) == 1 else MORE, mode=mode)
    assert wanted <= set(found)


def test_words_alone_find_half_of_them_at_most(base):
    """Without the other names and the tags the cases would not be found: they are no giveaways."""
    missed = [
        query
        for query, wanted in (*ENZYMES.items(), *TAXA.items(), *DRUGS.items())
        if not set(wanted) <= set(papers_found(base, query, MORE, mode="lexical", expand=False))
    ]
    assert len(missed) > len({**ENZYMES, **TAXA, **DRUGS}) / 2


SENTENCES = {
    "Does Enterocloster bolteae fall under beta-glucan in people with autism?": "36093695",
    "Which gut bacteria decarboxylate L-DOPA by EC 4.1.1.25?": "34911958",
    "Is CPT-11 made toxic again by EC 3.2.1.31 of the gut?": "33865833",
    "A selective medium for clostridioides difficile": "429542",
    "Does Hathewaya histolytica cause enterocolitis in guinea pigs?": "422233",
}


@pytest.mark.parametrize("query", SENTENCES)
def test_other_names_count_in_a_sentence_too(base, query):
    assert SENTENCES[query] in papers_found(base, query, MORE, mode="lexical")


def test_a_hit_says_by_which_name_the_paper_has_the_entity(base):
    hit = base.search("EC 3.5.1.24", 1, "literature")[0]
    assert hit.asked_for == ("ec 3.5.1.24 (cholylglycine hydrolase)",)
    assert "entity (ec 3.5.1.24 (cholylglycine hydrolase))" in hit.why
    assert set(hit.asked_for) < set(hit.entities)
    old = base.search("Thomasclavelia ramosa", 1, "literature")[0]
    assert old.asked_for == ("taxon Erysipelatoclostridium ramosum",)


def test_a_retracted_paper_stays_out(base):
    """PMID 31031480 names paracetamol, too."""
    assert "31031480" not in papers_found(base, "paracetamol", 30)
