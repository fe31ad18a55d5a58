"""What can go wrong when somebody asks who may sign."""

from datetime import datetime


class NoSuchAgency(LookupError):
    """No agency has this code; carries the code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Tidak ada instansi dengan kode {code}.")
        self.code = code


class NoHead(LookupError):
    """Nobody heads this agency and nobody acts for its head; carries the agency's name and the time."""

    def __init__(self, agency: str, at: datetime) -> None:
        super().__init__(f"{agency} belum mempunyai pejabat. Terbitkan surat perintah Plt. lebih dahulu.")
        self.agency = agency
        self.at = at
