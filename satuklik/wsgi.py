"""The WSGI entry for granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "satuklik.settings")
application = get_wsgi_application()

from satuklik.kernel import secrecy  # noqa: E402
from satuklik.run.warm import warm_up  # noqa: E402 - needs Django to be set up

secrecy.forbid_dumps()  # passphrases are typed into this process
warm_up(application)
