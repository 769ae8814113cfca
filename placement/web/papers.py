"""Pages for paper, as PDF: the same template and stylesheet as on the screen, made by WeasyPrint (decision 0018).

WeasyPrint needs Pango, which is no Python package. It is loaded by the first PDF; where it cannot be, that is said, and
everything else goes on.
"""

from __future__ import annotations

import contextlib
import io
import logging
from typing import Any

from flask import Response, current_app

from placement.domain.errors import NoPdf

logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # what it says of a page may quote the page
STYLES = "paper.css"


def pdf(html: str, *, name: str) -> Response:
    """Answer with a page as a tagged PDF (PDF/UA-1) under a file name. Raises NoPdf where this machine makes none.

    Nothing is fetched for it, neither from the network nor from the disk, but our own stylesheet.
    """
    weasyprint = _weasyprint()
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    styles = weasyprint.CSS(filename=f"{current_app.static_folder}/{STYLES}", url_fetcher=nothing)
    page = weasyprint.HTML(string=html, url_fetcher=nothing)
    content = page.write_pdf(stylesheets=[styles], pdf_variant="pdf/ua-1")
    said = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, mimetype="application/pdf", headers=said)


def _weasyprint() -> Any:
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints advice where a library is missing
            import weasyprint
    except (ImportError, OSError) as error:  # OSError: Pango, or one of those that it needs, is not there
        raise NoPdf("This machine cannot make PDF files.") from error
    return weasyprint
