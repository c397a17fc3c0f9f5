"""Word lists of the grounder, as stems. What is in none of them is a word that must be backed.

A list that lets words through is short on purpose; a list that stops words may be long.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.grounding.words import Token, stem

if TYPE_CHECKING:
    from collections.abc import Sequence, Set


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


#: Words that say nothing about the world: a claim may use them freely. Prepositions of
#: direction (from, to, into, by, against), "or", quantifiers and comparisons are not here.
NEUTRAL: Final = _stems(
    "a an the of in on at for with as and is be been has have do its it this that these those "
    "which who whose there here such than then also thus therefore both our their they we "
    "protein proteins gene genes product sequence sequences query encode encodes encoded coding "
    "evidence match matches hit hits entry entries database reference paper study article "
    "authors report reports according show shows indicate indicates say says state states "
    "mention mentions describe describes show instead candidate function functions "
    "functional molecular activity role share shares give gives name while whereas but lie "
    "ec ko number identifier accession value"
)
#: Words by which a claim says less than it could: they never need backing.
HEDGES: Final = _stems(
    "may might could can possible possibly perhaps probable probably putative likely potential "
    "potentially suggest suggests suggesting suggestive appear appears seem seems presumably "
    "presumed hypothetical hypothesis hypothesise tentative tentatively apparent apparently "
    "consistent predicted predict prediction propose proposed support supports expected infer "
    "inferred speculate candidate plausible plausibly"
)
#: Words that make a function wider: "family protein" claims less than the name alone.
WIDENING: Final = _stems("family superfamily domain containing related like putative type")

NEGATION: Final = _stems(
    "not no nor neither never none non without lack lacks lacking lacked absent absence fail "
    "fails failed failing failure unable inability unlikely hardly barely missing devoid"
)

#: Classes of words that a claim must keep when its evidence has them around what it says:
#: without them it says more, or something else. Checked by class, so "putative" may become
#: "probable". Each class: name, words, classes that stand in for it.
QUALIFIERS: Final = (
    ("doubt", HEDGES | _stems(
        "unclear unknown uncertain unproven controversial believed thought considered "
        "speculative reportedly claimed allegedly annotated unconfirmed preliminary putatively"
    )),
    ("aim", _stems(
        "whether if aim aimed aims investigate investigated examine examined determine test "
        "tested question asked ask hypothesised explore explored assess assessed evaluate "
        "unless would should will future planned remains"
    )),
    ("likeness", _stems(
        "identical similar homolog homologs ortholog orthologs paralog resemble resembles "
        "resembling like related relative relatives near nearest neighbour neighbor closest "
        "analog analogue analogous cosine aligned alignment"
    )),
    ("place", _stems(
        "neighbouring neighboring adjacent upstream downstream flanking beside next nearby "
        "operon cluster co-located between"
    )),
    ("perturbation", _stems(
        "loss deletion deleted mutant mutants mutation knockout knock disruption disrupted "
        "inactivation inactivated deficient deficiency depletion depleted inhibitor "
        "overexpression overexpressed overproduction truncated variant chimeric engineered"
    )),
    ("limit", _stems(
        "only partial partially partly weak weakly poor poorly slight slightly rarely sometimes "
        "some few occasionally except subunit fragment precursor domain family superfamily "
        "moiety remnant pseudogene formerly obsolete deprecated"
    )),
    ("setting", _stems(
        "mice mouse murine rat rats pig pigs piglets chicken zebrafish patient patients "
        "vitro silico simulated simulation"
    )),
    ("naming", _stems("name named call called annotate annotated assign assigned label labelled")),
    ("nothing", _stems(
        "inactive negligible undetectable undetected disproved refuted excluded incapable "
        "abolish abolished lost ceased withdrawn retracted"
    )),
    ("association", _stems("associated association correlated correlation correlates linked")),
)  # fmt: skip
#: Classes for which a hedge that opens the claim is enough: it is honest about them too.
STANDS_IN: Final = frozenset({"likeness", "aim", "limit", "naming"})
#: Classes of which each word must be kept, not just one of the class.
EXACT_CLASSES: Final = frozenset({"limit", "place", "perturbation", "nothing"})
#: Words behind a name that are no part of it.
FOLLOWERS: Final = _stems(
    "to from into onto over per via after before during through between within upon both by or "
    "against under above below across among along around only together because since so if when "
    "reduces increases hydrolyses hydrolyzes degrades binds cleaves encodes inhibits activates "
    "catalyses uses produces transports growth"
)
#: Classes that matter wherever they stand in the clause; the others only before or inside.
EVERYWHERE: Final = frozenset({"doubt", "limit", "likeness", "naming", "nothing"})
#: Classes that hold for a whole sentence, whatever stands between.
WHOLE_SENTENCE: Final = frozenset({"setting"})

#: Words that may not be skipped inside the words that a claim takes from its evidence.
NEVER_SKIPPED: Final = _stems(
    "by or against than rather increase increased increases decrease decreased decreases "
    "reduce reduced reduces elevate elevated up down higher lower more less enriched depleted "
    "inhibit inhibits inhibited activate activates activated repress represses repressed "
    "induce induces induced stimulate stimulates promote promotes promoted prevent prevents "
    "block blocks blocked suppress suppresses enhance enhances about approximately least most "
    "below above under up to either versus anti"
) - {"to"}

#: Words of certainty and weight. A claim may use one only where its evidence does.
OVERCLAIMS: Final = _stems(
    "prove proves proven proved proof demonstrate demonstrates demonstrated confirm confirms "
    "confirmed establish established definitive definitively certain certainly undoubtedly "
    "clearly conclusively essential indispensable crucial critical key vital novel "
    "unprecedented first therapeutic therapy treat treats treatment cure cures drug target "
    "cause causes caused causal causing leads lead responsible driver virulence virulent "
    "pathogenic pathogenicity toxic toxin harmless safe beneficial probiotic always never all "
    "every exclusively unique uniquely sole solely guarantee guaranteed must significant "
    "significantly strongly highly validated verified known characterised experimentally"
)

#: Words that need a thing as much as "essential" does.
NECESSITY: Final = _stems("required requires require necessary needed needs important depends")

#: Words that doubts and aims may use without backing: they name no finding.
OF_RESEARCH: Final = _stems(
    "test tests tested testing find tell determine measure measured compare identify check examine "
    "see learn ask assess unknown unclear unsure uncertain open question known sure doubt whether "
    "how what why when where substrate substrates specificity specific reaction pathway process "
    "partner ligand binding bind bound vivo vitro cell cells growth condition conditions assay "
    "experiment experiments experimental purified purification expression expressed mutant wild "
    "residue residues site active catalytic structure structural fold domain domains homolog "
    "homologs relative relatives neighbour neighbours neighbor neighbors genome genomes organism "
    "organisms host species strain bacteria bacterial biological physiological exact precise "
    "true real same different other another any more most enough only one its work works need "
    "needed use uses used using same act acts carry carries out evidence no not alone weak "
    "identity similarity coverage part whole length low high limited missing data information "
    "literature direct directly indirect indirectly clear to from into by or if so because"
)
#: What a doubt has at least one of.
DOUBT_WORDS: Final = _stems(
    "whether which what how why unknown unclear unsure uncertain if known measured tested shown"
)
#: How an aim begins.
AIM_VERBS: Final = _stems(
    "test find tell determine measure compare identify check examine learn assess show see "
    "establish verify confirm predict look search locate distinguish decide explore place map"
)

#: Words that deny each other, as pairs of groups.
OPPOSITES: Final = tuple(
    (_stems(one), _stems(other))
    for one, other in (
        ("increase increased increases raise raised elevate elevated higher more enriched up gain",
         "decrease decreased decreases reduce reduced reduces lower less depleted down loss"),
        ("active", "inactive"), ("soluble", "insoluble"),
        ("activate activates induce induces stimulate stimulates promote promotes enhance",
         "inhibit inhibits repress represses suppress suppresses block blocks prevent"),
        ("present", "absent"), ("positive positively", "negative negatively"),
        ("import imports imported uptake influx", "export exports exported efflux secretion"),
        ("synthesis biosynthesis synthesise synthesises synthesised anabolic",
         "degradation degrade degrades degraded breakdown catabolic"),
        ("produce produces produced production", "consume consumes consumed consumption degrades"),
        ("retain retains retained keep kept gain gained", "lose loses lost loss"),
        ("all every always", "some rarely seldom never none"), ("before prior", "after following"),
        ("upstream", "downstream"), ("intracellular", "extracellular"), ("male", "female"),
        ("aerobic", "anaerobic"), ("sensitive susceptible", "resistant"),
        ("confirm confirms", "disprove disproves"), ("plus forward", "minus reverse"),
    )
)  # fmt: skip

#: A sentence of the evidence that ends here gives way to another thought.
STRONG_BOUNDARY: Final = frozenset({";", ":", "?", "!"})
CONTRAST: Final = _stems("but whereas however although though while yet")
#: After the words of a claim, a comma followed by one of these begins another thought.
AFTER_COMMA: Final = CONTRAST | _stems(
    "which who suggesting indicating so thus because since as in when where with e perhaps"
)
#: Verbs after "and" that begin another thought.
AUXILIARIES: Final = _stems("do does did is was were has have had cannot can may could")

#: Behind ", and" these begin another thought: "binds X, and its variant does not".
PRONOUNS: Final = _stems("it its they their this these")

#: "This protein": the claim is about the gene in question.
SELF: Final = re.compile(
    r"\b(?:this|the|that|our|your|query|its)\s+(?:(?:query|hypothetical|unknown|encoded|given|"
    r"uncharacteri[sz]ed|predicted|same|present|candidate|target|novel)\s+)*"
    r"(?:protein|gene|enzyme|sequence|product|orf|cds|locus|polypeptide|homolog(?:ue)?)\b"
    # "the sequence of BT_1873", "the enzyme BT_1873": another one, by its name.
    r"(?!\s+(?:of|from)\s+(?!(?:this|our|your|interest)\b)|(?-i:\s+(?:[a-z]+[A-Z]|\w*[A-Z]\w*[A-Z\d])))"
    r"|^\W*(?:it|its|we|here|there|they)\b",
    re.IGNORECASE,
)
#: Verbs that open a claim without a subject: it is then about the gene as well.
BARE_VERBS: Final = re.compile(
    r"^\W*(?:an?\b(?!\s+(?:\w+\s+)?(?:paper|study|report|article|review)\b)"
    r"|(?:may|might|can|could|likely|probably|possibly|putative|is|be|has|encodes?|"
    r"functions?|acts?|belongs?|catalyses|catalyzes|binds|cleaves|degrades|hydrolyses|"
    r"hydrolyzes|transports|regulates|produces|synthesi[sz]es|converts|contains|participates|"
    r"contributes|mediates|inhibits|activates|involved|needed|required)\b)",
    re.IGNORECASE,
)

#: Text that addresses a reader or a machine instead of stating something; links and markup.
INSTRUCTION: Final = re.compile(
    r"https?:|www\.|!\[|\]\(|<[a-z/!]|\bjavascript:|[{}]"
    r"|\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|previous|above|prior|"
    r"rule|prompt|evidence)"
    r"|\b(?:system prompt|as an ai|language model|you (?:must|should|are|will|can|need)|"
    r"please (?:write|answer|say|click|visit|run|send)|instructions?\b|click here|"
    r"subscribe|contact us|e-?mail)",
    re.IGNORECASE,
)

_COMPARISONS: Final = frozenset({"<", ">", "<=", ">=", "≤", "≥", "≈", "~", "±", "%", "°C"})


def needs_backing(token: Token) -> bool:
    """Tell whether a word of a claim must stand in the evidence."""
    if token.kind == "mark":
        return token.text in _COMPARISONS
    if token.kind in {"number", "code"}:
        return True
    free = token.text in NEUTRAL or token.text in HEDGES or token.text in WIDENING
    return not free and token.text not in NEGATION


def backed_before(clause: Sequence[Token], marks: Set[str]) -> list[int]:
    """Count, for each of these words in a clause, the words before it that need backing."""
    passed, found = 0, []
    for token in clause:
        passed += needs_backing(token)
        if token.text in marks:
            found.append(passed)
    return found
