"""The list as one page for a browser: a single file that needs no network and can be sent to anybody."""

from ppc_tuner.page.saving import save_page

__all__ = ["save_page"]
