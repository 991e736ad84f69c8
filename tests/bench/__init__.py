"""The figures to keep: each measured beside what it is compared with, in one run."""
