"""The WSGI entry for granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "satuklik.settings")
application = get_wsgi_application()

# After Django is set up: the first letter of this process is then as quick as the next.
from satuklik.spine.documents.actions import warm_up  # noqa: E402

warm_up()
