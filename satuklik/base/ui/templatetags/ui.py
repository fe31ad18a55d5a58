"""`{% load ui %}`: icons, the frame, form fields, and how money, dates and numbers are written."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from satuklik.base.calendar import queries as calendar
from satuklik.base.calendar.errors import YearNotLoaded
from satuklik.base.once import actions as once
from satuklik.base.ui import frame, icons, registry, rules

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """{% icon "file-text" %}: an inline icon. Words must stand beside it."""
    return icons.svg(name)


@register.simple_tag
def asset(path: str) -> str:
    """{% asset "room/script.js" %}: the address of a static file."""
    return frame.asset(path)


@register.simple_tag(takes_context=True)
def form_word(context: Context) -> SafeString:
    """The hidden field that makes one object of a form, however often it is sent (see `base.once`). A form that comes
    back keeps its word."""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', once.FIELD, once.word_of(context["request"])
    )


@register.simple_tag(takes_context=True)
def ui_head(context: Context, desk: bool = False) -> SafeString:
    """Everything before the page's title."""
    return frame.part("head", _look(context, desk=desk))


@register.simple_tag(takes_context=True)
def ui_top(context: Context, desk: bool = False) -> SafeString:
    """Skip link, header and navigation. The view says which tab is active: `{"tab": "services"}`."""
    return frame.part("top", _look(context, desk=desk))


@register.simple_tag(takes_context=True)
def ui_bottom(context: Context, desk: bool = False) -> SafeString:
    """The foot of the page and the script."""
    return frame.part("bottom", _look(context, desk=desk))


def _look(context: Context, *, desk: bool) -> frame.Look:
    kept = context.render_context.get("ui-look")
    if kept is None:
        kept = frame.look(context.get("request"), desk=desk, tab=str(context.get("tab", "")))
        context.render_context["ui-look"] = kept
    return kept


@register.simple_tag(takes_context=True)
def rail(context: Context) -> list[registry.Inbox]:
    """{% rail as boxes %}: the officials' inboxes with their counts."""
    request = context.get("request")
    return registry.inboxes(request) if request is not None else []


@register.filter
def rupiah(amount: int | None) -> str:
    """150000 → Rp150.000"""
    return "" if amount is None else rules.rupiah(int(amount))


def _day(value: date | datetime | str | None) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if isinstance(value, str):
        return date.fromisoformat(value[:10]) if value else None
    return value


@register.filter
def date_id(value: date | datetime | str | None) -> str:
    """2026-11-24 → 24 November 2026 (in the language of the page)."""
    day = _day(value)
    return "" if day is None else rules.long_date(day, get_language() or "id")


@register.filter
def date_short(value: date | datetime | str | None) -> str:
    """2026-11-12 → 12 Nov"""
    day = _day(value)
    return "" if day is None else rules.short_date(day, get_language() or "id")


@register.filter
def datetime_id(value: datetime | None) -> str:
    """An aware time → 24 November 2026, 09.15 WIB"""
    if value is None:
        return ""
    at = timezone.localtime(value)
    return f"{rules.long_date(at.date(), get_language() or 'id')}, {rules.clock(at)}"


@register.filter
def due(value: date | datetime | str | None) -> str:
    """A due date → "2 hari kerja lagi", "jatuh tempo hari ini", "terlambat 1 hari kerja". Empty past the last
    loaded calendar."""
    day = _day(value)
    if day is None:
        return ""
    try:
        left = calendar.working_days().between(timezone.localdate(), day)
    except YearNotLoaded:
        return ""
    return rules.days_left(left, get_language() or "id")


@register.filter
def masked(number: str | None) -> str:
    """A NIK or KK number with only its ends readable."""
    return rules.masked(number or "")


@register.filter
def breakable(number: str) -> SafeString:
    """A letter's number that may break after a slash, and nowhere else if it can be helped."""
    return format_html_join(mark_safe("<wbr>"), "{}", ((p,) for p in re.findall(r"[^/]+/?|/", number or "")))


@register.filter
def phone(number: str | None) -> str:
    """+6284090000003 → 0840-9000-0003: as people here say it."""
    return rules.phone(number or "")


TEXTUAL = "govuk-input"


@register.simple_tag
def field_kind(field: BoundField) -> str:
    """Which markup a form field needs: radios, checkboxes, checkbox, select, textarea, file, input, hidden."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    for kind, classes in (
        ("checkboxes", (forms.CheckboxSelectMultiple,)),
        ("radios", (forms.RadioSelect,)),
        ("checkbox", (forms.CheckboxInput,)),
        ("select", (forms.Select,)),
        ("textarea", (forms.Textarea,)),
        ("file", (forms.FileInput,)),
    ):
        if isinstance(widget, classes):
            # ClearableFileInput, Select and RadioSelect inherit from one another: the order above decides.
            return kind
    return "input"


@register.simple_tag
def control(field: BoundField, kind: str) -> SafeString:
    """The form control itself with our classes and what a screen reader needs."""
    name = {"select": "govuk-select", "textarea": "govuk-textarea", "file": "govuk-file-upload"}.get(
        kind, TEXTUAL
    )
    attrs: dict[str, Any] = {"class": f"{field.field.widget.attrs.get('class', '')} {name}".strip()}
    described = []
    if field.help_text:
        described.append(f"{field.id_for_label}-hint")
    if field.errors:
        attrs["class"] += f" {name}--error"
        attrs["aria-invalid"] = "true"
        described.append(f"{field.id_for_label}-error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)


@register.filter
def page_window(page: Page) -> list[int | None]:
    """The numbers to offer around a page; None stands for a gap."""
    last, here = page.paginator.num_pages, page.number
    wanted = sorted({1, last, *range(max(1, here - 1), min(last, here + 1) + 1)})
    shown: list[int | None] = []
    for number in wanted:
        if shown and shown[-1] is not None and number > shown[-1] + 1:
            shown.append(None)
        shown.append(number)
    return shown


@register.filter
def words(text: str) -> list[str]:
    """ "x y width" → ["x", "y", "width"]"""
    return text.split()


@register.filter
def entry(mapping: Mapping[str, object], name: str) -> object:
    """The entry of a mapping by a name that is known only in the template; empty where there is none."""
    return mapping.get(name, "")


@register.filter
def unlocalized(number: float) -> str:
    """A number as scripts read it: 595.28, in every language."""
    return f"{number:.2f}"
