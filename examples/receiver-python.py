"""Receives alerts with nothing but Python's standard library.

WEBHOOK_SECRET=whsec_... PORT=9000 python3 examples/receiver-python.py, and in subscribers.yaml
`url: http://127.0.0.1:9000/alerts` (with 127.0.0.0/8 in `egress.allow` and 9000 in `egress.ports`).
"""

import base64
import collections
import hashlib
import hmac
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
TOLERANCE_SEC = 300
MAX_BODY_BYTES = 65_536
seen = collections.OrderedDict()


def verifies(headers, body):
    """Standard Webhooks 1.0: HMAC-SHA256 over id.timestamp.body; one valid signature of several is enough."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_SEC:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest())
    given = [part.partition(",") for part in headers.get("webhook-signature", "").split(" ")]
    return any(version == "v1" and hmac.compare_digest(value.encode(), expected) for version, _, value in given)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self):
        length = int(self.headers.get("content-length", "0"))
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            return self.answer(413)
        body = self.rfile.read(length)
        if self.path != "/alerts":
            return self.answer(404)
        if not verifies(self.headers, body):
            return self.answer(401)
        # At least once: the same id may come again.
        message_id = self.headers["webhook-id"]
        if message_id not in seen:
            seen[message_id] = True
            if len(seen) > 10_000:
                seen.popitem(last=False)
            print(body.decode(), flush=True)
        return self.answer(204)

    def answer(self, status):
        self.send_response(status)
        if status != 204:
            self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver)
    server.daemon_threads = True
    print(f"listening on http://127.0.0.1:{server.server_port}/alerts", file=sys.stderr, flush=True)
    server.serve_forever()
