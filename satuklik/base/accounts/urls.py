"""The addresses of login and account. Names that allauth looks up keep allauth's spelling."""

from django.urls import path

from satuklik.base.accounts.views import account, entry, factor, keys, password

urlpatterns = [
    path("masuk/", entry.login, name="account_login"),
    path("masuk/kode/", entry.code, name="account_code"),
    path("masuk/petugas/", entry.official_login, name="official_login"),
    path("masuk/kata-sandi-baru/", password.new_password, name="new_password"),
    path("masuk/faktor-kedua/", factor.authenticate, name="mfa_authenticate"),
    path("masuk/faktor-kedua/atur/", factor.enrol, name="mfa_enrol"),
    path("masuk/passkey/", factor.passkey_login, name="mfa_login_webauthn"),
    path("masuk/persona/", entry.persona_login, name="persona_login"),
    path("keluar/", entry.logout, name="account_logout"),
    path("bahasa/", entry.language, name="language"),
    path("akun/", account.account, name="account"),
    path("akun/passkey/tambah/", keys.add_passkey, name="mfa_add_webauthn"),
    path("akun/autentikator/tambah/", keys.add_totp, name="mfa_activate_totp"),
    path("akun/kunci/<int:key_id>/hapus/", keys.remove_key, name="remove_key"),
    path("akun/kode-pemulihan/", keys.recovery_codes, name="mfa_view_recovery_codes"),
    path("akun/kode-pemulihan/baru/", keys.renew_recovery_codes, name="mfa_generate_recovery_codes"),
    path("akun/token/", account.create_token, name="create_token"),
    path("akun/token/<int:token_id>/cabut/", account.revoke_token, name="revoke_token"),
    path("akun/sesi/akhiri/", account.end_other_sessions, name="end_other_sessions"),
]
