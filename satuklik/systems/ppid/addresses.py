"""Where the pages of requests and objections are."""

from django.urls import reverse

from satuklik.systems.ppid.models import InformationRequest, Letter, Objection


def tracking(matter: InformationRequest | Objection) -> str:
    """The page on which the applicant follows the matter, with its key."""
    name = "ppid:track" if isinstance(matter, InformationRequest) else "ppid:objection-track"
    return reverse(name, args=[matter.reference, matter.key])


def desk(matter: InformationRequest | Objection) -> str:
    """The page at the desk."""
    name = "ppid:request" if isinstance(matter, InformationRequest) else "ppid:objection"
    return reverse(name, args=[matter.reference])


def letter(letter: Letter) -> str:
    """The page on which a letter is read and signed."""
    return reverse("ppid:letter", args=[letter.reference])


def letter_picture(letter: Letter) -> str:
    """A PNG of the letter's first page."""
    return reverse("ppid:letter-picture", args=[letter.reference])
