"""The password hasher: Argon2id with the parameters for small servers."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class SmallArgon2(Argon2PasswordHasher):
    """19 MiB, two passes, one lane (OWASP's recommendation): Django's 100 MiB a login is too much here."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
