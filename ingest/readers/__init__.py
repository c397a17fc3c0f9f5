"""Readers: one file per format. The table's order is the order of sniffing: strict first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.registry import Registry

if TYPE_CHECKING:
    from ingest.readers.base import AnyReader

READERS: Registry[type[AnyReader]] = Registry(
    "reader",
    "metalumen.readers",
    {
        "pubmed_xml": "ingest.readers.pubmed_xml:PubmedXmlReader",
        "jats": "ingest.readers.jats:JatsReader",
        "qza": "ingest.readers.qza:QzaReader",
        "biom_hdf5": "ingest.readers.biom_hdf5:BiomHdf5Reader",
        "biom_json": "ingest.readers.biom_json:BiomJsonReader",
        "genbank": "ingest.readers.genbank:GenbankReader",
        "bakta_json": "ingest.readers.bakta_json:BaktaJsonReader",
        "swissprot_dat": "ingest.readers.swissprot_dat:SwissprotDatReader",
        "hmmer3": "ingest.readers.hmmer3:Hmmer3Reader",
        "pfam_dat": "ingest.readers.pfam_dat:PfamDatReader",
        "medline": "ingest.readers.medline:MedlineReader",
        "ris": "ingest.readers.ris:RisReader",
        "bibtex": "ingest.readers.bibtex:BibtexReader",
        "literature_jsonl": "ingest.readers.literature_jsonl:LiteratureJsonlReader",
        "literature_json": "ingest.readers.literature_json:LiteratureJsonReader",
        "literature_csv": "ingest.readers.literature_csv:LiteratureCsvReader",
        "uniprot_fasta": "ingest.readers.uniprot_fasta:UniprotFastaReader",
        "prokka_fasta": "ingest.readers.prokka_fasta:ProkkaFastaReader",
        "protein_fasta": "ingest.readers.fasta:ProteinFastaReader",
        "nucleotide_fasta": "ingest.readers.fasta:NucleotideFastaReader",
        "ordination": "ingest.readers.ordination:OrdinationReader",
        "distance_matrix": "ingest.readers.distance_matrix:DistanceMatrixReader",
        "feature_metadata": "ingest.readers.feature_metadata:FeatureMetadataReader",
        "gff3": "ingest.readers.gff3:Gff3Reader",
        "kraken": "ingest.readers.kraken:KrakenReader",
        "krakenuniq": "ingest.readers.krakenuniq:KrakenuniqReader",
        "bracken": "ingest.readers.bracken:BrackenReader",
        "centrifuge": "ingest.readers.centrifuge:CentrifugeReader",
        "ganon": "ingest.readers.ganon:GanonReader",
        "kaiju": "ingest.readers.kaiju:KaijuReader",
        "motus": "ingest.readers.motus:MotusReader",
        "kmcp": "ingest.readers.kmcp:KmcpReader",
        "sourmash": "ingest.readers.sourmash:SourmashReader",
        "featurecounts": "ingest.readers.featurecounts:FeaturecountsReader",
        "featurecounts_summary": "ingest.readers.featurecounts:FeaturecountsSummaryReader",
        "coverm": "ingest.readers.coverm:CovermReader",
        "krona": "ingest.readers.krona:KronaReader",
        "mgnify": "ingest.readers.mgnify:MgnifyReader",
        "metaphlan": "ingest.readers.metaphlan:MetaphlanReader",
        "humann": "ingest.readers.humann:HumannReader",
        "eggnog": "ingest.readers.eggnog:EggnogReader",
        "interproscan": "ingest.readers.interproscan:InterproscanReader",
        "bakta": "ingest.readers.bakta:BaktaReader",
        "prokka": "ingest.readers.prokka:ProkkaReader",
        "amrfinderplus": "ingest.readers.amrfinderplus:AmrfinderplusReader",
        "dbcan": "ingest.readers.dbcan:DbcanReader",
        "kofamscan": "ingest.readers.kofamscan:KofamscanReader",
        "ko_list": "ingest.readers.ko_list:KoListReader",
        "pfam2go": "ingest.readers.pfam2go:Pfam2goReader",
        "family_tsv": "ingest.readers.family_tsv:FamilyTsvReader",
        "protein_tsv": "ingest.readers.protein_tsv:ProteinTsvReader",
        "feature_table": "ingest.readers.feature_table:FeatureTableReader",
        "sample_table": "ingest.readers.sample_table:SampleTableReader",
        "sample_metadata": "ingest.readers.sample_metadata:SampleMetadataReader",
    },
)
