"""有害的、坏掉的文件：两秒、三百兆之内，要么拒绝并说清楚，要么读了并说清楚。"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tables.hostile import write_corpus

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Run:
    """What the corpus did: seconds, processor seconds and sentence a file, and the greatest memory in MB."""

    answers: dict[str, tuple[float, float, str]]
    memory: int


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("hostile")
    write_corpus(folder)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-m", "tests.tables.hostile", str(folder)], env=environment, capture_output=True, check=True
    )
    told = json.loads(done.stdout)
    return Run({name: (wall, worked, said) for name, (wall, worked, said) in told["answers"].items()}, told["memory"])


CASES = {
    "一个巨大的单元格.xlsx": "压缩得不正常",
    "三十万空行.xlsx": "压缩得不正常",
    "一百万列.xlsx": "压缩得不正常",
    "实体炸弹.xlsx": "DTD",
    "外部实体.xlsx": "DTD",
    "孤单的远处单元格.xlsx": "read",
    "远处的单元格.xlsx": "多余的单元格",
    "一百万个共享字符串.xlsx": "压缩得不正常",
    "宏.xlsx": "宏",
    "外部链接.xlsx": "引用了别的文件",
    "上万个部件.xlsx": "部件",
    "谎报大小.xlsx": "已经损坏",
    "零字节.xlsx": "空的",
    "加密.xlsx": "密码",
    "文档改名.xlsx": "PDF",
    "网页改名.xls": "网页",
    "文本改名.xlsx": "内容却不是这种表格",
    "压缩包改名.xlsx": "不是工作簿",
    "乱码.csv": "编码",
    "程序改名.csv": "程序",
    "半截.xlsx": "已经损坏",
    "半截.parquet": "已经损坏",
    "坏的.xls": "已经损坏",
    "一百万列.csv": "列",
    "六千万个相同的值.parquet": "范围大得不正常",
    "别的.docx": "只读",
}


@pytest.mark.parametrize(("name", "says"), CASES.items(), ids=CASES)
def test_refused_with_a_sentence_in_time(run: Run, name: str, says: str) -> None:
    seconds, worked, said = run.answers[name]
    assert says in said
    # A free machine needs about half a second; a busy one may make the process wait, but not work longer.
    assert worked < 2
    assert seconds < 20


def test_every_file_of_the_corpus_is_judged(run: Run) -> None:
    assert set(run.answers) == set(CASES)


def test_no_reader_took_more_than_300_megabytes(run: Run) -> None:
    assert run.memory < 300
