"""Tests of the population."""
