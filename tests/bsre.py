"""A stand-in for the eSign client of BSrE (API v2): a real HTTP server that really signs, with its real failures.

It signs with pyHanko, so nothing of ours checks itself. Its shapes are those that clients of version 2.2 report.
"""

import base64
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

USER, PASSWORD = "esign", "kata-sandi-layanan"
FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass
class Holder:
    """Somebody at BSrE."""

    status: str = "ISSUE"
    passphrase: str = ""
    certificate: x509.Certificate | None = None
    key: Key | None = None
    totp: str = ""


@dataclass
class FakeBsre:
    """The service. `mood` is how it answers the next signature: ok, silent, reset, gateway, page, other_file,
    unsigned, twice, cut, busy. `ahead`: by how much its clock is wrong."""

    holders: dict[str, Holder] = field(default_factory=dict)
    mood: str = "ok"
    ahead: timedelta = timedelta()
    asked: list[str] = field(default_factory=list)
    signed: int = 0
    seal_codes: set[str] = field(default_factory=set)
    activation: str = "aktivasi-1"
    activation_life: timedelta = timedelta(hours=2)
    server: ThreadingHTTPServer | None = None
    patience: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = _certificate("Root CA Contoh BSrE", self.root_key, None, None, authority=True)
        tsa_key = rsa.generate_private_key(65537, 2048)  # the stamper knows RSA only
        self.tsa_key, self.tsa = (
            tsa_key,
            _certificate("TSA Contoh", tsa_key, self.root, self.root_key, tsa=True),
        )

    @property
    def url(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def enrol(
        self, identity: str, name: str, passphrase: str = "", *, rsa_key: bool = False, **more: Any
    ) -> Holder:
        """Somebody with a certificate."""
        key: Key = (
            rsa.generate_private_key(65537, 2048) if rsa_key else ec.generate_private_key(ec.SECP256R1())
        )
        made = _certificate(name, key, self.root, self.root_key)
        self.holders[identity] = Holder(passphrase=passphrase, certificate=made, key=key, **more)
        return self.holders[identity]

    def start(self) -> None:
        """Listen on a free port."""
        handler = type("Handler", (_Handler,), {"fake": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End, and let nobody wait."""
        self.patience.set()
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()

    def sign(self, pdf: bytes, holder: Holder, looks: dict[str, Any]) -> bytes:
        """One more signature with a timestamp (B-T), as the real one gives. Raises PdfError for what is no PDF."""
        assert holder.certificate is not None
        assert holder.key is not None
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        store = SimpleCertificateStore()
        store.register(_asn1(self.root))
        stamper = DummyTimeStamper(
            _asn1(self.tsa),
            _asn1_key(self.tsa_key),
            certs_to_embed=store,
            fixed_dt=datetime.now(UTC) + self.ahead,
        )
        name = f"bcs_ecs_{time.time_ns()}"
        visible = looks.get("tampilan") == "VISIBLE"
        signer = PdfSigner(
            PdfSignatureMetadata(
                field_name=name, reason=looks.get("reason"), subfilter=SigSeedSubFilter.PADES
            ),
            SimpleSigner(_asn1(holder.certificate), _asn1_key(holder.key), store),
            timestamper=stamper,
            new_field_spec=_field(writer, name, looks) if visible else None,
            stamp_style=_style(looks) if visible else None,
        )
        out = signer.sign_pdf(writer)
        self.signed += 1
        return bytes(out.getbuffer())


def _field(writer: IncrementalPdfFileWriter, name: str, looks: dict[str, Any]) -> SigFieldSpec:
    """The rectangle, counted from the upper left corner as its properties are."""
    page = int(looks["page"]) - 1
    height = float(writer.prev.root["/Pages"]["/Kids"][page]["/MediaBox"][3])
    left, top = float(looks["originX"]), height - float(looks["originY"])
    box = (left, top - float(looks["height"]), left + float(looks["width"]), top)
    return SigFieldSpec(name, on_page=page, box=tuple(round(side) for side in box))


def _style(looks: dict[str, Any]) -> TextStampStyle:
    picture = Image.open(io.BytesIO(base64.b64decode(looks["imageBase64"])))
    return TextStampStyle(stamp_text=" ", background=PdfImage(picture), background_opacity=1, border_width=0)


class _Handler(BaseHTTPRequestHandler):
    fake: FakeBsre

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(datetime.now(UTC) + self.fake.ahead, usegmt=True)

    def do_GET(self) -> None:
        self._route({})

    def do_POST(self) -> None:
        self._route(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _route(self, body: dict[str, Any]) -> None:
        self.fake.asked.append(self.path)
        expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            return self._say(
                401,
                {
                    "timestamp": "2026-11-24T03:00:00.000+00:00",
                    "status": 401,
                    "error": "Unauthorized",
                    "path": self.path,
                },
            )
        path = self.path.removeprefix("/api/v2/")
        if path.startswith("user/certificate/chain/"):
            return self._chain(path.rpartition("/")[2])
        answer = {
            "user/check/status": self._status,
            "sign/get/totp": self._sign_totp,
            "sign/pdf": self._sign,
            "verify/pdf": self._verify,
            "seal/get/activation": self._activation,
            "seal/revoke/activation": self._activation,
            "seal/get/totp": self._seal_totp,
            "seal/pdf": self._seal,
        }.get(path)
        return (
            answer(body)
            if answer
            else self._say(404, {"status": 404, "error": "Not Found", "path": self.path})
        )

    def _holder(self, body: dict[str, Any]) -> Holder | None:
        return self.fake.holders.get(body.get("nik") or body.get("email") or "")

    def _status(self, body: dict[str, Any]) -> None:
        holder = self._holder(body)
        if holder is None:
            return self._say(
                200, {"status_code": 2011, "message": "User tidak terdaftar", "status": "NOT_REGISTERED"}
            )
        code = {"ISSUE": 1111, "NO_CERTIFICATE": 2021}.get(holder.status, 2022)
        return self._say(200, {"status_code": code, "message": "Status pengguna", "status": holder.status})

    def _chain(self, identity: str) -> None:
        holder = self.fake.holders.get(identity)
        if holder is None or holder.certificate is None:
            self.send_response(400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b"Sertifikat tidak ditemukan")
            return
        chain = [holder.certificate, self.fake.root]
        data = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in chain]
        self._say(200, {"success": True, "message": None, "data": data})

    def _sign_totp(self, body: dict[str, Any]) -> None:
        holder = self._holder(body)
        if holder is None:
            return self._say(400, {"error": "User tidak terdaftar", "status_code": 2011})
        holder.totp = "123456"
        return self._say(200, {"success": True, "message": "TOTP dibuat melalui BeSign Mobile", "data": None})

    def _sign(self, body: dict[str, Any]) -> None:
        holder = self._holder(body)
        if holder is None:
            return self._say(400, {"error": "User tidak terdaftar", "status_code": 2011})
        if holder.status != "ISSUE":
            return self._say(400, {"error": "Sertifikat belum aktif", "status_code": 2021})
        right = (
            body.get("totp") == holder.totp if "totp" in body else body.get("passphrase") == holder.passphrase
        )
        if not right:
            return self._say(400, {"error": "Passphrase anda salah !!!", "status_code": 2031})
        return self._close(body, holder)

    def _seal(self, body: dict[str, Any]) -> None:
        if body.get("totp") not in self.fake.seal_codes:
            return self._say(400, {"error": "TOTP salah", "status_code": 2031})
        self.fake.seal_codes.discard(body["totp"])  # good for one sealing
        return self._close(body, self.fake.holders[body["idSubscriber"]])

    def _close(self, body: dict[str, Any], holder: Holder) -> None:
        mood = self.fake.mood
        if mood == "busy":
            return self._say(503, {"status": 503, "error": "Service Unavailable"})
        if mood == "gateway":
            return self._say(504, {"status": 504, "error": "Gateway Timeout"})
        looks = body["signatureProperties"][0]
        pdf = base64.b64decode(body["file"][0])
        try:
            signed = self.fake.sign(pdf, holder, looks)
        except (PdfError, ValueError, AssertionError, KeyError):
            return self._say(
                500,
                {
                    "timestamp": "2026-11-24T03:00:00.000+00:00",
                    "status": 500,
                    "error": "Internal Server Error",
                },
            )
        if mood == "silent":
            self.fake.patience.wait(20)
            return None
        if mood == "reset":
            # RST instead of a farewell: as when a firewall drops the connection after the signature was made.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.connection.close()
            return None
        if mood == "page":
            return self._raw(200, b"<html>Portal</html>", "text/html")
        if mood == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b'{"time": 862, "file": ["JVBE')
            self.close_connection = True
            return None
        if mood == "unsigned":
            signed = pdf
        if mood == "other_file":
            signed = self.fake.sign(pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1), holder, looks)
        if mood == "twice":
            signed = self.fake.sign(signed, holder, looks)
        if mood == "flipped":
            place = len(pdf) + 40
            signed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
        return self._say(200, {"time": 862, "file": [base64.b64encode(signed).decode()]})

    def _verify(self, body: dict[str, Any]) -> None:
        try:
            found = PdfFileReader(io.BytesIO(base64.b64decode(body["file"]))).embedded_signatures
        except PdfError:
            return self._say(500, {"status": 500, "error": "Internal Server Error"})
        told = [
            {
                "id": "S-1", "signatureFormat": "PAdES-BASELINE-T", "fieldName": str(one.field_name),
                "signerName": one.signer_cert.subject.native["common_name"], "reason": None, "location": None,
                "signatureDate": datetime.now(UTC).isoformat(), "certLevelCode": 0, "signatureAlgorithm": None,
                "digestAlgorithm": None, "integrityValid": True, "certificateTrusted": True, "lastSignature": False,
                "ltv": False, "certificateDetails": [],
                "timestampInfomation": {
                    "id": "T-1", "signerName": "TSA Contoh", "timestampDate": datetime.now(UTC).isoformat(),
                },
            }
            for one in found
        ]  # fmt: skip
        return self._say(
            200,
            {
                "conclusion": "VALID" if told else "NO_SIGNATURE",
                "description": "Dokumen valid" if told else "Dokumen tidak memiliki tanda tangan",
                "signatureCount": len(told),
                "signatureInformations": told,
            },
        )

    def _activation(self, body: dict[str, Any]) -> None:
        fake = self.fake
        if "totp" not in body:
            return self._say(200, {"success": True, "message": "TOTP dikirim ke surel", "data": None})
        if body["totp"] != fake.activation:
            return self._say(200, {"success": False, "message": "TOTP salah", "data": None})
        number = int(fake.activation.rpartition("-")[2]) + 1
        fake.activation = f"aktivasi-{number}"
        expires = datetime.now(UTC) + fake.activation_life
        said = {
            "message": "OK",
            "totp": fake.activation,
            "expires": expires.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        }
        return self._say(200, {"success": True, "message": None, "data": said | {"result": True}})

    def _seal_totp(self, body: dict[str, Any]) -> None:
        if body.get("totp") != self.fake.activation:
            return self._say(
                200, {"message": "TOTP aktivasi salah", "totp": None, "expires": None, "result": False}
            )
        code = f"segel-{time.time_ns()}"
        self.fake.seal_codes.add(code)
        return self._say(
            200, {"message": "OK", "totp": code, "expires": "2026-11-24T04:00:00.000+0000", "result": True}
        )

    def _say(self, status: int, said: dict[str, Any]) -> None:
        self._raw(status, json.dumps(said).encode(), "application/json")

    def _raw(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _certificate(
    name: str, key: Key, issuer: x509.Certificate | None, issuer_key: Key | None, *, authority: bool = False,
    tsa: bool = False,
) -> x509.Certificate:  # fmt: skip
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Contoh untuk pengujian"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority, content_commitment=not authority and not tsa, key_encipherment=False,
                data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
                encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
    )  # fmt: skip
    if tsa:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return builder.sign(issuer_key or key, hashes.SHA256())


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _asn1_key(key: Key) -> asn1_keys.PrivateKeyInfo:
    return asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


@pytest.fixture(scope="module")
def running() -> Iterator[FakeBsre]:
    """The service, started once for a file of tests."""
    fake = FakeBsre()
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture
def esign(running: FakeBsre, settings: Any, tmp_path: Path) -> FakeBsre:
    """The service in a good mood, which everything signs through; its root is accredited here."""
    from satuklik.spine.signing.backends.registry import CHOICES
    from satuklik.spine.signing.keys import SEALS

    running.holders.clear()
    running.asked.clear()
    running.mood, running.ahead, running.signed = "ok", timedelta(), 0
    running.activation, running.activation_life = "aktivasi-1", timedelta(hours=2)
    settings.SATUKLIK_SIGNING_BACKEND = "bsre"
    settings.SATUKLIK_BSRE_URL = running.url
    settings.SATUKLIK_BSRE_USER, settings.SATUKLIK_BSRE_PASSWORD = USER, PASSWORD
    settings.SATUKLIK_BSRE_TIMEOUT = 20.0
    certified = tmp_path / "trust" / "certified"
    certified.mkdir(parents=True)
    (certified / "bsre.cer").write_bytes(running.root.public_bytes(Encoding.DER))
    settings.SATUKLIK_TRUST = str(tmp_path / "trust")
    SEALS._seals.clear()
    CHOICES.forget()
    return running
