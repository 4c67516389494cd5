"""Findings of the literature, made again in kind: five small studies, each with a figure and what agrees."""
