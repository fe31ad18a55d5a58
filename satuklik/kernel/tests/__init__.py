"""Tests of the kernel: tables from the rules, properties for everything else."""
