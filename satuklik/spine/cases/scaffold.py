"""A new service folder to start from: small, whole, and passing its own tests."""

from pathlib import Path

from satuklik.spine.cases.definition import Standard
from satuklik.spine.cases.loader import EXAMPLES, LETTER, SERVICE, SLUG

_PARTS = {
    "legal_basis": ("UU 25/2009; sebutkan dasar hukum layanan ini.", "Law 25/2009; name this service's legal basis."),
    "requirements": ("Terdaftar sebagai penduduk.", "Registered as a resident."),
    "procedure": ("Periksa data, tekan satu tombol, unduh surat.", "Check the data, press one button, download."),
    "time": ("Seketika; paling lama 5 hari kerja.", "At once; at most 5 working days."),
    "fee": ("Gratis.", "Free of charge."),
    "product": ("Surat keterangan dalam bentuk PDF bersegel.", "A sealed PDF certificate."),
    "facilities": ("Portal, loket kantor, perangkat bagi yang tidak punya.", "Portal, counter, a device to use."),
    "competence": ("Petugas yang terlatih pelayanan publik.", "Officials trained in public service."),
    "supervision": ("Atasan langsung dan Inspektorat.", "The direct superior and the Inspectorate."),
    "complaints": ("Loket kantor atau SP4N-LAPOR!.", "The office's counter or SP4N-LAPOR!."),
    "staffing": ("Satu petugas dan satu penanda tangan.", "One official and one signatory."),
    "service_guarantee": ("Surat terbit sesuai standar ini.", "The letter is issued as this standard says."),
    "safety_guarantee": ("Data dipakai hanya untuk surat ini dan setiap akses dicatat.",
                         "Data are used for this letter only and each access is logged."),
    "evaluation": ("Survei kepuasan setiap surat, dinilai setiap semester.", "A survey per letter, reviewed each half-year."),
}  # fmt: skip

_SERVICE = """name    = {{ id = "{title}", en = "{title} (translate)" }}
summary = {{ id = "Tulis satu kalimat: apa yang didapat dan untuk apa.", en = "Write one sentence: what one gets." }}
category = "surat-desa"
keywords = {{ id = ["{title_lower}"], en = ["{title_lower}"] }}
kind   = "straight"
issuer = "village"
icon   = "file-text"

[legal_mode]
law = "UU 30/2014 ps. 53(3) jo. UU 6/2023 ps. 175"

[[fact]]
name = "person.name"
[[fact]]
name = "person.nik"
[[fact]]
name = "person.status"

[[question]]
id = "purpose"
type = "text"
label = {{ id = "Untuk keperluan apa?", en = "What is it for?" }}
max = 120

[[rule]]
id = "registered"
when = "person.status == 'alive'"
message = {{ id = "Data Anda tidak tercatat sebagai penduduk aktif.", en = "You are not on record as a resident." }}
mend = {{ id = "Perbarui data di Disdukcapil.", en = "Have your record mended at the civil registry." }}
law = "UU 24/2013 ps. 58"
effect = "require"

[fee]
amount = 0
law = "UU 24/2013 ps. 79A"

[deadline]
days = 5
law = "UU 30/2014 ps. 53(2) jo. UU 6/2023 ps. 175"

[letter]
title = {{ id = "{upper}", en = "{title} (translate)" }}
code = "400.12"
signer = "seal"
validity_months = 6
shows = ["person.name", "person.nik", "answer.purpose"]

[standard]
{standard}
"""

_LETTER = """#import "/surat.typ": *
#show: surat

#pembuka()

#tabel(("Nama lengkap", strong(d.person.name)), ("NIK", d.person.nik))

adalah benar penduduk yang tercatat. Surat ini diterbitkan untuk keperluan: #strong(d.answer.purpose).

#masa-berlaku()

#penutup()
"""

_EXAMPLES = """[[example]]
name = "penduduk meminta surat"
today = 2026-11-24
answers = { purpose = "melamar pekerjaan" }
outcome = "issued"
fee = 0
due = 2026-12-01
letter_says = ["melamar pekerjaan"]

[[example]]
name = "data tidak aktif"
today = 2026-11-24
person = { status = "moved" }
answers = { purpose = "melamar pekerjaan" }
outcome = "refused_before"
failing = ["registered"]
"""


class FolderExists(Exception):
    """There is a folder of this name already."""


def create(root: Path, slug: str) -> Path:
    """Make `root/slug` with its three files. Raises FolderExists, or ValueError for a bad name."""
    if not SLUG.match(slug):
        raise ValueError(f"{slug!r}: lower case words with hyphens, please (surat-keterangan-usaha).")
    folder = root / slug
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise FolderExists(f"{folder} is there already.") from error
    title = slug.replace("-", " ").title()
    standard = "\n".join(
        f'{part} = {{ id = "{_PARTS[part][0]}", en = "{_PARTS[part][1]}" }}' for part in Standard.model_fields
    )
    text = _SERVICE.format(title=title, title_lower=title.lower(), upper=title.upper(), standard=standard)
    (folder / SERVICE).write_text(text, encoding="utf-8")
    (folder / LETTER).write_text(_LETTER, encoding="utf-8")
    (folder / EXAMPLES).write_text(_EXAMPLES, encoding="utf-8")
    return folder
