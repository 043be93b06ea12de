# Follows every link of the pages as the first administrator; run inside a town's own process (see test_town.py).
import html
import json
import re

from django.test import Client

from maehia.access.models import Account
from maehia.access.permissions import reading_accounts

client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
with reading_accounts():
    admin = Account.objects.get(login="admin")
    client.force_login(admin)
session = client.session
session["maehia_mfa"] = str(admin.pk)
session.save()

seen: dict[str, int] = {}
waiting = ["/", "/en/", "/staff/", "/health/ready"]
while waiting and len(seen) < 300:
    url = waiting.pop(0)
    if url in seen:
        continue
    response = client.get(url)
    seen[url] = response.status_code
    if response.status_code in {301, 302}:
        waiting.append(response["Location"].split("#")[0])
    elif response.get("Content-Type", "").startswith("text/html") and not response.streaming:
        for link in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', response.content.decode()):
            target = html.unescape(link).split("#")[0]
            if target.startswith("/") and not target.startswith(("//", "/static/", "/accounts/logout")):
                waiting.append(target)
print(json.dumps(seen))  # noqa: T201
