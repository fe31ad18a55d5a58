"""What stands in a message beyond doubt or close to it: numbers, an emergency, a wish for secrecy, the press, art. 35."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from satuklik.spine.intake.rules.reading import Reading, Terms

TICKET = re.compile(r"\b[A-Z]{2,5}-[0-9A-Z]{3,6}-[0-9A-Z]{3,6}\b", re.IGNORECASE)
NIK = re.compile(r"(?<!\d)\d(?:[ .-]?\d){15}(?!\d)")
LINK = re.compile(r"https?://|www\.|\bbit\.ly|\bt\.me/|\bwa\.me/", re.IGNORECASE)
SHOP = re.compile(
    r"\b(?:shopee|tokopedia|lazada|bukalapak|tiktok\s?shop|olshop|linktr\.ee|s\.id/|tinyurl|wa\.me/|t\.me/)",
    re.IGNORECASE,
)
CLOCK = re.compile(
    r"\b(?:jam|pukul|pkl)\.?\s*(\d{1,2})(?:[.:](\d{2}))?(?:\s*(wib|pagi|siang|sore|malam))?", re.IGNORECASE
)
OUTLET = re.compile(
    r"\b(?:wartawan|jurnalis|reporter|redaksi|kontributor|koresponden|dari\s+media(?:\s+online)?|media\s+online|dari\s+koran|"
    r"dari\s+harian)\s+(?:dari\s+)?((?:[A-Z0-9][\w.&']*)(?:\s+[A-Z0-9][\w.&']*){0,3})"
)
FEW_WORDS = 12  # a greeting is not longer
MOST_FOUND = 5


@dataclass(frozen=True)
class Signals:
    """The findings of the rules. Texts are the person's own words."""

    tickets: tuple[str, ...] = ()
    nik: bool = False
    emergency: str = ""
    """The words that speak of one; "" where there is none."""
    secret: str = ""
    corruption: str = ""
    press: int = 0
    """0 none, 1 perhaps, 2 surely."""
    outlet: str = ""
    clock: tuple[int, int] | None = None
    """The hour that a deadline names."""
    objection: int = 0
    """0 none, 1 perhaps, 2 surely."""
    grounds: tuple[str, ...] = ()
    """Letters of UU 14/2008 ps. 35(1) that the words fit."""
    greeting: bool = False
    """Nothing but a greeting or thanks."""
    spam: int = 0

    def pseudo_words(self) -> list[str]:
        """The findings as words for the classifier; no person writes "§"."""
        named = {
            "ticket": bool(self.tickets), "emergency": self.emergency, "secret": self.secret, "spam": self.spam,
            "corruption": self.corruption, "greeting": self.greeting, "outlet": self.outlet,
        }  # fmt: skip
        found = [f"§{name}" for name, there in named.items() if there]
        return (
            found
            + [f"§press{self.press}"] * (self.press > 0)
            + [f"§objection{self.objection}"] * (self.objection > 0)
        )


class Watch:
    """The rules with their tables, compiled once."""

    def __init__(self, tables: Mapping[str, Any], slang: Mapping[str, str]) -> None:
        def terms(group: str, *names: str) -> Terms:
            return Terms(((term, name) for name in names for term in tables[group][name]), slang)

        self._emergency = terms("emergency", "strong", "weak", "haste", "not_beside")
        self._secret = terms("secret", "wish", "corruption", "money")
        self._press = terms("press", "who", "what", "when")
        self._objection = terms("objection", "strong", "word", "beside")
        self._grounds = Terms(
            ((term, letter) for letter, found in tables["objection"]["grounds"].items() for term in found),
            slang,
        )
        self._light = Terms(
            ((term, name) for name in ("thanks", "greeting") for term in tables[name]["terms"]), slang
        )
        self._spam = terms("spam", "strong", "weak", "loan", "game", "prize", "goods", "job", "victim")

    def look(self, reading: Reading) -> Signals:
        """All findings of one message."""
        found = Signals(
            tickets=tuple(dict.fromkeys(match.upper() for match in TICKET.findall(reading.clean)))[
                :MOST_FOUND
            ],
            nik=NIK.search(reading.clean) is not None,
            emergency=self._emergency_in(reading),
            greeting=self._only_light(reading),
        )
        found = self._secrets(reading, found)
        found = self._objections(reading, found)
        return self._spams(reading, self._presses(reading, found))

    def _emergency_in(self, reading: Reading) -> str:
        groups = _groups(self._emergency, reading)
        if "strong" in groups:
            return groups["strong"][0]
        if "weak" in groups and "not_beside" not in groups and ("haste" in groups or "!" in reading.clean):
            return groups["weak"][0]
        return ""

    def _secrets(self, reading: Reading, found: Signals) -> Signals:
        groups = _groups(self._secret, reading)
        corrupt = groups.get("corruption", [])
        # "dipotong" alone is a tree; "bantuan dipotong" is not.
        certain = [term for term in corrupt if term not in _NEEDS_MONEY]
        if not certain and "money" in groups:
            certain = corrupt
        return replace(found, secret=_first(groups.get("wish")), corruption=_first(certain))

    def _presses(self, reading: Reading, found: Signals) -> Signals:
        groups = _groups(self._press, reading)
        outlet = OUTLET.search(reading.clean)
        clock = CLOCK.search(reading.clean)
        certain = "who" in groups and ("what" in groups or "when" in groups or outlet is not None)
        certain = certain or (len(set(groups.get("what", ()))) > 1 and "when" in groups)
        perhaps = "who" in groups or ("what" in groups and "when" in groups)
        return replace(
            found, press=2 if certain else 1 if perhaps else 0,
            outlet=outlet[1].strip()[:80] if outlet and perhaps else "",
            clock=_hour(clock) if clock and perhaps else None,
        )  # fmt: skip

    def _objections(self, reading: Reading, found: Signals) -> Signals:
        groups = _groups(self._objection, reading, exactly=True)
        certain = "strong" in groups or ("word" in groups and "beside" in groups)
        if not certain and "word" not in groups:
            return found
        letters = sorted(
            {letter for _, meanings in self._grounds.find(reading, exactly=True) for letter in meanings}
        )
        return replace(found, objection=2 if certain else 1, grounds=tuple(letters) if certain else ())

    def _only_light(self, reading: Reading) -> bool:
        if not reading.tokens:
            return True
        if len(reading.tokens) > FEW_WORDS:
            return False
        masked = self._light.masked(reading, "")
        left = [token for token in masked.tokens if token and not token.isdigit() and token not in _FILLING]
        return len(left) == 0

    def _spams(self, reading: Reading, found: Signals) -> Signals:
        """Advertising is an offer beside a way to take it. Whoever complains of it names the offer too: words of a
        victim or a reporter beside it make it none."""
        groups = _groups(self._spam, reading)
        if "victim" in groups:
            return found
        shop = SHOP.search(reading.clean) is not None
        offer = len(
            {term for name in ("loan", "game", "prize", "goods", "job") for term in groups.get(name, ())}
        )
        weak = len(set(groups.get("weak", ()))) + (LINK.search(reading.clean) is not None or shop)
        likely = weak >= 3 or (offer and (weak or offer > 1)) or (shop and weak > 1)
        return replace(found, spam=2 if "strong" in groups else 1 if likely else 0)


# Words that mean theft only where money is spoken of.
_NEEDS_MONEY = {"dipotong", "dipotongi", "setoran", "calo", "fiktif", "disunat", "dimintai", "minta uang"}
_FILLING = {"ya", "yah", "dulu", "semua", "kami", "saya", "atas", "bantuan", "nya", "sekali", "banyak", "sangat", "min", "bantuannya", "responnya", "infonya", "informasi", "sama", "mau", "tanya", "boleh", "numpang", "a", "wa", "juga", "untuk", "di", "sini", "selamat", "wassalam", "dan", "jawabannya", "penjelasannya", "cepat", "respon", "kabupaten", "asahan", "diskominfo", "pemerintah"}  # fmt: skip


def moment(clock: tuple[int, int], received_at: datetime) -> datetime:
    """The next time that the clock shows this hour after `received_at` (in its zone): a journalist's deadline."""
    day = received_at.date()
    if time(*clock) <= received_at.timetz().replace(tzinfo=None):
        day += timedelta(days=1)
    return datetime.combine(day, time(*clock), tzinfo=received_at.tzinfo)


def without_numbers(text: str) -> str:
    """The text with identity numbers blacked out, for lists and reasons."""
    return NIK.sub("••••••••••••••••", text)


def _groups(terms: Terms, reading: Reading, *, exactly: bool = False) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for words, meanings in terms.find(reading, exactly=exactly):
        for meaning in meanings:
            found.setdefault(meaning, []).append(" ".join(words))
    return found


def _hour(match: re.Match[str]) -> tuple[int, int] | None:
    hour, minute = int(match[1]), int(match[2] or 0)
    if (match[3] or "").lower() in ("sore", "malam", "siang") and 1 <= hour <= 11:
        hour += 12
    return (hour, minute) if hour < 24 and minute < 60 else None


def _first(found: Sequence[str] | Iterable[str] | None) -> str:
    return next(iter(found or ()), "")
