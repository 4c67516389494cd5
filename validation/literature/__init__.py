"""Findings of the literature, reproduced in kind: five small studies, each with a figure and what agrees."""
