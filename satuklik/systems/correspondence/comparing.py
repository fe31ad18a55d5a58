"""Two people saved one draft: what the other one wrote, beside what was typed here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from satuklik.systems.correspondence.letterform import words
from satuklik.systems.correspondence.rules import Kind

LABELS = {
    "subject": _("Perihal"), "classification": _("Kode klasifikasi arsip"), "urgency": _("Sifat kesegeraan"),
    "secrecy": _("Tingkat kerahasiaan"), "recipients": _("Tujuan dan tembusan"), "signer": _("Ditandatangani oleh"),
    "signed_for": _("Kantor penanda tangan"), "due_on": _("Harus selesai ditandatangani"),
    "placement": _("Tempat tanda tangan"), "pdf": _("Berkas PDF"),
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field that differs."""

    label: object
    theirs: str
    mine: str


def differences(theirs: Mapping[str, Any], mine: Mapping[str, Any], kind: Kind | None) -> list[Difference]:
    """What differs, in the words of the form; fields that only one side names are left out."""
    labels: dict[str, object] = dict(LABELS)
    if kind is not None:
        labels |= {one.id: words(one.label) for one in kind.fields}
    left, right = _flat(theirs), _flat(mine)
    return [
        Difference(labels.get(name, name), _text(left[name]), _text(right[name]))
        for name in left
        if name in right and _text(left[name]) != _text(right[name])
    ]


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    content = fields.get("content")
    flat = {name: value for name, value in fields.items() if name != "content"}
    return flat | dict(content) if isinstance(content, Mapping) else flat


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return str(
            value.get("name") or ", ".join(str(one) for one in value.values() if one not in (None, ""))
        )
    if isinstance(value, list | tuple):
        return "\n".join(_text(one) for one in value)
    return str(getattr(value, "name", "") or value)
