"""Letters are issued once, under numbers without gaps, and say exactly what they were given."""

import subprocess
import threading
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from django.db import connection, transaction
from PIL import Image

from satuklik.spine.documents import actions, errors, queries
from satuklik.spine.documents.models import IssuedDocument, NumberSequence
from satuklik.spine.documents.rules import LetterTemplate
from satuklik.spine.documents.tests.conftest import PASSPHRASE, Place
from satuklik.spine.signing import actions as signing

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
SOURCE = """#import "/surat.typ": *
#show: surat
#pembuka()
#tabel(baris-nama(), baris-nik(), baris-lahir(), baris-kelamin(), baris-alamat())
Untuk keperluan: #d.answer.purpose (selesai)
#masa-berlaku()
#penutup()
"""
LETTER = LetterTemplate(
    slug="uji",
    source=SOURCE,
    code="400.12.2.2",
    title="SURAT KETERANGAN UJI",
    title_en="Test Letter",
    validity_months=6,
    shows=(
        ("person.name", {"id": "Nama", "en": "Name"}),
        ("person.nik", {"id": "NIK", "en": "NIK"}),
        ("person.birth_date", {"id": "Tanggal lahir", "en": "Date of birth"}),
        ("answer.purpose", {"id": "Keperluan", "en": "Purpose"}),
    ),
)


def issue(place: Place, data: dict[str, Any], **changes: Any) -> IssuedDocument:
    """One letter for Sari."""
    given: dict[str, Any] = {
        "letter": LETTER, "agency": place.agency, "person_id": place.sari.pk, "case_reference": "SK-TEST",
        "data": data, "now": NOW,
    }  # fmt: skip
    with transaction.atomic():
        return actions.issue(**(given | changes))


def words(pdf: bytes) -> str:
    """The letter's text as a reader's software finds it, on one line."""
    run = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(run.stdout.decode().replace("\u200b", "").split())


@pytest.mark.usefixtures("paper_seal")
class TestOneLetter:
    """What one letter is."""

    def test_it_is_numbered_sealed_and_registered(self, place: Place, sari_data: dict[str, Any]) -> None:
        document = issue(place, sari_data)
        assert document.number == "400.12.2.2/001/KIT-1002/XI/2026"
        assert document.valid_until.isoformat() == "2027-05-24"
        assert len(document.token) == 22
        assert queries.by_token(document.token) == document
        assert queries.by_number(" 400.12.2.2/001/KIT-1002/XI/2026 ") == document
        assert queries.by_sha256(document.file_id) == document
        assert list(queries.of_person(place.sari)) == [document]
        assert document.signature["kind"] == "seal"

    def test_it_says_what_it_must(self, place: Place, sari_data: dict[str, Any]) -> None:
        document = issue(place, sari_data)
        text = words(queries.read(document))
        for said in (
            "PEMERINTAH KABUPATEN ASAHAN", "KECAMATAN KISARAN TIMUR", "KELURAHAN KISARAN NAGA",
            "SURAT KETERANGAN UJI", f"Nomor: {document.number}", "Sari Rahmawati", "1209205512900001",
            "Kisaran, 15 Desember 1990", "Perempuan", "RT 003 RW 002", "pembukaan rekening bank",
            "24 November 2026", "24 Mei 2027", "Disegel secara elektronik", "tidak tersertifikasi BSrE",
            "Pasal 5 ayat (1)", "Halaman 1 dari 1",
        ):  # fmt: skip
            assert said in text, said

    def test_it_claims_its_standards_and_is_sound(
        self, place: Place, sari_data: dict[str, Any], tmp_path: Any
    ) -> None:
        pdf = queries.read(issue(place, sari_data))
        assert b"<pdfaid:part>3</pdfaid:part>" in pdf
        assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
        path = tmp_path / "surat.pdf"
        path.write_bytes(pdf)
        check = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
        assert "No syntax or stream encoding errors" in check.stdout, check.stderr
        attached = subprocess.run(
            ["qpdf", "--show-attachment=surat.json", path], capture_output=True, text=True, check=True
        )
        assert '"1209205512900001"' in attached.stdout

    def test_its_code_leads_to_its_page(self, place: Place, sari_data: dict[str, Any], tmp_path: Any) -> None:
        document = issue(place, sari_data)
        path = tmp_path / "surat.png"
        path.write_bytes(actions.picture(document))
        with Image.open(path) as picture:
            codes = zxingcpp.read_barcodes(picture.convert("L"))
        assert [code.text for code in codes] == [actions.verify_url(document.token)]

    def test_the_verifier_sees_masked_numbers(self, place: Place, sari_data: dict[str, Any]) -> None:
        content = {row["key"]: row for row in issue(place, sari_data).content}
        assert content["person.nik"]["value"] == "120920••••••••••"
        assert content["answer.purpose"]["label"]["en"] == "Purpose"

    def test_an_official_signs_as_what_he_is(self, place: Place, sari_data: dict[str, Any]) -> None:
        signer = type("Signer", (), {"official": place.pak_lurah, "acting_as": "Plt"})()
        with signing.unlock(place.pak_lurah, PASSPHRASE, NOW) as key:
            document = issue(place, sari_data, key=key, signer=signer)
        text = words(queries.read(document))
        assert "Plt. Lurah Kisaran Naga" in text
        assert "Ditandatangani secara elektronik" in text
        assert "NIP 19681231 199003 1 005" in text
        assert document.signature["kind"] == "official"

    def test_english_readers_get_the_title(self, place: Place, sari_data: dict[str, Any]) -> None:
        assert "Test Letter" in words(queries.read(issue(place, sari_data, language="en")))

    def test_a_long_letter_numbers_its_pages(self, place: Place, sari_data: dict[str, Any]) -> None:
        sari_data["answer"]["purpose"] = "kata " * 1500
        text = words(queries.read(issue(place, sari_data)))
        assert "Halaman 1 dari 3" in text
        assert "Halaman 3 dari 3" in text


HOSTILE = [
    '#panic("x")',
    '#read("/surat.typ")',
    "$x^2$ $",
    "*tebal* _miring_ `kode`",
    '"kutip" \\" \\n \\u{41}',
    "// komentar /* */",
    "= Judul",
    "<label> @acuan",
    "{{ 7*7 }} {% x %}",
    "'; DROP TABLE documents_issueddocument; --",
    "<script>alert(1)</script>",
    "[isi](https://contoh)",
    "~ -- --- ...",
]


@pytest.mark.usefixtures("paper_seal")
class TestHostileText:
    """What a resident types is printed as it is, or refused with the character named."""

    @pytest.mark.parametrize("text", HOSTILE)
    def test_markup_is_only_text(self, place: Place, sari_data: dict[str, Any], text: str) -> None:
        sari_data["answer"]["purpose"] = text
        said = words(queries.read(issue(place, sari_data)))
        assert " ".join(text.split()) in said

    @pytest.mark.parametrize(
        "text",
        ["emoji 😀", "kanan‮ke kiri", "nol\x00", "lonceng\x07", "عربي", "漢字", "Аdа", "\ud800", "\ufeff"],
    )
    def test_what_cannot_be_printed_is_refused(
        self, place: Place, sari_data: dict[str, Any], text: str
    ) -> None:
        sari_data["answer"]["purpose"] = text
        with pytest.raises(errors.NotPrintable) as refused:
            issue(place, sari_data)
        assert refused.value.where == "purpose"
        assert not NumberSequence.objects.exists()

    def test_ten_kilobytes_in_one_word_stay_on_the_page(
        self, place: Place, sari_data: dict[str, Any]
    ) -> None:
        sari_data["answer"]["purpose"] = "A" * 10_000
        assert words(queries.read(issue(place, sari_data))).count("A") > 10_000

    def test_a_broken_letter_names_file_and_line(self, place: Place, sari_data: dict[str, Any]) -> None:
        from dataclasses import replace

        with pytest.raises(errors.LetterBroken, match="uji") as broken:
            issue(place, sari_data, letter=replace(LETTER, source='#import "/surat.typ": *\n#ngawur()'))
        assert "ngawur" in broken.value.diagnostic
        assert not IssuedDocument.objects.exists()

    def test_a_letter_cannot_read_outside_its_folder(self, place: Place, sari_data: dict[str, Any]) -> None:
        from dataclasses import replace

        with pytest.raises(errors.LetterBroken):
            issue(place, sari_data, letter=replace(LETTER, source='#read("../../../etc/passwd")'))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("paper_seal")
class TestManyAtOnce:
    """Numbers under load."""

    def test_two_hundred_at_once(self, place: Place, sari_data: dict[str, Any]) -> None:
        start, failures = threading.Barrier(20), []

        def resident() -> None:
            start.wait()
            try:
                for _ in range(10):
                    issue(place, sari_data)
            except Exception as error:  # noqa: BLE001 a thread's failure must reach the test
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=resident) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        serials = sorted(IssuedDocument.objects.values_list("serial", flat=True))
        assert serials == list(range(1, 201))
        assert IssuedDocument.objects.values("number").distinct().count() == 200

    def test_a_rollback_leaves_no_gap(self, place: Place, sari_data: dict[str, Any]) -> None:
        issue(place, sari_data)
        with transaction.atomic():
            assert issue(place, sari_data).serial == 2
            transaction.set_rollback(True)
        assert issue(place, sari_data).serial == 2

    def test_each_office_and_year_counts_for_itself(self, place: Place, sari_data: dict[str, Any]) -> None:
        issue(place, sari_data)
        assert issue(place, sari_data, agency=place.district_agency).serial == 1
        assert issue(place, sari_data, now=NOW.replace(year=2027)).serial == 1
        # New year's eve in Kisaran is still the old year in UTC.
        newyear = datetime(2027, 1, 1, 0, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
        assert issue(place, sari_data, now=newyear).number.endswith("/I/2027")

    def test_outside_a_transaction_nothing_is_issued(self, place: Place, sari_data: dict[str, Any]) -> None:
        with pytest.raises(errors.NoTransaction):
            actions.issue(
                letter=LETTER, agency=place.agency, person_id=place.sari.pk, case_reference="x",
                data=sari_data, now=NOW,
            )  # fmt: skip
