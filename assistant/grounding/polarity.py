"""Words that turn a finding: more and less, doing and undoing, and denial. Stems, no judgement.

A word that raises counts +1, one that lowers -1. Two of them in one thought multiply: what
*inhibits* a *loss* preserves. Denial ("no effect", "unchanged") is kept apart from lowering.
The lists come from the field's prose and from vocabulary counts of abstracts, not from labels.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.grounding.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words.split())


#: Words of removal and absence: they lower what follows ("deficiency of X", "mice without X").
PERTURBING: Final = _stems(
    "lack lacks lacking absence absent without deficient deficiency null knockout knockdown "
    "deleted deletion ablation ablated loss mutant depletion depleted inactivation silencing"
)
UP: Final = _stems(
    "increase increases increased increasing elevate elevated elevation elevates higher high "
    "highest highly heighten heightened great greater greatest greatly raise raises raised rise "
    "rises rose risen rising enhance enhances enhanced enhancement enhancing enhancer promote "
    "promotes promoting promoted stimulate stimulates stimulated stimulation activate activates "
    "activation activated activating active induce induces induced inducing induction "
    "upregulate upregulates upregulated upregulation upregulating augment augments augmented "
    "potentiate potentiates accelerate accelerates accelerated accelerating exacerbate "
    "exacerbates exacerbated exacerbation aggravate aggravates aggravated worsen worsens "
    "intensify intensifies intensified gain gains grow grows grew grown growth climb climbs "
    "surge surged double doubled triple tripled overexpression overexpressed overexpressing "
    "expand expands expanded expansion amplify amplifies amplified amplification improve "
    "improves improved improvement improving boost boosts boosted facilitate facilitates "
    "facilitated foster fosters favor favors favour favours favorable favourable encourage "
    "encourages encouraged encouraging strengthen strengthens enrich enriched enrichment "
    "accumulate accumulates accumulated accumulation abundant abundance more many numerous most "
    "frequent frequently frequency common commonly predominant predominantly prominent "
    "pronounced major majority widespread excess excessive strong strongly stronger strongest "
    "robust robustly potent potently rapid rapidly fast faster speed speeds early earlier "
    "longer larger largest prolong prolongs prolonged older severe severely severity risk "
    "hazard hazardous susceptible susceptibility sensitive sensitivity sensitize sensitizes "
    "hypersensitive hypersensitivity vulnerable vulnerability prone trigger triggers triggered "
    "positive positively superior better best effective effectively efficacious efficient "
    "efficiently benefit benefits beneficial success successful successfully useful valuable "
    "feasible reliable accurate accurately proficient competent able capable sufficient "
    "adequate outperform outperforms exceed exceeds exceeded advantage enable enables enabled "
    "permit permits permitted allow allows allowed confer confers support supports restore "
    "restores restored restoration rescue rescues rescued reactivate preserve preserves "
    "preserved maintain maintains maintained sustain sustains sustained necessary essential "
    "required require requires crucial indispensable critical critically key important needed "
    "need present presence hyperactivation hyperactive elongation hospitable viable detectable "
    "persistent enlarged contribute contributes"
)
DOWN: Final = PERTURBING | _stems(
    "decrease decreases decreased decreasing reduce reduces reduced reducing reduction lower "
    "lowers lowered lowering lowest low less lesser least few fewer fewest lessen lessens "
    "lessened decline declines declined declining diminish diminishes diminished drop drops "
    "dropped fall falls fell fallen halve halved shrink shrinks shrinking collapse minimize "
    "minimizes minor minority inhibit inhibits inhibited inhibition inhibiting inhibitor "
    "inhibitors inhibitory suppress suppresses suppressed suppression suppressing suppressor "
    "suppressive repress represses repressed repression downregulate downregulates "
    "downregulated downregulation downregulating attenuate attenuates attenuated attenuation "
    "block blocks blocked blocking blockade blocker abolish abolishes abolished abrogate "
    "abrogates abrogated impair impairs impaired impairment disrupt disrupts disrupted "
    "disruption disruptive prevent prevents prevented prevention limit limits limited restrict "
    "restricts restricted protect protects protected protection protective alleviate alleviates "
    "alleviated ameliorate ameliorates ameliorated mitigate mitigates mitigated relieve "
    "relieves ease eases eased delay delays delayed slow slows slowed slowing slower halt halts "
    "halted impede impedes impeded hinder hinders hindered hamper hampers discourage "
    "discourages dampen dampens dampened blunt blunts blunted curb curbs retard retards arrest "
    "arrests terminate terminates stop stops stopped cease interrupted avoid avoids avoided "
    "lose loses lost weaken weakens weak weaker weakly short shorter shortened shortens smaller "
    "younger late later mild milder negative negatively antagonist antagonize antagonizes "
    "inactivate inactivates inactivated inactive deactivate deactivates deactivated counteract "
    "counteracts oppose opposes opposed undermine undermines erode threaten inverse inversely "
    "poor poorly poorer worse worst inferior inefficient ineffective deficit deficits knockout "
    "disabled defective dysfunction dysfunctional compromise compromises compromised interfere "
    "interferes interference damage damages damaged injured destroy destroys destroyed degrade "
    "degrades degraded degradation breakdown destabilize destabilizes unstable perturb "
    "perturbed remove removes removed removal clear clears clearance eliminate eliminates "
    "eliminated elimination eradicate eradicates scarce rare rarely infrequent infrequently "
    "seldom sparse sparsely struggle struggles resistant resistance resist resists refractory "
    "insensitive tolerant incapable inability unable insufficient insufficiently insufficiency "
    "inadequate suboptimal inaccurate unreliable useless unnecessary unimportant trivial toxic "
    "toxicity harm harms harmful adverse adversely deleterious unfavorable unfavourable "
    "disadvantage inhospitable discontinued deteriorate deteriorates deteriorated maladaptive "
    "confined undetectable silent quiescent depressed untreated dephosphorylation deacetylation "
    "skewed safe"
)
#: What is more or less of itself, and a mere scale beside another word: "lower risk" is less.
SCALES: Final = _stems(
    "risk hazard susceptibility sensitivity severity frequency abundance growth vulnerability"
)
#: Words around a scale in which that other word is looked for, before and behind.
_BEFORE_SCALE, _BEHIND_SCALE = 3, 5
#: Words by which a sentence says that there is nothing, or no difference.
DENIAL: Final = _stems(
    "not no nor neither never none cannot fail fails failed failure unable unlikely "
    "nonsignificant nonsignificantly insignificant independent independently unaffected "
    "unchanged unaltered ineffective unrelated uncorrelated irrelevant irrespective regardless "
    "similar same identical equal equally equivalent comparable indistinguishable negligible "
    "dispensable minimal neutral stable constant equivocal hardly scarcely barely incapable"
)
_OBJECT: Final = (
    "effect|difference|association|evidence|change|correlation|benefit|impact|improvement|increase"
    "|decrease|reduction|relationship|influence|role"
)
_DENIED: Final = re.compile(
    rf"\bno (?:\w+ ){{0,3}}(?:{_OBJECT})s?\b|\blittle (?:{_OBJECT})\b"
    r"|\b(?:did|does|do|was|were|is|are|has|have|can|could|would) ?not\b|\bneither\b"
    r"|\bfail(?:s|ed)? to"
    r"|\bnot (?:\w+ ){0,2}(?:associat|differ|affect|alter|chang|improv|increas|decreas|reduc|relat"
    r"|correlat|influenc|predict|requir|necessary)|\black of (?:effect|evidence|association)"
    r"|\bevidence was lacking|\bindependent of\b",
    re.IGNORECASE,
)
#: Ratios of epidemiology: below one is less, above one is more.
_RATIO: Final = re.compile(
    r"\b(?:odds ratio|hazard ratio|relative risk|risk ratio|rate ratio|a?OR|a?HR|RR|IRR)s?\b"
    r"[^.;\d]{0,25}(\d+[.·]\d+)"
)
_NEAR_ONE: Final = 0.05
_BOUNDARY: Final = re.compile(
    r"[;:]|,? \b(?:but|whereas|although|however|while)\b|, (?:and|which)\b", re.IGNORECASE
)


def sign(word: str) -> int:
    """Tell whether a stem raises (1), lowers (-1) or does neither (0).

    >>> [sign(stem(word)) for word in ("enhances", "impaired", "protein")]
    [1, -1, 0]
    """
    return 1 if word in UP else -1 if word in DOWN else 0


def directions(words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """List where stems raise or lower, with their signs; scales that others turn count as things.

    >>> directions([stem(word) for word in "reduces the risk of cancer".split()])
    ((0, -1),)
    >>> directions([stem(word) for word in "a risk of cancer".split()])
    ((1, 1),)
    """
    found = [(place, sign(word)) for place, word in enumerate(words) if sign(word)]
    others = {place for place, _ in found if words[place] not in SCALES}
    return tuple(
        (place, one)
        for place, one in found
        if place in others
        or others.isdisjoint(range(place - _BEFORE_SCALE, place + _BEHIND_SCALE + 1))
    )


def is_turning(word: str) -> bool:
    """Tell whether a stem is about more, less or nothing, rather than about a thing."""
    return word in UP or word in DOWN or word in DENIAL


def is_denied(text: str) -> bool:
    """Tell whether a text says that something is not so, or makes no difference."""
    return bool(_DENIED.search(text))


def with_ratios_read(text: str) -> str:
    """Write behind each ratio what it means.

    >>> with_ratios_read("risk (OR, 0.69)")
    'risk (OR, 0.69 lowered )'
    """
    return _RATIO.sub(lambda match: f"{match.group()} {_meaning(match.group(1))} ", text)


def clauses(text: str) -> list[str]:
    """Cut a sentence where another thought begins."""
    return [part for part in _BOUNDARY.split(text) if part.strip()]


def _meaning(ratio: str) -> str:
    value = float(ratio.replace("·", "."))
    if abs(value - 1) <= _NEAR_ONE:
        return "unchanged"
    return "elevated" if value > 1 else "lowered"
