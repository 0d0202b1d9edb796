"""Benchmarks: each prints a table, states the machine's noise and writes JSON to benchmarks/results/."""
