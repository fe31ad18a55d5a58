"""Tests of the kernel: tables from the regulations and properties."""
