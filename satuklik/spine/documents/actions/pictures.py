"""Pictures of letters: specimens, previews, samples, and pages of what was signed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone

from satuklik.base.files.queries import path_of
from satuklik.spine.documents import examples, office, typesetting
from satuklik.spine.documents.actions.issuing import Signer, check_printable, page_data
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.documents.rules import LetterTemplate

SAMPLE_SECONDS = 24 * 3600


def warm_up() -> None:
    """Compile one letter, so that the first click of this process is as quick as the next."""
    with_body = LetterTemplate(
        slug="pemanasan",
        source='#import "/surat.typ": *\n#show: surat\n#pembuka()\n#tabel(baris-nama())\n#penutup()\n',
        code="000",
        title="PEMANASAN",
        validity_months=None,
        shows=(),
    )
    typesetting.pdf(
        with_body.slug,
        with_body.source,
        examples.page(with_body, {}, today=examples.SPECIMEN_DAY),
        at=timezone.now(),
    )


def specimen(
    *,
    letter: LetterTemplate,
    data: Mapping[str, Any],
    now: datetime,
    signed: bool = False,
    issuer: str = "village",
) -> bytes:
    """The letter of an invented office as PDF, marked CONTOH: without number, seal or row. With `signed`
    its signature block is an official's; `issuer` as in service.toml. Raises NotPrintable, LetterBroken."""
    page = examples.page(letter, data, today=timezone.localdate(now), signed=signed, issuer=issuer)
    check_printable(page["person"], page["household"], page["answer"])
    return typesetting.pdf(letter.slug, letter.source, page, at=now)


def preview(
    *,
    letter: LetterTemplate,
    agency: office.Agency,
    data: Mapping[str, Any],
    signer: Signer | None,
    now: datetime,
    format: Literal["pdf", "png"] = "png",
) -> bytes:
    """The letter as it would be, of its real office and person, marked CONTOH: without number, seal or row.
    Raises NotPrintable, LetterBroken."""
    page = page_data(letter, agency, data, language="id", signer=signer)
    check_printable(page["person"], page["household"], page["answer"])
    invented = examples.page(letter, data, today=timezone.localdate(now), signed=signer is not None)
    page |= {name: invented[name] for name in ("letter", "qr", "machine")}
    if format == "png":
        return typesetting.picture(letter.slug, letter.source, page)
    return typesetting.pdf(letter.slug, letter.source, page, at=now)


def sample(
    letter: LetterTemplate, data: Mapping[str, Any], *, signed: bool = False, issuer: str = "village"
) -> bytes:
    """A PNG of the letter with invented facts where `data` has none, marked CONTOH; made once a day per
    process. Raises LetterBroken."""
    mark = json.dumps([letter.slug, letter.source, letter.title, data, signed, issuer], default=str).encode()
    key = f"documents.sample:{hashlib.sha256(mark).hexdigest()}"
    made: bytes | None = caches["local"].get(key)
    if made is None:
        page = examples.page(letter, data, today=examples.SPECIMEN_DAY, signed=signed, issuer=issuer)
        made = typesetting.picture(letter.slug, letter.source, page)
        caches["local"].set(key, made, SAMPLE_SECONDS)
    return made


def picture(document: IssuedDocument, *, page: int = 1, ppi: float = typesetting.PICTURE_PPI) -> bytes:
    """A page of the registered letter as PNG, drawn from the very bytes that were signed."""
    path = path_of(document.file_id).relative_to(settings.FILES_ROOT)
    return typesetting.picture_of_file(settings.FILES_ROOT, path.as_posix(), page=page, ppi=ppi)
