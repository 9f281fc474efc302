"""Who a row is about: ID numbers by whole columns, and the words of sex, people, health and relation to the head."""

import re

import polars as pl
from stdnum.cn import ric

from anju.tables.values import CannotRead, plain

number_advice = "身份证号是数字格式，后几位已经丢失；请把这一列设成“文本”格式，再从原系统重新填写完整的 18 位号码。"
masked_advice = "证件号码遮住了几位（*），认不出是谁；请用写全号码的文件。"
_weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_check_digits = "10X98765432"

_people_aliases = {"毛难族": "毛南族", "崩龙族": "德昂族", "汉": "汉族"}
_head = frozenset({"户主", "本人", "本人或户主", "户主或本人", "户主本人", "户主(本人)"})
_several = re.compile(r"[,，、;；/|\s]+")
_foreign_code = "数字代码在各个系统里含义不同，不能用；请写文字，例如{}。"
_sexes = {"男": "男", "女": "女", "男性": "男", "女性": "女", "m": "男", "f": "女"}


def normal_ids() -> pl.Expr:
    """ID texts as 18 characters: half width, upper X, no spaces, 15 digits lengthened, disability cards cut to 18.

    Takes a String column named `id`; what cannot be brought to 18 characters stays as it is.
    """
    text = pl.col("id").str.normalize("NFKC").str.replace_all(r"[\s'‘’=\"\u200b-\u200f\ufeff-]", "").str.to_uppercase()
    old = text.str.contains(r"^[0-9]{15}$")
    century = text.str.slice(0, 6) + "19" + text.str.slice(6)
    longer = pl.when(old).then(century + _check_digit(century)).otherwise(text)
    card = longer.str.contains(r"^[0-9]{17}[0-9X][0-9]{1,2}B?[0-9]?$")
    return pl.when(card).then(longer.str.slice(0, 18)).otherwise(longer)


def id_valid() -> pl.Expr:
    """Whether the column `id` of normalised texts holds true ID numbers: form, birth date and check digit."""
    form = pl.col("id").str.contains(r"^[1-9][0-9]{16}[0-9X]$")
    born = id_birth_date().is_not_null()
    return form & born & (pl.col("id").str.slice(17, 1) == _check_digit(pl.col("id")))


def id_birth_date() -> pl.Expr:
    """The birth date that the ID number of column `id` says; null where it says none."""
    return pl.col("id").str.slice(6, 8).str.to_date("%Y%m%d", strict=False)


def id_sex() -> pl.Expr:
    """男 or 女 by the 17th digit of column `id`."""
    digit = pl.col("id").str.slice(16, 1).cast(pl.Int8, strict=False)
    return pl.when(digit % 2 == 1).then(pl.lit("男")).when(digit % 2 == 0).then(pl.lit("女"))


def id_is_right(number: str) -> bool:
    """Whether a number in its normal form is a person's: 18 places, a day of birth, a true check digit."""
    return bool(pl.select(pl.lit(number).alias("id")).select(id_valid().fill_null(value=False)).item())


def why_wrong(number: str) -> str:
    """What is wrong with one ID number, as a sentence."""
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", number):
        return number_advice
    if "*" in number:
        return masked_advice
    if len(number) != 18:
        return f"身份证号应是 18 位，这里是 {len(number)} 位，请对照证件核对。"
    try:
        ric.get_birth_date(number)
    except ValueError:
        return "身份证号第 7 到 14 位不是出生日期，请对照证件核对。"
    if number[:-1].isdigit() and ric.calc_check_digit(number) != number[-1]:
        return "身份证号最后一位（校验位）对不上，一定有数字写错了，请对照证件核对。"
    return "身份证号里有不该有的字符，请对照证件核对后填写 18 位号码。"


def read_relation(text: str) -> str:
    """与户主关系 in one form: 户主 for the head, otherwise the word without 之 (儿媳, 女, 配偶)."""
    word = plain(text)
    if word.isdigit():
        raise CannotRead(_foreign_code.format("户主、配偶、之子、之女"))
    if word in _head:
        return "户主"
    return word.removeprefix("之") or word


def read_people(text: str) -> str:
    """民族 by its present name."""
    word = plain(text)
    if word.isdigit():
        raise CannotRead(_foreign_code.format("汉族、土家族、苗族"))
    return _people_aliases.get(word, word)


def read_sex(text: str) -> str | None:
    """性别 by label; 未说明 is unknown."""
    word = plain(text).lower()
    if word in ("未知", "未说明", "未说明性别", "未知的性别", "-", "/"):
        return None
    if word not in _sexes:
        raise CannotRead(_foreign_code.format("男、女") if word.isdigit() else "请写“男”或“女”，不知道就空着。")
    return _sexes[word]


def read_several(text: str) -> str:
    """Several states in one cell (残疾,长期慢性病), once each in their order, joined by 、."""
    words = [word for word in _several.split(text.strip()) if word]
    if any(word.isdigit() for word in words):
        raise CannotRead(_foreign_code.format("健康、长期慢性病、患有大病、残疾"))
    return "、".join(dict.fromkeys(plain(word) for word in words))


def _check_digit(column: pl.Expr) -> pl.Expr:
    total = pl.sum_horizontal(
        column.str.slice(place, 1).cast(pl.Int32, strict=False) * weight for place, weight in enumerate(_weights)
    )
    return (total % 11).replace_strict(list(range(11)), list(_check_digits), default=None, return_dtype=pl.String)
