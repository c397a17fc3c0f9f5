"""Diseases and states that a question names: a text on another one does not answer it.

Own list, of what papers on microbes and hosts are about most often: the name that is asked for,
then other words of texts for the same. A word at the end of a pattern may go on.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_LIST: Final = """
autism: autis, asd
parkinson: parkinson, pd
alzheimer: alzheimer, ad
schizophrenia: schizophren, psychosis, psychotic
depression: depress, mdd, antidepress, anhedoni
bipolar: bipolar
anxiety: anxi
epilepsy: epilep, seizure
multiple sclerosis: multiple sclerosis, ms, eae
amyotrophic: amyotrophic, als
huntington: huntington
migraine: migraine
stroke: stroke, ischemi, ischaemi
adhd: adhd, attention deficit, attention-deficit
insomnia: insomnia, sleep
obesity: obes, overweight, weight
diabetes: diabet, t1d, t2d, glyc, insulin
crohn: crohn, ibd, inflammatory bowel
colitis: colitis, ibd, inflammatory bowel
inflammatory bowel: inflammatory bowel, ibd, crohn, colitis
irritable bowel: irritable bowel, ibs
celiac: celiac, coeliac, gluten
colorectal: colorectal, colon cancer, crc, adenoma
gastric cancer: gastric cancer, gastrectomy, helicobacter
cirrhosis: cirrho, hepatic, liver
fatty liver: fatty liver, nafld, steatohepatitis, nash, masld
hypertension: hypertens, blood pressure
atherosclerosis: atheroscler, cardiovascular
arthritis: arthrit
asthma: asthma
covid: covid, sars-cov
constipation: constipat
malnutrition: malnutrition, malnourish, undernutrition, stunting
"""


def names_the_conditions(question: str, text: str) -> bool:
    """Tell whether a text names a condition of the question; True where it asks for none.

    >>> names_the_conditions("Does it help in autism?", "Symptoms of OCD fell.")
    False
    >>> names_the_conditions("Does it help in autism?", "Scores of ASD rose."), (
    ...     names_the_conditions("What does it bind?", "It binds iron.")
    ... )
    (True, True)
    """
    asked = [pattern for name, pattern in _patterns() if name.search(question)]
    return not asked or any(pattern.search(text) for pattern in asked)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    lines = (line.split(":", 1) for line in _LIST.strip().splitlines())
    return tuple((_starting([name]), _starting(words.split(","))) for name, words in lines)


def _starting(words: list[str]) -> re.Pattern[str]:
    """Match short names whole, in capitals; others as the beginning of a word."""
    forms = [
        rf"(?-i:{word.upper()})\b" if len(word) <= 3 else re.escape(word)
        for word in (one.strip() for one in words)
    ]
    return re.compile(rf"\b(?:{'|'.join(forms)})", re.IGNORECASE)
