"""How an enzyme's activity is measured, by the beginning of its EC number.

Standard methods of the enzymology bench (absorption maxima of the named products and the
usual coupled assays). The longest matching beginning is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Assay:
    """What is offered to the enzyme, and how its turnover is seen."""

    substrates: str
    readout: str


ASSAYS: Final[Mapping[str, Assay]] = {
    "1": Assay(
        "a panel of likely substrates with NAD+, NADP+ and their reduced forms",
        "the change of NAD(P)H at 340 nm, or of the dye DCPIP at 600 nm where no nicotinamide "
        "is used",
    ),
    "1.11": Assay("hydrogen peroxide with guaiacol or ABTS", "loss of peroxide at 240 nm and dye"),
    "1.15": Assay(
        "superoxide made by xanthine oxidase",
        "how far the reduction of cytochrome c at 550 nm is inhibited",
    ),
    "2": Assay("the likely donor with a panel of acceptors", "the product by LC-MS/MS"),
    "2.1.1": Assay(
        "S-adenosylmethionine with a panel of acceptors",
        "S-adenosylhomocysteine and the methylated product by LC-MS/MS",
    ),
    "2.3": Assay("acyl-CoA donors with a panel of acceptors", "free CoA with DTNB at 412 nm"),
    "2.4": Assay(
        "nucleotide sugars or oligosaccharides with a panel of acceptors",
        "the freed nucleotide by a coupled assay and the glycoside by TLC or HPLC",
    ),
    "2.6.1": Assay(
        "a panel of amino donors with 2-oxoglutarate or pyruvate",
        "the new amino acid, coupled to glutamate or lactate dehydrogenase at 340 nm",
    ),
    "2.7": Assay(
        "ATP with a panel of acceptors",
        "ADP, coupled to pyruvate kinase and lactate dehydrogenase at 340 nm",
    ),
    "2.7.7": Assay("nucleoside triphosphates with a panel of acceptors", "freed pyrophosphate"),
    "2.8": Assay("a panel of sulfur donors and acceptors", "the product by LC-MS/MS"),
    "3": Assay("a panel of chromogenic substrates of hydrolases", "the freed chromophore"),
    "3.1.1": Assay(
        "p-nitrophenyl esters from acetate to palmitate", "freed p-nitrophenol at 405 nm"
    ),
    "3.1.3": Assay(
        "p-nitrophenyl phosphate, then a panel of natural phosphate esters",
        "p-nitrophenol at 405 nm, then freed phosphate with malachite green",
    ),
    "3.1.4": Assay("bis-p-nitrophenyl phosphate and cyclic nucleotides", "p-nitrophenol at 405 nm"),
    "3.1.6": Assay("p-nitrophenyl sulfate and sulfated sugars", "p-nitrophenol, freed sulfate"),
    "3.2.1": Assay(
        "a panel of p-nitrophenyl glycosides, then the likely oligo- and polysaccharides",
        "p-nitrophenol at 405 nm, then freed sugars by HPLC or as reducing ends",
    ),
    "3.4": Assay("azocasein and a panel of fluorogenic peptides", "freed dye or fluorophore"),
    "3.5": Assay("a panel of amides and amidines", "freed ammonia, then the product by LC-MS/MS"),
    "3.5.1.24": Assay("taurine- and glycine-conjugated bile acids", "freed bile acids by LC-MS/MS"),
    "3.5.2.6": Assay("nitrocefin, then a panel of beta-lactams", "hydrolysed nitrocefin at 486 nm"),
    "3.6": Assay("a panel of nucleotides", "freed phosphate with malachite green"),
    "4": Assay("a panel of likely substrates", "the product by HPLC or LC-MS/MS over time"),
    "4.1.1": Assay("a panel of carboxylic and amino acids", "freed CO2 by a coupled assay"),
    "4.2.2": Assay("a panel of uronic acid polysaccharides", "the new double bond at 235 nm"),
    "5": Assay("both partners of the likely reaction", "their ratio by HPLC over time"),
    "5.1": Assay("both stereoisomers of the likely substrates", "their ratio by chiral HPLC"),
    "6": Assay(
        "ATP with the likely acid and a panel of partners",
        "AMP or ADP by a coupled assay at 340 nm and the product by LC-MS/MS",
    ),
    "7": Assay("the likely ion or solute with ATP", "uptake into vesicles, and ATP use"),
}
#: For a name without EC number that ends in -ase.
UNSPECIFIED: Final = Assay(
    "a general panel of chromogenic and coupled substrates", "the freed chromophore or NAD(P)H"
)


def assay_for(ec_number: str) -> Assay:
    """Return the assay of the longest beginning that matches, at whole fields.

    >>> assay_for("3.2.1.23").readout.startswith("p-nitrophenol")
    True
    """
    fields = [field for field in ec_number.split(".") if field != "-"]
    for count in range(len(fields), 0, -1):
        found = ASSAYS.get(".".join(fields[:count]))
        if found is not None:
            return found
    return UNSPECIFIED
