"""Tests of letters: numbers, print, verification."""
