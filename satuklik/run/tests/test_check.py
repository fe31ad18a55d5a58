"""The check of translations finds what has no English: in code, in templates, in catalogues."""

from pathlib import Path

from satuklik.run.check import untranslated

PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Beranda"\nmsgstr "Home"\n\nmsgid "Surat"\nmsgstr ""\n'
TEMPLATE = (
    '{% load i18n %}{% translate "Beranda" %}{% blocktranslate with n=3 %}Ada {{ n }} surat{% endblocktranslate %}'
    '{% translate "Selesai" context "state" %}'
)


def test_what_lacks_english_is_found(tmp_path: Path) -> None:
    room = tmp_path / "satuklik" / "base" / "room"
    (room / "locale" / "en" / "LC_MESSAGES").mkdir(parents=True)
    (room / "locale" / "en" / "LC_MESSAGES" / "django.po").write_text(PO)
    (room / "templates" / "room").mkdir(parents=True)
    (room / "templates" / "room" / "page.html").write_text(TEMPLATE)
    (room / "views.py").write_text('title = _("Beranda")\nother = gettext("Akun")\nplain = print("x")\n')
    found = untranslated(tmp_path)
    assert {line.split(": ", 1)[1] for line in found} == {"Surat", "'Akun'", "'Ada %(n)s surat'", "'Selesai'"}
