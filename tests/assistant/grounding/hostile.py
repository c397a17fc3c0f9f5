"""A liar's claims on real-looking evidence, made by rule from a seed: what changed is known.

Each lie is a sentence of the evidence with one thing changed. Some are then worded a little
differently around the change, as a fluent model would. ``kind`` names what was changed.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from assistant.claims import Citation, Claim
from retrieval.evidence.base import Evidence

PASSAGES = (
    "Deletion of susC in Bacteroides thetaiotaomicron VPI-5482 reduced growth on amylopectin by "
    "74% but had no effect on growth with glucose.",
    "The purified enzyme BT_1873 hydrolysed xylan with a Km of 2.4 mM and was inhibited by 5 mM "
    "EDTA.",
    "Fecal propionate increased from 12.1 to 18.6 umol/g in the inulin group (P = 0.003), whereas "
    "butyrate did not change.",
    "Cgr2 of Eggerthella lenta reduces digoxin, and its expression is repressed by arginine.",
    "Akkermansia muciniphila was less abundant in 48 patients with ulcerative colitis than in 52 "
    "controls.",
    "The beta-lactamase CfxA6 may confer resistance to ampicillin in Prevotella intermedia.",
    "Mutation of Glu145 to Ala abolished the activity of the esterase Axe2 against acetylxylan.",
    "Colonization with Clostridium scindens restored bile acid 7alpha-dehydroxylation in "
    "antibiotic-treated mice.",
    "The histidine kinase PhoR (EC 2.7.13.3, K07636) phosphorylates PhoB under phosphate "
    "starvation in Escherichia coli.",
    "Oral vancomycin decreased fecal secondary bile acids 30-fold and increased the relative "
    "abundance of Klebsiella pneumoniae to 41%.",
    "Transcription of tetQ was induced 8-fold by 2 ug/ml tetracycline but not by erythromycin.",
    "Lactobacillus reuteri DSM 17938 produces reuterin from glycerol and inhibits Salmonella "
    "enterica at pH 6.5.",
    "The operon araBAD is activated by AraC in the presence of L-arabinose and repressed in its "
    "absence.",
    "Faecalibacterium prausnitzii A2-165 produced 11.2 mM butyrate after 24 h, and acetate was "
    "consumed.",
    "Neither Roseburia intestinalis nor Eubacterium rectale degraded mucin O-glycans in the "
    "absence of fucose.",
    "Loss of the transporter OppA impaired uptake of oligopeptides in Streptococcus agalactiae "
    "NEM316.",
    "The lipase LipA2 retained 85% of its activity after 30 min at 60 °C, but lost activity in "
    "10% methanol.",
    "Indole-3-propionate was produced by Clostridium sporogenes and activated the pregnane X "
    "receptor in mice.",
    "Serum TMAO was higher in omnivores (9.4 uM) than in vegans (1.2 uM) after a carnitine "
    "challenge.",
    "Protein WP_011107890 is 38% identical to the sialidase NanH (GO:0004308) of Bacteroides "
    "fragilis.",
    "GadC exports gamma-aminobutyrate and is not required for survival of Listeria monocytogenes "
    "at neutral pH.",
    "The phage lysin PlyC degrades the cell wall of Streptococcus pyogenes more rapidly than "
    "that of Enterococcus faecalis.",
    "Treatment with rifaximin for 14 days did not alter the Shannon diversity of 30 patients with "
    "cirrhosis.",
    "The regulator BreR is suggested to repress the efflux pump breAB of Vibrio cholerae in the "
    "absence of deoxycholate.",
    "Expression of nifH increased under nitrogen limitation and declined when 10 mM ammonium was "
    "added to Azotobacter vinelandii.",
    "Beta-glucuronidase activity of isolate H17 was higher at pH 6.8 than at pH 4.5, and "
    "D-saccharic acid 1,4-lactone blocked it.",
    "Strains without the gene bshA were more sensitive to glycocholate than the wild type of "
    "Listeria monocytogenes EGD-e.",
    "Methanobrevibacter smithii was detected in 71 of 120 samples and was positively correlated "
    "with breath methane.",
)
ORGANISMS = (
    "Vibrio parahaemolyticus", "Yersinia pestis", "Bacillus subtilis", "Prevotella copri",
    "Pseudomonas putida", "Enterococcus faecium", "Helicobacter pylori", "Rhodobacter sphaeroides",
)  # fmt: skip
GENES = ("recA", "lacY", "mcrA", "KdpD", "sigB", "FtsZ", "nirK", "OmpF", "dnaK", "PilT")
CHEMICALS = (
    "sorbitol", "chloramphenicol", "benzoate", "cellobiose", "taurine", "nitrite", "mannose",
    "lysine", "menaquinone", "gentamicin", "citrate", "pectin", "cholesterol", "heme",
)  # fmt: skip
_SUBSTANCES = re.compile(
    r"\b(?:amylopectin|glucose|xylan|EDTA|propionate|butyrate|inulin|digoxin|arginine|ampicillin"
    r"|acetylxylan|vancomycin|tetracycline|erythromycin|reuterin|glycerol|arabinose|acetate|fucose"
    r"|oligopeptides|methanol|carnitine|deoxycholate|ammonium|glycocholate|methane|rifaximin"
    r"|cholesterol|lactate|bile acids|lactose|insulin|serotonin|choline|TMAO|indole)\b"
)
_BINOMIAL = re.compile(r"\b[A-Z][a-z]{4,} [a-z]{5,}(?:is|us|um|ii|ae|ens|es|ca|la|ri|ta|ni)\b")
_GENE = re.compile(r"\b(?:[a-z]{3}[A-Z]{1,3}\d?|[A-Z][a-z]{2}[A-Z]\d?)\b")
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?=[ %)]|-fold)(?!\s?-\s?\d)")
_IDENTIFIER = re.compile(
    r"\b(?:K\d{5}|GO:\d{7}|[A-Z]{2}_\d{3,}|BT_\d{4}|\d\.\d+\.\d+\.\d+|Glu\d+|Ala\d+|PF\d{5})\b"
)
_UNIT = re.compile(r"(?<=\d )(?:mM|uM|umol/g|ug/ml|min|h|days)\b|(?<=\d)(?:%|-fold)")
_UNITS = {"mM": "uM", "uM": "mM", "umol/g": "mmol/g", "ug/ml": "mg/ml", "min": "h", "h": "min",
          "days": "weeks", "%": "-fold", "-fold": "%"}  # fmt: skip
_TURNS = (
    ("increased", "decreased"), ("decreased", "increased"), ("reduced", "increased"),
    ("higher", "lower"), ("lower", "higher"), ("more", "less"), ("less", "more"),
    ("activated", "repressed"), ("repressed", "activated"), ("inhibited", "stimulated"),
    ("inhibits", "stimulates"), ("induced", "repressed"), ("impaired", "enhanced"),
    ("restored", "abolished"), ("abolished", "restored"), ("improved", "worsened"),
    ("produces", "degrades"), ("produced", "consumed"), ("consumed", "produced"),
    ("reduces", "increases"), ("increases", "reduces"), ("promotes", "suppresses"),
    ("positively", "negatively"), ("sensitive", "resistant"), ("resistance", "sensitivity"),
    ("exports", "imports"), ("degrades", "synthesises"), ("declined", "rose"),
    ("blocked", "stimulated"), ("retained", "lost"), ("lost", "gained"), ("upregulated",
    "downregulated"), ("enhanced", "impaired"), ("decreases", "increases"), ("loss", "gain"),
    ("presence", "absence"), ("absence", "presence"),
)  # fmt: skip
_NEGATED = re.compile(r"\b(?:did not|does not|is not|was not|had no|not|neither|nor|no)\b", re.I)
_AFFIRMED = re.compile(
    r"\b(was|were|is|are|may|can|reduced|increased|decreased|produced|produces|inhibits|restored"
    r"|reduces|abolished|impaired|hydrolysed|retained|phosphorylates|degrades|exports|activates"
    r"|showed|caused|improved|induced|enhanced|promotes|binds)\b"
)
_BASE = {"reduced": "reduce", "increased": "increase", "decreased": "decrease",
         "produced": "produce", "restored": "restore", "abolished": "abolish",
         "impaired": "impair", "hydrolysed": "hydrolyse", "retained": "retain",
         "produces": "produce", "inhibits": "inhibit", "reduces": "reduce",
         "phosphorylates": "phosphorylate", "degrades": "degrade", "exports": "export",
         "activates": "activate", "showed": "show", "caused": "cause", "improved": "improve",
         "induced": "induce", "enhanced": "enhance", "promotes": "promote",
         "binds": "bind"}  # fmt: skip
_HEDGES = re.compile(r"\b(?:may|might|could|possibly|likely|is suggested to|are suggested to) ")
_FRAMES = (
    "{}",
    "{}",
    "The study found that {}",
    "According to the source, {}",
    "It was reported that {}",
    "The authors show that {}",
    "In this work, {}",
)


@dataclass(frozen=True, slots=True)
class Lie:
    """A false claim, what was changed, and the evidence that it cites."""

    kind: str
    text: str
    quote: str
    item: Evidence

    @property
    def claim(self) -> Claim:
        """The claim as a model would make it."""
        cited = (Citation(evidence_id=self.item.id, quote=self.quote),)
        return Claim(id="lie", text=self.text, origin="llm", citations=cited)


def passage_item(sentence: str, before: str = "", after: str = "", number: int = 0) -> Evidence:
    """Present a passage as the pipeline and the chat present literature."""
    text = " ".join(part for part in (before, sentence, after) if part)
    return Evidence(
        gene_id="g1",
        kind="literature",
        eco="ECO:0007321",
        statement=f'A paper that mentions it ("A study of gut microbes {number}", 2019; found by '
        f'this term, not by the gene itself) says: "{sentence}"',
        reference=f"PMID:{31000000 + number}",
        title=f"A study of gut microbes {number}",
        quote=text,
        passage_id=f"p{number}",
    )


def lies(items: list[tuple[str, Evidence]], count: int, seed: int) -> list[Lie]:
    """Make lies about (sentence, evidence) pairs, kind by kind in turn."""
    chance = random.Random(seed)
    made: list[Lie] = []
    makers = [*CHANGES.items()]
    tries = 0
    while len(made) < count and tries < 60 * count:
        kind, change = makers[tries % len(makers)]
        tries += 1
        sentence, item = chance.choice(items)
        changed = change(sentence, chance)
        if changed is None or changed == sentence:
            continue
        quote = _quote(sentence, chance)
        if kind == "quote":
            made.append(Lie(kind, sentence, changed, item))
        else:
            made.append(Lie(kind, _framed(changed, chance), quote, item))
    return made


def _quote(sentence: str, chance: random.Random) -> str:
    words = sentence.rstrip(".").split()
    size = min(len(words), chance.randint(5, 12))
    start = chance.randint(0, len(words) - size)
    return " ".join(words[start : start + size])


def _framed(text: str, chance: random.Random) -> str:
    frame = chance.choice(_FRAMES)
    if frame == "{}":
        return text
    first = text.split(maxsplit=1)[0]
    lowered = text[0].lower() + text[1:] if first in {"The", "Deletion", "Loss", "Oral"} else text
    return frame.format(lowered)


def _swap(pattern: re.Pattern[str], pool: tuple[str, ...], text: str, chance: random.Random):
    found = list(pattern.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    other = chance.choice([one for one in pool if one.lower() not in text.lower()])
    return text[: match.start()] + other + text[match.end() :]


def _number(text: str, chance: random.Random):
    found = [*_NUMBER.finditer(text)]
    if not found:
        return None
    match = chance.choice(found)
    digits = match.group()
    place = chance.choice([at for at, char in enumerate(digits) if char.isdigit()])
    other = chance.choice([one for one in "123456789" if one != digits[place]])
    changed = chance.choice(
        [digits[:place] + other + digits[place + 1 :], f"{float(digits) * 10:g}", digits + "7"]
    )
    if float(changed) == float(digits) or changed in text:
        return None
    return text[: match.start()] + changed + text[match.end() :]


def _unit(text: str, chance: random.Random):
    found = [*_UNIT.finditer(text)]
    if not found:
        return None
    match = chance.choice(found)
    return text[: match.start()] + _UNITS[match.group()] + text[match.end() :]


def _identifier(text: str, chance: random.Random):
    found = [*_IDENTIFIER.finditer(text)]
    if not found:
        return None
    match = chance.choice(found)
    old = match.group()
    place = max(at for at, char in enumerate(old) if char.isdigit())
    new = old[:place] + str((int(old[place]) + chance.randint(1, 8)) % 10) + old[place + 1 :]
    return text[: match.start()] + new + text[match.end() :]


def _species(text: str, chance: random.Random):
    found = [*_BINOMIAL.finditer(text)]
    if not found:
        return None
    match = chance.choice(found)
    other = chance.choice([one for one in ORGANISMS if one not in text])
    genus, epithet = match.group().split()
    new_genus, new_epithet = other.split()
    new = chance.choice([other, f"{genus} {new_epithet}", f"{new_genus} {epithet}"])
    return text[: match.start()] + new + text[match.end() :]


def _one_word_of_quote(text: str, chance: random.Random):
    words = text.rstrip(".").split()
    size = min(len(words), chance.randint(6, 14))
    start = chance.randint(0, len(words) - size)
    quoted = words[start : start + size]
    place = chance.randrange(size)
    other = chance.choice(["strongly", "never", "human", "17", "essential", "Vibrio", "toxin"])
    if not any(char.isalnum() for char in quoted[place]) or quoted[place].strip(",;()") == other:
        return None
    quoted[place] = other
    return " ".join(quoted)


def _negation(text: str, chance: random.Random):
    if (match := _NEGATED.search(text)) and chance.random() < 0.5:
        old = match.group().lower()
        new = {"did not": "did", "does not": "does", "is not": "is", "was not": "was",
               "had no": "had an", "not": "also", "neither": "both", "nor": "and",
               "no": "a clear"}[old]  # fmt: skip
        return text[: match.start()] + new + text[match.end() :]
    found = [*_AFFIRMED.finditer(text)]
    if not found:
        return None
    match = chance.choice(found)
    verb = match.group()
    is_plain = verb in {"was", "were", "is", "are", "may", "can"}
    new = f"{verb} not" if is_plain else f"did not {_BASE[verb]}"
    before = text[: match.start()].rstrip()
    if not is_plain and before.endswith((" was", " were", " is", " are", " been", " be")):
        return None
    return text[: match.start()] + new + text[match.end() :]


def _direction(text: str, chance: random.Random):
    found = [(match, new) for old, new in _TURNS for match in re.finditer(rf"\b{old}\b", text)]
    if not found:
        return None
    match, new = chance.choice(found)
    return text[: match.start()] + new + text[match.end() :]


def _hedge(text: str, chance: random.Random):
    del chance
    return _HEDGES.sub("", text) if _HEDGES.search(text) else None


CHANGES = {
    "identifier": _identifier,
    "number": _number,
    "unit": _unit,
    "gene": lambda text, chance: _swap(_GENE, GENES, text, chance),
    "substance": lambda text, chance: _swap(_SUBSTANCES, CHEMICALS, text, chance),
    "organism": _species,
    "quote": _one_word_of_quote,
    "negation": _negation,
    "direction": _direction,
    "hedge": _hedge,
}
#: Kinds of which not one may be shown as supported.
STRICT = ("identifier", "number", "unit", "gene", "substance", "organism", "quote")
