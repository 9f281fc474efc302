"""Compile the English catalogues, and what forms say by themselves in Chinese, after a django.po was edited:
python docs/compile_english.py. A house test compares them.
"""

from pathlib import Path

import polib

SOURCE = Path(__file__).parent.parent / "src/anju"

if __name__ == "__main__":
    for catalogue in SOURCE.glob("*/locale/*/LC_MESSAGES/django.po"):
        catalogue.with_suffix(".mo").write_bytes(polib.pofile(str(catalogue)).to_binary())
