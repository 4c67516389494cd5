"""Findings of the literature, made again in kind: five small studies, each with a figure and what agrees."""

from funnelsim.validation.literature.studies import chapter

__all__ = ["chapter"]
