"""Compile the English catalogue after its django.po was edited: python docs/compile_english.py. A house test compares the two."""

from pathlib import Path

import polib

CATALOGUE = Path(__file__).parent.parent / "src/anju/web/locale/en/LC_MESSAGES"

if __name__ == "__main__":
    (CATALOGUE / "django.mo").write_bytes(polib.pofile(str(CATALOGUE / "django.po")).to_binary())
