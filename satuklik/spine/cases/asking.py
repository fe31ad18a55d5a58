"""The questions of a service as form fields: the same for the portal and the counter."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from satuklik.base.ui.questions import Asked, Option
from satuklik.spine.cases import words
from satuklik.spine.cases.queries import AskedQuestion

CONTROLS = {"integer": "number", "money": "number"}
BOOLEANS = (("true", _("Ya")), ("false", _("Tidak")))


def asked(
    questions: Iterable[AskedQuestion],
    language: str,
    errors: Mapping[str, str],
    chosen: Collection[str] = (),
) -> list[Asked]:
    """The questions that are asked now, with what was typed and what is wrong with it. `chosen`: for which of
    them a file came along that is now lost."""
    return [
        _asked(one, language, errors, chosen) for one in questions if one.shown or errors.get(one.question.id)
    ]


def _asked(one: AskedQuestion, language: str, errors: Mapping[str, str], chosen: Collection[str]) -> Asked:
    question, value = one.question, one.value
    typed = "" if value is None else str(value)
    options: tuple[Option, ...] = ()
    if question.type == "choice":
        options = tuple(
            Option(c.value, c.label.in_language(language), c.value == typed) for c in question.choices
        )
    elif question.type == "boolean":
        options = tuple(Option(v, str(label), typed.lower() == v) for v, label in BOOLEANS)
    error = errors.get(question.id, "")
    if not error and one.error is not None:
        error = words.of_answer(one.error, question)
    is_file = question.type == "file"
    again = is_file and question.id in chosen
    return Asked(
        name=question.id,
        control=CONTROLS.get(question.type, question.type),
        label=question.label.in_language(language),
        help=question.help.in_language(language) if question.help else "",
        required=question.required,
        value="" if is_file else typed,
        error=error,
        options=options,
        longest=question.max if question.type in ("text", "long_text") else None,
        accept=",".join(f".{kind}" for kind in question.accept),
        kept=typed if is_file and not again else "",
        again=again and not error,
    )
