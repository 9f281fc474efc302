"""How names are sorted and found: by their pinyin, and by its initials (zs finds 张三)."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=200_000)
def pinyin_of(name: str) -> tuple[str, str]:
    """The initials and the sort key of a name: 张三 → (zs, zhang san). What is no Chinese character stays as it is."""
    syllables = [syllable.lower() for syllable in lazy_pinyin(name, style=Style.NORMAL)]
    initials = "".join(syllable[:1] for syllable in syllables)
    return initials[:60], " ".join(syllables)[:160]
