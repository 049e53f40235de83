"""Striking out: a name and a telephone are found however they are cut up, and nothing else is taken for them."""

import pytest

from reception.rules.striking import Striker

MARK = "（已删除）"
STRIKER = Striker(["张伟", "欧阳静姝", "Li Wei"], ["13912340077"], MARK)


@pytest.mark.parametrize(
    "said",
    [
        "139 1234 0077",
        "139.1234.0077",
        "139-1234-0077",
        "139/1234/0077",
        "139_1234_0077",
        "139,1234,0077",
        "139，1234，0077",
        "139·1234·0077",
        "139) - 1234 0077",
        "139\u200b1234\u200b0077",
        "１３９．１２３４．００７７",
        "1 3 9 1 2 3 4 0 0 7 7",
        "+86.139.1234.0077",
        "0086/139/1234/0077",
        "张伟",
        "张 伟",
        "张-伟",
        "张·伟",
        "张/伟",
        "张_伟",
        "张,伟",
        "张.伟",
        "张－伟",
        "张 - 伟",
        "张\u200b伟",
        "欧阳 · 静/姝",
        "Li-Wei",
        "LI_WEI",
        "Li, Wei",
        "li.wei",
    ],
)
def test_however_it_is_cut_up_it_is_struck_out(said: str) -> None:
    assert STRIKER.text(f"请联系 {said}，谢谢") == f"请联系 {MARK}，谢谢"
    assert STRIKER.json(f'["{said}"]') == f'["{MARK}"]'


@pytest.mark.parametrize(
    "said",
    [
        "他姓张，伟人也",
        "开张。伟业路",
        "Living, Weight",
        "Liwei",
        "113912340077",
        "139123400778",
        "1391234 转 0077",
        "139-1234-0078",
    ],
)
def test_what_is_another_stays(said: str) -> None:
    assert STRIKER.text(said) == said
