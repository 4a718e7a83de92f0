"""Entry point of the web server; refuses to serve with a login that could lift the wall."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twin.settings")
application = get_wsgi_application()

from django.db import connection  # noqa: E402 - needs the loaded settings

from tenants.rls import refuse_weak_login  # noqa: E402

refuse_weak_login()
connection.close()
