"""Tests of login and account."""
