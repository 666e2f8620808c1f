#!/usr/bin/env python3
"""The web pages of a made-up camera:  camera_web.py PORT USER PASSWORD

    POST /login                 a form: 302 and a session, or 401
    POST /api/login             the same as JSON: 200 or 401
    POST /onvif/device_service  ONVIF's GetDeviceInformation with a UsernameToken, as text or as digest
    GET  /video.mjpg            a picture stream; ends after 10 pictures
    GET  /relay/0?turn=on       a light that anybody may switch, in the way of Shelly's first generation
and everything else 404. It serves whoever asks, and sends nothing by itself.
"""
import base64
import hashlib
import http.server
import json
import re
import sys
import time
import urllib.parse

PORT, USER, PASSWORD = int(sys.argv[1]), *sys.argv[2:]
# The smallest JPEG: one grey pixel.
PICTURE = bytes.fromhex(
    "ffd8ffdb004300" + "03" * 64 + "ffc0000b080001000101011100ffc40014000100000000000000000000000000000009"
    "ffc40014100100000000000000000000000000000000ffda0008010100003f0054dfffd9")
SOAP = ('<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>{}</s:Body></s:Envelope>')


def is_ours(user: str | None, password: str | None) -> bool:
    return (user, password) == (USER, PASSWORD)


def text_of(element: str, soap: str) -> str:
    found = re.search(rf"<(?:\w+:)?{element}\b[^>]*>([^<]*)<", soap)
    return found.group(1) if found else ""


def token_is_right(soap: str) -> bool:
    password = text_of("Password", soap)
    if "#PasswordDigest" in soap:  # Base64(SHA-1(nonce + created + password))
        seed = base64.b64decode(text_of("Nonce", soap)) + (text_of("Created", soap) + PASSWORD).encode()
        password = PASSWORD if base64.b64encode(hashlib.sha1(seed).digest()).decode() == password else ""
    return is_ours(text_of("Username", soap), password)


class Camera(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "HallCam/1.0"
    sys_version = ""

    def answer(self, status: int, body: str = "", kind: str = "text/html", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 65536)).decode(errors="replace")
        if self.path == "/login":
            form = dict(urllib.parse.parse_qsl(body))
            if is_ours(form.get("username"), form.get("password")):
                self.answer(302, Location="/live", Set_Cookie="session=1")
            else:
                self.answer(401, "<p>Wrong user name or password")
        elif self.path == "/api/login":
            asked = json.loads(body)
            right = is_ours(asked.get("username"), asked.get("password"))
            self.answer(200 if right else 401, json.dumps({"ok": right}), "application/json")
        elif self.path == "/onvif/device_service":
            if token_is_right(body):
                self.answer(200, SOAP.format("<GetDeviceInformationResponse><Manufacturer>Garden</Manufacturer>"
                                             "</GetDeviceInformationResponse>"), "application/soap+xml")
            else:
                self.answer(400, SOAP.format("<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized"
                                             "</s:Value></s:Subcode></s:Code></s:Fault>"), "application/soap+xml")
        else:
            self.answer(404)

    def do_GET(self) -> None:
        if self.path == "/video.mjpg":
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
            self.send_header("Connection", "close")
            self.end_headers()
            for _ in range(10):
                self.wfile.write(b"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(PICTURE), PICTURE))
                time.sleep(0.2)
            self.close_connection = True
        elif self.path.startswith("/relay/0"):
            self.answer(200, json.dumps({"ison": self.path.endswith("=on"), "has_timer": False}), "application/json")
        else:
            self.answer(404)


http.server.ThreadingHTTPServer(("", PORT), Camera).serve_forever()
