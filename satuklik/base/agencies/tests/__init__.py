"""Tests of the agencies."""
