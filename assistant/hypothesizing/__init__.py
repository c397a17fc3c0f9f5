"""Hypotheses on more than one gene: clusters, pathways, taxa, rows of a cohort. By rule."""
