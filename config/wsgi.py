"""The entry of the web server, which does not start on a setting that must not be so."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config.checks import refuse_to_start_on_errors  # noqa: E402  # settings come first

refuse_to_start_on_errors()
