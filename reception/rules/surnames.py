"""What a worker is called before owners: his surname alone, 赵师傅; in English letters where the surname is known."""

import re
from typing import Final

from reception.rules.masking import mask_name

# The readings as surnames, which differ from the common ones (曾 Zeng, 单 Shan, 任 Ren); the hundred-odd commonest.
_READINGS: Final[dict[str, str]] = dict(
    re.findall(
        r"([^A-Za-z]{1,2})([A-Z][a-z]+)",
        "王Wang李Li张Zhang刘Liu陈Chen杨Yang黄Huang赵Zhao吴Wu周Zhou徐Xu孙Sun马Ma朱Zhu胡Hu郭Guo何He林Lin高Gao罗Luo"
        "郑Zheng梁Liang谢Xie宋Song唐Tang许Xu韩Han邓Deng冯Feng曹Cao彭Peng曾Zeng肖Xiao萧Xiao田Tian董Dong潘Pan袁Yuan"
        "蔡Cai蒋Jiang余Yu于Yu杜Du叶Ye程Cheng魏Wei苏Su吕Lyu丁Ding任Ren卢Lu姚Yao沈Shen钟Zhong姜Jiang崔Cui谭Tan陆Lu"
        "范Fan汪Wang廖Liao石Shi金Jin韦Wei贾Jia夏Xia付Fu傅Fu方Fang邹Zou熊Xiong白Bai孟Meng秦Qin邱Qiu侯Hou江Jiang尹Yin"
        "薛Xue闫Yan阎Yan段Duan雷Lei龙Long黎Li史Shi陶Tao贺He毛Mao郝Hao顾Gu龚Gong邵Shao万Wan覃Qin武Wu钱Qian戴Dai严Yan"
        "莫Mo孔Kong向Xiang常Chang汤Tang康Kang易Yi乔Qiao温Wen施Shi文Wen牛Niu樊Fan葛Ge邢Xing安An齐Qi单Shan解Xie"
        "柴Chai仇Qiu倪Ni盛Sheng申Shen路Lu季Ji欧阳Ouyang司马Sima上官Shangguan诸葛Zhuge",
    )
)


def surname(name: str) -> str:
    """The surname of a name; a name in Latin letters gives its last word. '' for ''."""
    body = name.strip()
    if not body:
        return ""
    if re.match(r"[A-Za-zÀ-ÿ]", body):
        return body.split()[-1]
    shown: str = mask_name(body).rstrip("*")
    return shown or body[0]


def in_letters(chinese: str) -> str:
    """The surname in English letters where its reading is known, else as it stands."""
    return _READINGS.get(chinese, chinese)
