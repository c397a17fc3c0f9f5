"""Honest restatements of the passages in ``hostile.PASSAGES``, typed by hand: number -> texts.

Voice turned, synonyms, abbreviations, other unit formats, rounding with "about", parts left out.

"""

from __future__ import annotations

FIRST = {
    0: (
        "Without susC, B. thetaiotaomicron VPI-5482 grew 74 % less on amylopectin.",
        "Growth on glucose was unaffected when susC was deleted in Bacteroides thetaiotaomicron.",
    ),
    1: (
        "Xylan is broken down by the purified enzyme BT_1873 (Km 2.4 mM).",
        "EDTA at 5 mM inhibits BT_1873.",
    ),
    2: (
        "In the group given inulin, faecal propionate rose from 12.1 to 18.6 µmol/g.",
        "Butyrate levels stayed the same in the inulin group.",
    ),
    3: (
        "Digoxin is reduced by Cgr2 of E. lenta.",
        "Arginine represses the expression of Cgr2.",
    ),
    4: (
        "Patients with UC had less Akkermansia muciniphila than controls.",
        "The abundance of A. muciniphila was lower in 48 ulcerative colitis patients than in 52 "
        "control subjects.",
    ),
    5: (
        "CfxA6, a beta-lactamase, might make Prevotella intermedia resistant to ampicillin.",
        "Ampicillin resistance in P. intermedia may be due to the β-lactamase CfxA6.",
    ),
    6: (
        "The esterase Axe2 lost its activity on acetylxylan when Glu145 was changed to Ala.",
        "Replacing Glu145 by alanine eliminated the acetylxylan esterase activity of Axe2.",
    ),
    7: (
        "In mice treated with antibiotics, C. scindens brought back 7alpha-dehydroxylation of "
        "bile acids.",
        "Bile acid 7α-dehydroxylation was restored by colonisation with Clostridium scindens.",
    ),
    8: (
        "When phosphate is scarce, PhoB is phosphorylated by the histidine kinase PhoR in E. coli.",
        "PhoR is a histidine kinase (EC 2.7.13.3) that phosphorylates PhoB.",
    ),
    9: (
        "Secondary bile acids in feces fell 30-fold after oral vancomycin.",
        "The relative abundance of K. pneumoniae rose to 41 % with oral vancomycin.",
    ),
    10: (
        "Tetracycline at 2 µg/mL induced tetQ transcription eightfold.",
        "Erythromycin did not induce the transcription of tetQ.",
    ),
    11: (
        "Reuterin is made from glycerol by L. reuteri DSM 17938.",
        "Salmonella enterica is inhibited by Lactobacillus reuteri DSM 17938 at pH 6.5.",
    ),
    12: (
        "AraC activates the araBAD operon when L-arabinose is present.",
        "Without L-arabinose, the araBAD operon is repressed.",
    ),
    13: (
        "After 24 hours, about 11 mM butyrate was produced by F. prausnitzii A2-165.",
        "Faecalibacterium prausnitzii A2-165 consumes acetate and makes butyrate.",
    ),
    14: (
        "When fucose was absent, mucin O-glycans were not degraded by R. intestinalis or E. "
        "rectale.",
        "E. rectale did not break down mucin O-glycans without fucose.",
    ),
    15: (
        "S. agalactiae NEM316 takes up oligopeptides poorly when it lacks OppA.",
        "Uptake of oligopeptides was impaired by loss of OppA.",
    ),
    16: (
        "LipA2 kept 85 percent of its activity after half an hour at 60 °C.",
        "In 10 % methanol, the lipase LipA2 was inactivated.",
    ),
    17: (
        "C. sporogenes makes indole-3-propionate, which activates PXR in mice.",
        "The pregnane X receptor was activated by indole-3-propionate.",
    ),
    18: (
        "After a carnitine challenge, omnivores had more TMAO in serum than vegans.",
        "Vegans had lower serum TMAO (1.2 µM) than omnivores (9.4 µM).",
    ),
    19: (
        "WP_011107890 shares 38 % identity with the sialidase NanH of B. fragilis.",
        "The sequence of WP_011107890 resembles that of the sialidase NanH (GO:0004308).",
    ),
    20: (
        "At neutral pH, L. monocytogenes survives without GadC.",
        "GadC is an exporter of GABA (gamma-aminobutyrate).",
    ),
    21: (
        "The cell wall of S. pyogenes is degraded faster by PlyC than that of E. faecalis.",
        "PlyC is a phage lysin that breaks down the cell wall of Streptococcus pyogenes.",
    ),
    22: (
        "Two weeks of rifaximin left the Shannon diversity of cirrhosis patients unchanged.",
        "Shannon diversity was not altered by 14 days of rifaximin in 30 patients with cirrhosis.",
    ),
    23: (
        "BreR may repress breAB, an efflux pump of V. cholerae, when deoxycholate is absent.",
        "It is suggested that the efflux pump breAB is repressed by BreR.",
    ),
    24: (
        "A. vinelandii expresses more nifH when nitrogen is limiting.",
        "Adding 10 mM ammonium lowered the expression of nifH in Azotobacter vinelandii.",
    ),
    25: (
        "Isolate H17 had more beta-glucuronidase activity at pH 6.8 than at pH 4.5.",
        "The β-glucuronidase of isolate H17 is inhibited by D-saccharic acid 1,4-lactone.",
    ),
    26: (
        "Loss of bshA made L. monocytogenes EGD-e more sensitive to glycocholate.",
        "Strains lacking bshA are less tolerant of glycocholate than the wild type.",
    ),
    27: (
        "M. smithii was found in 71 of the 120 samples (59 %).",
        "Breath methane correlated positively with Methanobrevibacter smithii.",
    ),
}

#: Typed when the first ones came out well; 28 of 36 did at their first run.
SECOND = {
    "Enterococcus faecalis converts levodopa to dopamine by means of the tyrosine decarboxylase "
    "TyrDC, which lowers the drug's availability to the brain.": (
        "TyrDC, a tyrosine decarboxylase of E. faecalis, turns levodopa into dopamine.",
        "Because E. faecalis decarboxylates levodopa, less of the drug reaches the brain.",
        "Levodopa is converted to dopamine by Enterococcus faecalis.",
    ),
    "In a randomized trial of 212 adults with type 2 diabetes, a high-fibre diet for 12 weeks "
    "reduced HbA1c by 0.9% compared with 0.3% in controls.": (
        "HbA1c fell by 0.9 % in T2D patients on a high-fibre diet, but by only 0.3 % in the "
        "control group.",
        "A diet rich in fibre lowered HbA1c more than the control diet did.",
        "The trial randomised 212 adults who had type 2 diabetes.",
    ),
    "Knockout of the sigma factor rpoN abolished flagellar motility and decreased biofilm mass "
    "by 65% in Pseudomonas aeruginosa PAO1.": (
        "P. aeruginosa PAO1 without rpoN was not motile and formed 65 % less biofilm.",
        "Flagellar motility requires rpoN in Pseudomonas aeruginosa PAO1.",
        "Deleting rpoN cut biofilm mass by about two thirds.",
    ),
    "The crystal structure of the alpha-L-fucosidase BT2970 was solved at 2.1 Å and shows a "
    "catalytic nucleophile at Asp229.": (
        "Asp229 is the catalytic nucleophile of BT2970, an α-L-fucosidase.",
        "BT2970's structure was determined at a resolution of 2.1 Å.",
        "A crystal structure at 2.1 Å is available for the fucosidase BT2970.",
    ),
    "Fecal calprotectin correlated with the abundance of Ruminococcus gnavus (r = 0.52, "
    "P < 0.001) in 87 patients with Crohn's disease.": (
        "R. gnavus abundance was associated with faecal calprotectin in Crohn's disease (r = "
        "0.52).",
        "Among 87 people with Crohn's disease, more Ruminococcus gnavus went with higher "
        "calprotectin in stool.",
        "Calprotectin in feces was positively correlated with Ruminococcus gnavus.",
    ),
    "Oxalobacter formigenes uses oxalate as its sole carbon source and may protect against "
    "kidney stones.": (
        "Oxalate is the only carbon source of O. formigenes.",
        "O. formigenes might help to prevent kidney stones.",
        "Colonisation by Oxalobacter formigenes, which grows on oxalate, possibly protects from "
        "renal stones.",
    ),
    "Trimethoprim resistance was conferred by dfrA17, which was carried on a 94-kb IncFII plasmid "
    "in 31 of 40 isolates.": (
        "31 of the 40 isolates carried dfrA17 on an IncFII plasmid of 94 kb.",
        "In most isolates the trimethoprim resistance gene dfrA17 sits on a plasmid of 94,000 bp.",
        "dfrA17 makes the isolates resistant to trimethoprim.",
    ),
    "Germ-free mice given Bifidobacterium longum NCC3001 showed less anxiety-like behaviour, and "
    "vagotomy abolished this effect.": (
        "B. longum NCC3001 reduced anxiety-like behaviour in germ-free mice.",
        "The effect of B. longum NCC3001 on behaviour was lost after vagotomy.",
        "Anxiety-like behavior of germ-free mice was reduced by Bifidobacterium longum NCC3001.",
    ),
    "The flavin reductase HpaC was strictly dependent on NADH and showed no activity with NADPH.": (
        "HpaC needs NADH.",
        "NADPH cannot replace NADH as electron donor of HpaC.",
        "With NADPH, the flavin reductase HpaC was inactive.",
    ),
    "Metagenomes of 1,135 individuals contained 2.3 million non-redundant genes, of which 41% had "
    "no known function.": (
        "The function of 41 % of the genes was unknown.",
        "A total of 1135 people were sequenced, giving 2.3 million non-redundant genes.",
        "About 40 % of 2.3 million genes from gut metagenomes had no known function.",
    ),
    "Secretion of the effector TseH by the type VI system of Vibrio cholerae killed Escherichia "
    "coli but not Vibrio fischeri.": (
        "TseH, an effector that V. cholerae secretes by its type VI secretion system, kills E. "
        "coli.",
        "V. fischeri was not killed by TseH.",
        "Escherichia coli is killed by the T6SS effector TseH.",
    ),
    "Heat treatment at 95 °C for 10 min inactivated the bacteriocin completely, whereas it was "
    "stable between pH 3 and pH 9.": (
        "The bacteriocin was destroyed by heating to 95 °C for ten minutes.",
        "It tolerates pH values from 3 to 9.",
        "Ten minutes at 95 °C fully inactivate the bacteriocin.",
    ),
}

#: Typed when the second ones came out well; 20 of 24 did at their first run.
THIRD = {
    "Supplementation with 10 g of resistant starch per day for 8 weeks raised fecal "
    "butyrate by 35% in 43 healthy volunteers.": [
        "Eating 10 g resistant starch daily for eight weeks increased butyrate in stool by "
        "35 percent.",
        "In 43 healthy people, resistant starch led to more fecal butyrate.",
        "Fecal butyrate rose by about a third after 8 weeks of resistant starch.",
    ],
    "The gene cluster cutC/cutD converts choline to trimethylamine in Desulfovibrio "
    "desulfuricans.": [
        "D. desulfuricans makes TMA from choline by means of cutC and cutD.",
        "Choline is turned into trimethylamine by the products of cutC/cutD.",
        "Trimethylamine is produced from choline in Desulfovibrio desulfuricans.",
    ],
    "Overexpression of the efflux pump MexAB-OprM increased the minimum inhibitory "
    "concentration of meropenem from 0.5 to 4 mg/L.": [
        "The MIC of meropenem went up eightfold, from 0.5 to 4 mg/l, when MexAB-OprM was "
        "overexpressed.",
        "MexAB-OprM overexpression made the strain less susceptible to meropenem.",
        "Meropenem MIC: 4 mg/L with MexAB-OprM overexpression, 0.5 mg/L without.",
    ],
    "No association was found between Blautia abundance and body mass index in 1,204 adults.": [
        "Blautia abundance was not associated with BMI.",
        "In 1204 adults, body mass index and the abundance of Blautia were unrelated.",
        "Blautia did not correlate with body mass index.",
    ],
    "The protein contains a GGDEF domain and is predicted to synthesize cyclic di-GMP.": [
        "A GGDEF domain suggests that it makes cyclic di-GMP.",
        "It has a GGDEF domain and may synthesise c-di-GMP.",
        "Prediction: synthesis of cyclic di-GMP by a GGDEF domain protein.",
    ],
    "Mice lacking TLR4 were protected from endotoxemia induced by a high-fat diet.": [
        "TLR4-deficient mice did not develop endotoxemia on a high-fat diet.",
        "Without TLR4, mice are protected against high-fat diet-induced endotoxaemia.",
        "High-fat diet induces endotoxemia in mice, but not when TLR4 is missing.",
    ],
    "Strain HA-114 reduced binge eating and was safe at a dose of 5 x 10^9 CFU per day.": [
        "HA-114 lowered binge eating.",
        "A daily dose of 5x10^9 CFU of HA-114 was safe.",
        "Binge eating was less frequent with strain HA-114.",
    ],
    "Enzymatic activity was highest at 55 °C and pH 5.5 and fell below 20% at pH 8.": [
        "The enzyme works best at 55 °C and pH 5.5.",
        "At pH 8, less than 20 % of the activity remained.",
        "Optimum temperature and pH were 55 °C and 5.5.",
    ],
}
