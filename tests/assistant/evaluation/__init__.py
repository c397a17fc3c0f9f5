"""Tests of assistant.evaluation."""
