"""The ASGI application that uvicorn serves."""

import os
import warnings

from django.core.asgi import get_asgi_application

from maehia.web.body_limit import BodyLimit
from maehia.web.prerendered import Prerendered

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maehia.settings")
# Files of static/ and downloads are short and read in a thread: nothing that an administrator could act on.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
# A file of intake may have 200 MB and a form around it; nothing else brings more than a form.
FILES = {"/staff/intake/deliver/": 210 * 2**20, "/staff/intake/deliver/day/": 210 * 2**20}
_django = BodyLimit(get_asgi_application(), 6 * 2**20, FILES)
# Alerts and their feeds are files: they come out although the database is down.
application = Prerendered(_django)
