"""What can go wrong at the inbox, with the evidence."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from satuklik.spine.intake.models import Outcome
    from satuklik.spine.messaging.models import Message


class IntakeError(Exception):
    """Something an officer can mend; its text is a sentence for him."""


class AnsweredMeanwhile(IntakeError):
    """Another officer wrote to the person since the page was opened; carries what was written."""

    def __init__(self, answers: "list[Message]") -> None:
        who = answers[-1].by.name if answers[-1].by else ""
        super().__init__(
            _("%(name)s baru saja membalas orang ini. Baca balasannya, lalu kirim lagi bila masih perlu.")
            % {"name": who}
        )
        self.answers = answers


class AlreadyMade(IntakeError):
    """These messages have become an object of this kind already."""

    def __init__(self, outcome: "Outcome") -> None:
        super().__init__(_("Pesan ini sudah dijadikan %(reference)s.") % {"reference": outcome.reference})
        self.outcome = outcome


class NothingChosen(IntakeError):
    """No message was chosen, or one of another conversation."""

    def __init__(self) -> None:
        super().__init__(_("Pilih paling sedikit satu pesan dari orang ini."))


class UnknownKind(IntakeError):
    """Nobody makes objects of this kind here."""

    def __init__(self, kind: str) -> None:
        super().__init__(_("Jenis itu tidak tersedia. Pilih jenis lain."))
        self.kind = kind


class NotCreated(IntakeError):
    """The system behind the kind could not make the object; its own sentence says why."""


class NotTheQuestion(IntakeError):
    """This question waits no longer, another waits beside it, or the message is older than the question."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Pertanyaan itu tidak menunggu jawaban lagi, atau ada yang lain. Catat di halaman permintaannya."
            )
        )


class EmptyText(IntakeError):
    """There is nothing in the text."""

    def __init__(self) -> None:
        super().__init__(_("Tulis isinya dahulu."))


class ReasonNeeded(IntakeError):
    """An identity is uncovered only for a reason."""

    def __init__(self) -> None:
        super().__init__(_("Tulis alasan membuka identitas, paling sedikit 20 huruf."))


class MayNotUncover(IntakeError):
    """This official has no right to open who a secret person is."""

    def __init__(self) -> None:
        super().__init__(
            _("Anda tidak berwenang membuka identitas. Minta kepada pejabat yang ditunjuk untuk itu.")
        )


class NotTogether(IntakeError):
    """Two conversations cannot become one, or one cannot be parted."""
