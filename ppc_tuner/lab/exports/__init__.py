"""Facts written as the files that ad platforms let people download, in the platforms' own layouts."""

from ppc_tuner.lab.exports.amazon import write_amazon_targeting
from ppc_tuner.lab.exports.google import write_google_keywords
from ppc_tuner.lab.exports.wanxiangtai import write_wanxiangtai

__all__ = ["write_amazon_targeting", "write_google_keywords", "write_wanxiangtai"]
