"""Rosters of whole shifts under the rules of working time."""
