"""How names are sorted and found: by their pinyin, and by its initials (zs finds 张三)."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

_read = (
    "曾 zeng、单 shan、覃 qin、仇 qiu、解 xie、查 zha、区 ou、翟 zhai、缪 miao、朴 piao、盖 ge、乐 yue、卜 bu、薄 bo、种 chong、繁 po、"
    "秘 bi、员 yun、贠 yun、折 she、阚 kan、祭 zhai、乜 nie、洗 xian、句 gou、都 du、藏 zang、重 chong、佴 nai、粘 nian、召 shao、"
    "能 nai、颉 xie、单于 chan yu"
)
surnames = {name: read for name, _, read in (pair.partition(" ") for pair in _read.split("、"))}
"""Surnames that are read otherwise than the character mostly is. pypinyin knows 尉迟, 万俟 and 长孙 as words, but of no single character
that it is a surname (mozillazg/python-pinyin, issue 297).
"""


def pinyin_of_person(name: str) -> tuple[str, str]:
    """As `pinyin_of`, with the surname as surnames are read: 曾青山 → (zqs, zeng qing shan)."""
    return pinyin_of(name, next((name[:n] for n in (2, 1) if name[:n] in surnames), ""))


@lru_cache(maxsize=200_000)
def pinyin_of(name: str, surname: str = "") -> tuple[str, str]:
    """The initials and the sort key of a name: 张三 → (zs, zhang san). What is no Chinese character stays as it is.

    Args:
        surname: with which of `surnames` the name begins, if it does. A place's 解放 is none.
    """
    rest = lazy_pinyin(name.removeprefix(surname), style=Style.NORMAL)
    syllables = [syllable.lower() for syllable in (*surnames.get(surname, "").split(), *rest)]
    initials = "".join(syllable[:1] for syllable in syllables)
    return initials[:60], " ".join(syllables)[:160]
