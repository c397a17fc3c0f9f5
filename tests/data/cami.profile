# Taxonomic Profiling Output
@SampleID:S1
@Version:0.10.0
@Ranks:superkingdom|phylum|class|order|family|genus|species|strain
@__program__:mOTUs 3

@@TAXID	RANK	TAXPATH	TAXPATHSN	PERCENTAGE
2	superkingdom	2	Bacteria	90.0
1224	phylum	2|1224	Bacteria|Pseudomonadota	60.0
1239	phylum	2|1239	Bacteria|Bacillota	30.0
@SampleID:S2
@Version:0.10.0
@Ranks:superkingdom|phylum|class|order|family|genus|species|strain
@@TAXID	RANK	TAXPATH	TAXPATHSN	PERCENTAGE
2	superkingdom	2	Bacteria	100.0
1239	phylum	2|1239	Bacteria|Bacillota	100.0
