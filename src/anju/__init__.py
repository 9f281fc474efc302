"""Anju 安居: the guideline on resettlement communities as pages that people read and the machine runs."""

version = "0.1.0"
