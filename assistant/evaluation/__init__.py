"""Evaluation: how often answers are right, and whether their probabilities mean what they say."""
