"""How an enzyme's activity is measured, by the beginning of its EC number.

Standard methods of the enzymology bench (absorption maxima of the named products and the
usual coupled assays). The longest matching beginning is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Assay:
    """What is offered to the enzyme, and how its turnover is seen.

    ``is_fed`` is False where the substrate cannot be given to a living cell: nucleic acids,
    proteins, the wall, nucleotides.
    """

    substrates: str
    readout: str
    is_fed: bool = True


_NUCLEASE: Final = Assay(
    "single- and double-stranded DNA and RNA, linear and circular, labelled at either end, with "
    "Mg2+ and with Mn2+",
    "fragments on denaturing gels: from the ends, or within",
    is_fed=False,
)

ASSAYS: Final[Mapping[str, Assay]] = {
    "1": Assay(
        "a panel of likely substrates with NAD+, NADP+ and their reduced forms",
        "the change of NAD(P)H at 340 nm, or of the dye DCPIP at 600 nm where no nicotinamide "
        "is used",
    ),
    "1.1": Assay(
        "a panel of alcohols, hydroxy acids and sugars, and of their oxidised partners, with NAD+, "
        "NADP+ and the reduced forms",
        "NAD(P)H at 340 nm, in both directions",
    ),
    "1.2": Assay("a panel of aldehydes and oxo acids with NAD+, NADP+ or CoA", "NAD(P)H at 340 nm"),
    "1.3": Assay(
        "saturated and unsaturated pairs of the likely substrate with NAD(P)H or a dye",
        "NAD(P)H at 340 nm or DCPIP at 600 nm",
    ),
    "1.4": Assay(
        "a panel of amino acids with NAD(P)+, and of oxo acids with ammonia and NAD(P)H",
        "NAD(P)H at 340 nm",
    ),
    "1.6": Assay("NADH and NADPH with a panel of quinones and dyes", "NAD(P)H at 340 nm"),
    "1.7": Assay(
        "nitrate, nitrite, nitro and azo compounds with NAD(P)H or reduced methyl viologen, "
        "without oxygen",
        "NAD(P)H at 340 nm, or the loss of colour of the azo dye",
    ),
    "1.8": Assay("a panel of disulfides and thiols with NAD(P)H", "thiols with DTNB at 412 nm"),
    "1.11": Assay("hydrogen peroxide with guaiacol or ABTS", "loss of peroxide at 240 nm and dye"),
    "1.13": Assay("a panel of aromatic and unsaturated compounds", "uptake of oxygen (electrode)"),
    "1.14": Assay(
        "a panel of likely substrates with oxygen, NAD(P)H and a redox partner",
        "uptake of oxygen and the hydroxylated product by LC-MS/MS",
    ),
    "1.15": Assay(
        "superoxide made by xanthine oxidase",
        "how far the reduction of cytochrome c at 550 nm is inhibited",
    ),
    "1.16": Assay("oxidised metal ions with NAD(P)H", "Fe(II) with ferrozine at 562 nm"),
    "2": Assay(
        "the donor of the nearest characterised relatives with a panel of acceptors",
        "the product by LC-MS/MS",
    ),
    "2.1.1": Assay(
        "S-adenosylmethionine with a panel of acceptors",
        "S-adenosylhomocysteine and the methylated product by LC-MS/MS",
    ),
    "2.1.2": Assay("folate carriers of one carbon with a panel of acceptors", "folates by HPLC"),
    "2.1.3": Assay("carbamoyl phosphate with ornithine and aspartate", "the ureido product, dyed"),
    "2.2": Assay("pairs of ketoses and aldoses", "the new sugar phosphate, coupled to NAD(P)H"),
    "2.3": Assay("acyl-CoA donors with a panel of acceptors", "free CoA with DTNB at 412 nm"),
    "2.4": Assay(
        "nucleotide sugars or oligosaccharides with a panel of acceptors",
        "the freed nucleotide by a coupled assay and the glycoside by TLC or HPLC",
    ),
    "2.4.2": Assay(
        "a panel of nucleosides with phosphate, and of bases with ribose donors", "bases by HPLC"
    ),
    "2.5": Assay(
        "a panel of donor and acceptor pairs of this class (for prenyltransferases: dimethylallyl, "
        "geranyl and farnesyl diphosphate with isopentenyl diphosphate)",
        "chain length or product by LC-MS/MS, and freed diphosphate by a coupled assay",
    ),
    "2.6.1": Assay(
        "a panel of amino donors with 2-oxoglutarate or pyruvate",
        "the new amino acid, coupled to glutamate or lactate dehydrogenase at 340 nm",
    ),
    "2.7": Assay(
        "ATP with a panel of acceptors",
        "ADP, coupled to pyruvate kinase and lactate dehydrogenase at 340 nm",
    ),
    "2.7.2": Assay(
        "ATP with acetate, propionate, butyrate and longer acids",
        "the acyl phosphate as hydroxamate at 540 nm, and ADP at 340 nm",
    ),
    "2.7.7": Assay("nucleoside triphosphates with a panel of acceptors", "freed pyrophosphate"),
    "2.7.7.6": Assay(
        "a promoter template and nucleoside triphosphates",
        "labelled transcript on a gel",
        is_fed=False,
    ),
    "2.7.7.7": Assay(
        "a primed template and deoxynucleotides",
        "primer extension on a denaturing gel",
        is_fed=False,
    ),
    "2.7.10": Assay("ATP and a panel of proteins", "phosphoprotein on Phos-tag gels", is_fed=False),
    "2.7.11": Assay("ATP and a panel of proteins", "phosphoprotein on Phos-tag gels", is_fed=False),
    "2.7.13": Assay(
        "ATP with the kinase's own domain and, after it, the response regulator beside the gene",
        "phosphorylation of itself and transfer to the regulator on Phos-tag gels",
        is_fed=False,
    ),
    "2.8": Assay("a panel of sulfur donors and acceptors", "the product by LC-MS/MS"),
    "2.8.3": Assay("acyl-CoAs with acetate and other acids", "the new acyl-CoA by HPLC at 260 nm"),
    "3": Assay("a panel of chromogenic substrates of hydrolases", "the freed chromophore"),
    "3.1.1": Assay(
        "p-nitrophenyl esters from acetate to palmitate", "freed p-nitrophenol at 405 nm"
    ),
    "3.1.2": Assay("a panel of acyl-CoA thioesters", "free CoA with DTNB at 412 nm"),
    "3.1.3": Assay(
        "p-nitrophenyl phosphate, then a panel of natural phosphate esters",
        "p-nitrophenol at 405 nm, then freed phosphate with malachite green",
    ),
    "3.1.4": Assay("bis-p-nitrophenyl phosphate and cyclic nucleotides", "p-nitrophenol at 405 nm"),
    "3.1.6": Assay("p-nitrophenyl sulfate and sulfated sugars", "p-nitrophenol, freed sulfate"),
    "3.1.11": _NUCLEASE,
    "3.1.13": _NUCLEASE,
    "3.1.14": _NUCLEASE,
    "3.1.15": _NUCLEASE,
    "3.1.16": _NUCLEASE,
    "3.1.21": _NUCLEASE,
    "3.1.22": _NUCLEASE,
    "3.1.25": _NUCLEASE,
    "3.1.26": _NUCLEASE,
    "3.1.27": _NUCLEASE,
    "3.1.30": _NUCLEASE,
    "3.1.31": _NUCLEASE,
    "3.2.1": Assay(
        "a panel of p-nitrophenyl glycosides, then the likely oligo- and polysaccharides",
        "p-nitrophenol at 405 nm, then freed sugars by HPLC or as reducing ends",
    ),
    "3.2.1.17": Assay(
        "purified peptidoglycan and whole dried cells of Micrococcus",
        "clearing at 450 nm and muropeptides by HPLC",
        is_fed=False,
    ),
    "3.2.2": Assay("a panel of nucleosides, and DNA with damaged bases", "freed bases by HPLC"),
    "3.4": Assay(
        "azocasein and a panel of fluorogenic peptides", "freed dye or fluorophore", is_fed=False
    ),
    "3.4.11": Assay("aminoacyl p-nitroanilides", "p-nitroaniline at 405 nm"),
    "3.5": Assay("a panel of amides and amidines", "freed ammonia, then the product by LC-MS/MS"),
    "3.5.1.24": Assay("taurine- and glycine-conjugated bile acids", "freed bile acids by LC-MS/MS"),
    "3.5.1.28": Assay(
        "purified peptidoglycan", "clearing at 450 nm and muropeptides by HPLC", is_fed=False
    ),
    "3.5.2.6": Assay("nitrocefin, then a panel of beta-lactams", "hydrolysed nitrocefin at 486 nm"),
    "3.5.3": Assay(
        "arginine, agmatine, creatine and other guanidino compounds",
        "citrulline or urea with diacetyl monoxime, and freed ammonia",
    ),
    "3.5.4": Assay(
        "adenosine, cytidine, guanine and other bases with an amino group",
        "their change of absorbance, and freed ammonia",
    ),
    "3.6": Assay("a panel of nucleotides", "freed phosphate with malachite green"),
    "3.6.4": Assay(
        "ATP with and without single- and double-stranded nucleic acid",
        "freed phosphate, and unwinding of a labelled duplex on a gel",
        is_fed=False,
    ),
    "3.6.5": Assay("GTP, with and without ribosomes or RNA", "freed phosphate", is_fed=False),
    "4": Assay("a panel of likely substrates", "the product by HPLC or LC-MS/MS over time"),
    "4.1.1": Assay("a panel of carboxylic and amino acids", "freed CO2 by a coupled assay"),
    "4.1.2": Assay("a panel of aldehydes with the likely donor", "the product, coupled to NAD(P)H"),
    "4.1.3": Assay(
        "a panel of oxo and hydroxy acids",
        "freed pyruvate, coupled to lactate dehydrogenase at 340 nm",
    ),
    "4.2.1": Assay("a panel of hydroxy acids and sugars", "the new double bond, or HPLC"),
    "4.2.2": Assay("a panel of uronic acid polysaccharides", "the new double bond at 235 nm"),
    "4.3.1": Assay("a panel of amino acids", "freed ammonia and the double bond at 240 to 290 nm"),
    "4.4": Assay("cysteine, homocysteine and their conjugates", "freed pyruvate and sulfide"),
    "4.6.1": Assay("nucleoside triphosphates", "cyclic nucleotides by LC-MS/MS", is_fed=False),
    "5": Assay("both partners of the likely reaction", "their ratio by HPLC over time"),
    "5.1": Assay("both stereoisomers of the likely substrates", "their ratio by chiral HPLC"),
    "5.2.1.8": Assay(
        "peptides with p-nitroanilide behind proline",
        "cis-trans change, coupled to chymotrypsin",
        is_fed=False,
    ),
    "5.3.1": Assay(
        "a panel of aldoses and ketoses, free and as phosphates", "ketose with cysteine-carbazole"
    ),
    "5.3.4": Assay("reduced insulin or ribonuclease", "turbidity at 650 nm", is_fed=False),
    "5.6.2": Assay(
        "supercoiled and relaxed plasmid DNA with and without ATP",
        "topoisomers on agarose gels",
        is_fed=False,
    ),
    "6": Assay(
        "ATP with the likely acid and a panel of partners",
        "AMP or ADP by a coupled assay at 340 nm and the product by LC-MS/MS",
    ),
    "6.1.1": Assay(
        "ATP, each of the amino acids and total tRNA",
        "aminoacyl-tRNA on acid gels, and exchange of pyrophosphate",
        is_fed=False,
    ),
    "6.2.1": Assay("ATP, CoA and a panel of acids", "AMP by a coupled assay, acyl-CoA by HPLC"),
    "6.4.1": Assay("ATP, labelled bicarbonate and a panel of acyl-CoAs", "label that is fixed"),
    "6.5.1": Assay("nicked DNA with ATP or NAD+", "sealing on a denaturing gel", is_fed=False),
    "7": Assay("the likely ion or solute with ATP", "uptake into vesicles, and ATP use"),
}
#: For a name without EC number that ends in -ase.
UNSPECIFIED: Final = Assay(
    "a general panel of chromogenic and coupled substrates", "the freed chromophore or NAD(P)H"
)
#: Nucleic acids and ribosomes as substrates, by name: the EC number does not always tell.
_OF_NUCLEIC_ACIDS: Final = re.compile(r"\b(?:[rt]RNA|DNA|RNA|ribosom\w+)\b")
#: Words of names without an EC number -> the class whose assay fits; the first that matches.
_NAMED: Final = tuple(
    (re.compile(words, re.IGNORECASE), ec_number)
    for words, ec_number in (
        (r"nuclease\b|\b[dr]nase\b", "3.1.11"),
        (r"helicase\b", "3.6.4"),
        (r"topoisomerase|gyrase", "5.6.2"),
        (r"trna (?:ligase|synthetase)", "6.1.1"),
        (r"dna polymerase", "2.7.7.7"),
        (r"rna polymerase", "2.7.7.6"),
        (r"histidine kinase", "2.7.13"),
        (r"protease|peptidase|proteinase", "3.4"),
        (r"lactamase", "3.5.2.6"),
        (r"methyltransferase|methylase", "2.1.1"),
        (r"aminotransferase|transaminase", "2.6.1"),
        (r"ac(?:et)?yltransferase|acylase", "2.3"),
        (r"glycosyltransferase|glucosyltransferase", "2.4"),
        (r"kinase", "2.7"),
        (r"sulfatase", "3.1.6"),
        (r"phosphatase", "3.1.3"),
        (r"esterase|lipase", "3.1.1"),
        (r"thioesterase", "3.1.2"),
        (r"glycosid\w*ase|\w+osidase|glyco\w+ hydrolase|amylase|xylanase|cellulase", "3.2.1"),
        (r"amidase|deacetylase|amidohydrolase", "3.5"),
        (r"dehydrogenase|reductase|oxidoreductase|oxidase", "1"),
        (r"decarboxylase", "4.1.1"),
        (r"dehydratase|hydratase", "4.2.1"),
        (r"lyase|aldolase", "4"),
        (r"epimerase|racemase", "5.1"),
        (r"isomerase|mutase", "5"),
        (r"ligase|synthetase|carboxylase", "6"),
        (r"transferase", "2"),
        (r"hydrolase", "3"),
    )
)


def assay_for(ec_number: str, name: str = "") -> Assay:
    """Return the assay of the longest beginning that matches, at whole fields.

    Without an EC number the name decides. An enzyme on DNA, RNA or the ribosome is offered that.

    >>> assay_for("3.2.1.23").readout.startswith("p-nitrophenol")
    True
    >>> assay_for("", "exonuclease SbcD").is_fed
    False
    """
    number = ec_number or next((ec for words, ec in _NAMED if words.search(name)), "")
    fields = [field for field in number.split(".") if field != "-"]
    beginnings = (".".join(fields[:count]) for count in range(len(fields), 0, -1))
    found = next((ASSAYS[one] for one in beginnings if one in ASSAYS), UNSPECIFIED)
    if found.is_fed and _OF_NUCLEIC_ACIDS.search(name):
        return Assay(
            f"{found.substrates}, with the nucleic acid or ribosome that the name tells",
            f"{found.readout}, and the changed nucleic acid on gels or by LC-MS/MS of its "
            "nucleosides",
            is_fed=False,
        )
    return found
