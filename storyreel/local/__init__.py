"""Storyreel on one machine: the embedded servers, the all-in-one runner and the command line."""
