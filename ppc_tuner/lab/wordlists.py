"""What two invented shops sell and which words buyers type: plain data, no figures drawn here.

A `Line` is one item with its main word; a `Catalogue` is a shop. Brands and shops are invented. `peak` is
the day of the year on which a line sells best, `swing` the log of demand at the peak against the yearly
middle.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One item. price in the shop's currency; margin, refund_rate, cvr, ctr as shares; demand relative to
    the others."""

    title: str
    main: str
    head: str
    price: float
    margin: float
    refund_rate: float
    cvr: float
    ctr: float
    demand: float
    peak: int
    swing: float
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A shop: its lines, other firms' brands whose names buyers type, and how words are joined."""

    platform: str
    account: str
    currency: str
    joiner: str
    brands: tuple[str, ...]
    lines: tuple[Line, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


# Attributes of which a buyer names at most one at a time.
ONE_OF = (
    frozenset({"短款", "中长款"}),
    frozenset({"加厚", "轻薄", "薄款", "加绒"}),
    frozenset({"秋季", "冬季", "秋冬"}),
    frozenset({"圆领", "高领", "半高领", "连帽", "立领"}),
    frozenset({"宽松", "修身", "直筒", "小脚", "束脚", "阔腿"}),
    frozenset({"商务", "休闲", "工装", "潮牌", "美式", "港风", "正装"}),
    frozenset({"青年", "中年", "情侣"}),
    frozenset({"women's", "men's", "for women", "for men", "for kids", "for seniors", "for adults"}),
    frozenset({"50l", "large", "small", "compact"}),
    frozenset({"carbon", "carbon fiber"}),
)

MENSWEAR = Catalogue(
    platform="zhitongche",
    account="棠舟男装",
    currency="CNY",
    joiner="",
    brands=("岚砾", "朔屿", "北弥", "拓砚", "衡麓"),
    lines=(
        Line(
            "棠舟短款羽绒服男士2026新款冬季加厚连帽潮牌宽松保暖外套",
            "羽绒服男", "羽绒服",
            399.0, 0.56, 0.16, 0.021, 0.060, 0.31, 349, 1.10,
            _words("2026新款, 冬季, 潮牌, 短款, 加厚, 轻薄, 白鸭绒, 中长款"),
            _words("短款, 冬季, 加厚, 潮牌, 宽松, 连帽, 立领, 轻薄, 中长款, 大码, 青年, 黑色, 工装, "
                   "情侣, 帅气"),
            _words("冬季外套男, 男士保暖外套, 冬装男, 男款冬天衣服, 面包服男, 滑雪服男"),
        ),
        Line(
            "棠舟连帽卫衣男2026新款秋季宽松重磅纯棉美式休闲上衣",
            "卫衣男", "卫衣",
            139.0, 0.60, 0.12, 0.034, 0.066, 0.17, 288, 0.45,
            _words("2026新款, 秋季, 加绒, 连帽, 圆领, 重磅, 潮牌"),
            _words("秋季, 连帽, 圆领, 加绒, 宽松, 潮牌, 重磅, 纯棉, 美式, 港风, 大码, 印花, 拉链, "
                   "黑色, 套头"),
            _words("秋季上衣男, 男士长袖, 帽衫男, 情侣装秋装, 男生衣服秋季, 打底衫男"),
        ),
        Line(
            "棠舟休闲裤男秋冬加绒直筒宽松工装束脚长裤",
            "休闲裤男", "休闲裤",
            129.0, 0.58, 0.10, 0.036, 0.058, 0.13, 300, 0.30,
            _words("2026新款, 秋冬, 加绒, 直筒, 宽松, 束脚, 工装"),
            _words("秋冬, 加绒, 直筒, 宽松, 束脚, 潮牌, 百搭, 大码, 垂感, 黑色, 小脚, 工装, 九分, "
                   "弹力"),
            _words("裤子男, 男裤秋冬, 运动裤男, 长裤男, 男士裤子, 西裤男"),
        ),
        Line(
            "棠舟夹克男2026新款秋季立领休闲飞行员短款工装外套",
            "夹克男", "夹克",
            199.0, 0.55, 0.14, 0.027, 0.056, 0.10, 283, 0.55,
            _words("2026新款, 秋季, 立领, 短款, 工装, 商务"),
            _words("秋季, 立领, 短款, 休闲, 工装, 飞行员, 商务, 薄款, 加绒, 中年, 宽松, 黑色, 潮牌, "
                   "帅气"),
            _words("外套男, 男士外套, 秋季外套男, 风衣男, 男装外套, 冬季外套男"),
        ),
        Line(
            "棠舟棉服男冬季加厚短款立领面包服宽松潮牌棉袄",
            "棉服男", "棉服",
            239.0, 0.55, 0.15, 0.026, 0.057, 0.10, 345, 1.00,
            _words("2026新款, 冬季, 加厚, 短款, 立领, 潮牌"),
            _words("冬季, 加厚, 短款, 立领, 面包, 宽松, 潮牌, 连帽, 中长款, 大码, 情侣, 黑色, 工装, "
                   "轻薄"),
            _words("棉袄男, 冬季外套男, 棉衣男, 冬装男, 男士棉袄, 保暖外套男"),
        ),
        Line(
            "棠舟毛衣男圆领秋冬加厚针织衫宽松半高领打底上衣",
            "毛衣男", "毛衣",
            149.0, 0.59, 0.11, 0.032, 0.060, 0.08, 325, 0.70,
            _words("2026新款, 秋冬, 加厚, 圆领, 半高领, 宽松"),
            _words("秋冬, 圆领, 加厚, 半高领, 高领, 宽松, 潮牌, 羊毛, 打底, 大码, 黑色, 麻花, 港风, "
                   "薄款"),
            _words("针织衫男, 打底衫男, 男士针织, 羊毛衫男, 线衣男, 秋冬上衣男"),
        ),
        Line(
            "棠舟衬衫男长袖秋季加绒商务休闲免烫宽松外套",
            "衬衫男", "衬衫",
            119.0, 0.60, 0.12, 0.036, 0.062, 0.06, 270, 0.25,
            _words("2026新款, 秋季, 长袖, 加绒, 商务, 免烫"),
            _words("长袖, 秋季, 加绒, 商务, 免烫, 休闲, 宽松, 条纹, 格子, 白色, 修身, 大码, 港风, "
                   "正装"),
            _words("衬衣男, 男士衬衣, 寸衫男, 上班穿的衣服男, 男士长袖, 工装衬衣"),
        ),
        Line(
            "棠舟牛仔裤男秋冬加绒直筒宽松美式复古水洗长裤",
            "牛仔裤男", "牛仔裤",
            159.0, 0.57, 0.13, 0.031, 0.058, 0.05, 290, 0.20,
            _words("2026新款, 秋冬, 加绒, 直筒, 宽松, 美式"),
            _words("秋冬, 加绒, 直筒, 宽松, 美式, 复古, 弹力, 小脚, 黑色, 潮牌, 大码, 水洗, 破洞, "
                   "阔腿"),
            _words("裤子男, 丹宁裤, 男裤秋冬, 长裤男, 男士裤子, 水洗裤"),
        ),
    ),
)  # fmt: skip

OUTDOOR = Catalogue(
    platform="google_ads",
    account="Larkfell Outdoor",
    currency="USD",
    joiner=" ",
    brands=("quillpeak", "brackmoor", "fernhollow", "stonewick"),
    lines=(
        Line(
            "Larkfell Trail 50 Hiking Backpack",
            "hiking backpack", "backpack",
            129.0, 0.48, 0.05, 0.030, 0.060, 0.24, 200, 0.40,
            _words("lightweight, waterproof, 50l, large, best, women's, men's, ultralight"),
            _words("for women, for men, 50l, with rain cover, sale, with hydration, carry on, "
                   "internal frame"),
            _words("rucksack, trekking bag, camping bag, travel pack 50l"),
        ),
        Line(
            "Larkfell Dome 3 Camping Tent",
            "camping tent", "tent",
            219.0, 0.42, 0.07, 0.022, 0.056, 0.24, 195, 0.60,
            _words("3 person, waterproof, family, lightweight, easy setup, best, four season"),
            _words("for 3 people, sale, with vestibule, for winter, for families, with footprint, "
                   "for rain"),
            _words("bivvy shelter, pop up shelter, backcountry shelter, glamping gear"),
        ),
        Line(
            "Larkfell Down Sleeping Bag -10",
            "down sleeping bag", "sleeping bag",
            169.0, 0.45, 0.06, 0.026, 0.057, 0.17, 215, 0.40,
            _words("winter, mummy, lightweight, cold weather, compact, women's"),
            _words("for camping, for cold weather, for adults, for backpacking, 20 degree, sale, "
                   "double"),
            _words("camping quilt, travel blanket, bedroll, camp bedding"),
        ),
        Line(
            "Larkfell Carbon Trekking Poles",
            "trekking poles", "poles",
            79.0, 0.55, 0.05, 0.036, 0.062, 0.13, 180, 0.30,
            _words("carbon, folding, lightweight, collapsible, best, adjustable, women's"),
            _words("for hiking, for seniors, carbon fiber, with cork grip, for snow, sale, pair"),
            _words("walking sticks, hiking sticks, nordic walking, snow baskets"),
        ),
        Line(
            "Larkfell Beam 600 Rechargeable Headlamp",
            "rechargeable headlamp", "headlamp",
            59.0, 0.58, 0.04, 0.042, 0.064, 0.12, 320, 0.30,
            _words("bright, waterproof, best, 600 lumen, lightweight, small, usb"),
            _words("for running, for camping, with red light, for hunting, for kids, usb c, sale"),
            _words("head torch, camping light, running light, hands free light"),
        ),
        Line(
            "Larkfell Storm 3L Rain Jacket",
            "rain jacket", "jacket",
            149.0, 0.50, 0.09, 0.027, 0.058, 0.10, 110, 0.30,
            _words("waterproof, lightweight, packable, hiking, men's, women's, breathable"),
            _words("for hiking, for women, for men, with hood, sale, 3 layer, for travel"),
            _words("rain coat, shell layer, storm shell, wind breaker"),
        ),
    ),
)  # fmt: skip
