"""How many pages a stored PDF has."""

import io
from functools import lru_cache

from satuklik.base.files import queries as files
from satuklik.spine.signing.errors import HOSTILE


def page_count(sha256: str) -> int:
    """The pages of the stored file; 1 where it cannot be told, or for no file."""
    return _count(sha256) if sha256 else 1


@lru_cache(maxsize=512)
def _count(sha256: str) -> int:
    from pypdf import PdfReader  # 34 MB a process: only where somebody looks at an upload
    from pypdf.errors import PyPdfError

    # Uploads passed the sandbox before they were stored (typed.check_pdf).
    try:
        return max(1, len(PdfReader(io.BytesIO(files.read(sha256))).pages))
    except (PyPdfError, files.FileDamaged, *HOSTILE):
        return 1
