"""Servers for tests/outlets/run: HTTPS and SMTP on this machine, with certificates of their own, well-behaved or hostile."""
import base64
import contextlib
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Keys:
    """An authority, and certificates: for localhost ("good"), for another name ("other"), by nobody we know ("stranger"), and one to
    show to servers ("client")."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="linnet-keys-"))
        self.authority = str(self.folder / "authority.pem")
        self._make("authority", "Test authority", None)
        self._make("nobody", "Nobody", None)
        self._make("good", "localhost", "authority")
        self._make("other", "elsewhere.example", "authority")
        self._make("stranger", "localhost", "nobody")
        self._make("client", "linnet", "authority", "clientAuth")
        return self

    def __exit__(self, *problem) -> None:
        shutil.rmtree(self.folder)

    def _openssl(self, *words) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

    def _make(self, file: str, name: str, by: str | None, usage: str = "serverAuth") -> None:
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{file}.key", "-subj", f"/CN={name}"]
        if by is None:
            self._openssl("req", "-x509", "-days", "2", *key, "-out", f"{file}.pem")
            return
        (self.folder / f"{file}.ext").write_text(f"subjectAltName=DNS:{name}\nextendedKeyUsage={usage}\n")
        self._openssl("req", "-new", *key, "-out", f"{file}.csr")
        self._openssl("x509", "-req", "-in", f"{file}.csr", "-CA", f"{by}.pem", "-CAkey", f"{by}.key", "-CAcreateserial", "-days", "2",
                      "-extfile", f"{file}.ext", "-out", f"{file}.pem")

    def context(self, certificate: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{certificate}.pem", self.folder / f"{certificate}.key")
        return context


class Server:
    """Listens on 127.0.0.1; serve() is called in a thread for each connection."""

    def __init__(self, keys: Keys, certificate: str = "good", behaviour: str = "good", port: int = 0) -> None:
        self.context, self.behaviour = keys.context(certificate), behaviour
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.stopping = threading.Event()
        self.connections: set = set()

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *problem) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.close()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection: socket.socket) -> None:
        self.connections.add(connection)
        with contextlib.suppress(OSError, ssl.SSLError, ValueError, IndexError):
            self.serve(connection)
        self.connections.discard(connection)
        with contextlib.suppress(OSError):
            connection.close()

    def serve(self, connection: socket.socket) -> None:
        raise NotImplementedError


class Request:
    def __init__(self, raw: bytes) -> None:
        self.at, self.raw = time.monotonic(), raw
        head, self.body = raw.split(b"\r\n\r\n", 1)
        first, *lines = head.decode().split("\r\n")
        self.path = first.split(" ")[1]
        self.headers = dict(line.split(": ", 1) for line in lines)
        self.json = json.loads(self.body)


class Web(Server):
    def __init__(self, keys: Keys, **more) -> None:
        super().__init__(keys, **more)
        self.requests: list[Request] = []
        self.sent = 0

    def at(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def serve(self, connection: socket.socket) -> None:
        with self.context.wrap_socket(connection, server_side=True) as stream:
            self.connections.add(stream)
            raw = b""
            while b"\r\n\r\n" not in raw:
                raw += self._read(stream)
            length = next(int(line[15:]) for line in raw.split(b"\r\n") if line.lower().startswith(b"content-length:"))
            while len(raw) < raw.index(b"\r\n\r\n") + 4 + length:
                raw += self._read(stream)
            self.requests.append(Request(raw))
            self._answer(stream)

    @staticmethod
    def _read(stream: ssl.SSLSocket) -> bytes:
        some = stream.recv(65536)
        if not some:
            raise OSError
        return some

    def _answer(self, stream: ssl.SSLSocket) -> None:
        plain = {"good": "200 OK", "error": "500 Internal Server Error", "login": "401 Unauthorized", "odd": "400 Bad Request",
                 "redirect": "307 Temporary Redirect\r\nLocation: /elsewhere", "busy": "429 Too Many Requests\r\nRetry-After: 3"}
        if self.behaviour in plain:
            stream.sendall(f"HTTP/1.1 {plain[self.behaviour]}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".encode())
        elif self.behaviour == "garbage":
            stream.sendall(b"\x00\xff" * 2000)
        elif self.behaviour == "silent":
            self.stopping.wait(60)
        elif self.behaviour == "headers":
            stream.sendall(b"HTTP/1.1 200 OK\r\n")
            while not self.stopping.is_set():
                stream.sendall(b"X-More: " + b"x" * 8000 + b"\r\n")
        else:
            stream.sendall(b"HTTP/1.1 500 Oh\r\n\r\n" if self.behaviour == "endless" else b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while not self.stopping.is_set():
                self.sent += stream.send(b"x" * (65536 if self.behaviour == "endless" else 1))
                if self.behaviour == "slow":
                    self.stopping.wait(0.5)


class Letter:
    def __init__(self, login, encrypted: bool, to: list[str], data: bytes) -> None:
        self.at, self.login, self.encrypted, self.to, self.data = time.monotonic(), login, encrypted, to, data


class Mail(Server):
    """SMTP submission (RFC 6409), encrypted from the first byte or by STARTTLS, with AUTH PLAIN."""

    def __init__(self, keys: Keys, starttls: bool = False, **more) -> None:
        super().__init__(keys, **more)
        self.starttls = starttls
        self.letters: list[Letter] = []
        self.heard = b""

    def serve(self, connection: socket.socket) -> None:
        stream = connection if self.starttls else self.context.wrap_socket(connection, server_side=True)
        encrypted, login, to = not self.starttls, None, []
        self.connections.add(stream)
        reader = stream.makefile("rb")

        def say(text: str) -> None:
            stream.sendall(text.encode() + b"\r\n")

        say("220 mail.example.org ESMTP")
        while line := reader.readline(4096):
            self.heard += line
            word = line.split()[0].upper().decode()
            if word == "EHLO":
                offer = "250 AUTH PLAIN" if encrypted else "250 STARTTLS" if self.behaviour != "no-starttls" else "250 HELP"
                say("250-mail.example.org\r\n250-8BITMIME\r\n" + offer)
            elif word == "STARTTLS" and not encrypted:
                say("220 go on")
                stream = self.context.wrap_socket(stream, server_side=True)
                self.connections.add(stream)
                reader, encrypted = stream.makefile("rb"), True
            elif word == "AUTH":
                words = line.split()
                if len(words) < 3:
                    say("334 ")
                    words.append(reader.readline(4096).strip())
                login = tuple(base64.b64decode(words[2]).decode().split("\0")[1:])
                say("535 5.7.8 wrong" if self.behaviour == "denied" else "235 2.7.0 right")
            elif word == "RCPT" and self.behaviour == "full":
                say("452 4.2.2 the mailbox is full")
            elif word == "RCPT":
                to.append(line.split(b"<")[1].split(b">")[0].decode())
                say("250 2.1.5 good")
            elif word == "DATA":
                say("354 go on")
                data = b""
                while (part := reader.readline(4096)) not in (b".\r\n", b""):
                    data += part[1:] if part.startswith(b".") else part
                self.letters.append(Letter(login, encrypted, to, data))
                say("250 2.0.0 taken")
            elif word == "QUIT":
                say("221 bye")
                return
            else:
                say("250 2.1.0 good")


class Collector(Server):
    """Takes bytes over TLS, or does what no syslog server does."""

    def __init__(self, keys: Keys, **more) -> None:
        super().__init__(keys, **more)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # so that who is not read from notices
        self.taken, self.accepted = b"", 0

    def serve(self, connection: socket.socket) -> None:
        self.accepted += 1
        if self.behaviour == "mute":  # no handshake
            self.stopping.wait(60)
            return
        with self.context.wrap_socket(connection, server_side=True) as stream:
            self.connections.add(stream)
            if self.behaviour == "deaf":
                self.stopping.wait(60)
            while self.behaviour == "talking" and not self.stopping.is_set():
                stream.sendall(b"x" * 8192)
            while self.behaviour == "good" and (some := stream.recv(65536)):
                self.taken += some


class Rsyslog:
    """The real rsyslogd: TLS with a certificate of ours, which wants one of its clients. What it takes is in `lines`."""

    FIELDS = ("pri", "timestamp:::date-rfc3339", "hostname", "app-name", "procid", "msgid", "structured-data", "msg")

    def __init__(self, keys: Keys) -> None:
        self.folder, self.port, self.process = pathlib.Path(tempfile.mkdtemp(prefix="linnet-rsyslog-")), free_port(), None
        self.file, config = self.folder / "messages", self.folder / "rsyslog.conf"
        template = "\\t".join(f"%{field}%" for field in self.FIELDS)
        config.write_text(
            f'global(workDirectory="{self.folder}" maxMessageSize="64k" parser.escapeControlCharactersOnReceive="off"\n'
            f'  DefaultNetstreamDriverCAFile="{keys.authority}" DefaultNetstreamDriverCertFile="{keys.folder}/good.pem"\n'
            f'  DefaultNetstreamDriverKeyFile="{keys.folder}/good.key")\n'
            f'module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/certvalid")\n'
            f'input(type="imtcp" address="127.0.0.1" port="{self.port}")\n'
            f'template(name="fields" type="string" string="{template}\\n")\n'
            f'action(type="omfile" file="{self.file}" template="fields")\n')
        self.config = config

    def start(self) -> None:
        self.process = subprocess.Popen(["rsyslogd", "-n", "-f", self.config, "-i", self.folder / "pid"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *problem) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def messages(self) -> list[dict]:
        text = self.file.read_text() if self.file.exists() else ""
        lines = text[:text.rfind("\n") + 1].splitlines()
        return [dict(zip((field.split(":")[0] for field in self.FIELDS), line.split("\t"))) for line in lines]


class Broker:
    """The real mosquitto, with a login, encrypted."""

    def __init__(self, keys: Keys, certificate: str = "good") -> None:
        self.folder, self.port = pathlib.Path(tempfile.mkdtemp(prefix="linnet-mosquitto-")), free_port()
        self.keys, self.certificate, self.process = keys, certificate, None

    def start(self, user: str, password: str) -> None:
        passwords = self.folder / "passwords"
        subprocess.run(["mosquitto_passwd", "-c", "-b", passwords, user, password], check=True, capture_output=True)
        passwords.chmod(0o644)
        for file in (self.keys.folder / f"{self.certificate}.{end}" for end in ("pem", "key")):
            (self.folder / file.name).write_bytes(file.read_bytes())
        config = self.folder / "mosquitto.conf"
        config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\nuser root\n"
                          f"certfile {self.folder}/{self.certificate}.pem\nkeyfile {self.folder}/{self.certificate}.key\n")
        self.process = subprocess.Popen(["mosquitto", "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *problem) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder)


class Subscriber:
    """What a broker retains and says, by the bytes of MQTT 3.1.1: {topic: payload} in `retained`."""

    def __init__(self, broker: Broker, user: str, password: str) -> None:
        context = ssl.create_default_context(cafile=broker.keys.authority)
        self.socket = context.wrap_socket(socket.create_connection(("localhost", broker.port), 5), server_hostname="localhost")
        self.retained: dict[str, str] = {}
        self.lock = threading.Lock()
        self._send(0x10, self._text("MQTT") + b"\x04\xc2\x00\x00" + self._text("test") + self._text(user) + self._text(password))
        kind, body = self._packet()
        assert kind == 0x20 and body[1] == 0, f"the broker refuses: {body}"
        self._send(0x82, b"\x00\x01" + self._text("#") + b"\x00")
        threading.Thread(target=self._listen, daemon=True).start()

    @staticmethod
    def _text(text: str) -> bytes:
        return len(text.encode()).to_bytes(2, "big") + text.encode()

    def _send(self, kind: int, body: bytes) -> None:
        length, left = b"", len(body)
        while True:
            left, digit = left >> 7, left & 127
            length += bytes([digit | (128 if left else 0)])
            if not left:
                break
        self.socket.sendall(bytes([kind]) + length + body)

    def _take(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            if not (more := self.socket.recv(count - len(data))):
                raise OSError("closed")
            data += more
        return data

    def _packet(self) -> tuple[int, bytes]:
        kind, length, shift = self._take(1)[0], 0, 0
        while True:
            digit = self._take(1)[0]
            length |= (digit & 127) << shift
            shift += 7
            if not digit & 128:
                return kind, self._take(length)

    def _listen(self) -> None:
        self.socket.settimeout(None)
        try:
            while True:
                kind, body = self._packet()
                if kind >> 4 != 3:
                    continue
                size = int.from_bytes(body[:2], "big")
                topic, rest = body[2:2 + size].decode(), body[2 + size + (2 if kind & 6 else 0):]
                with self.lock:
                    if rest:
                        self.retained[topic] = rest.decode()
                    else:
                        self.retained.pop(topic, None)
        except OSError:
            pass

    def publish(self, topic: str, payload: str, retain: bool = False) -> None:
        self._send(0x31 if retain else 0x30, self._text(topic) + payload.encode())

    def at(self, end: str) -> list[dict]:
        with self.lock:
            return [json.loads(payload) for topic, payload in self.retained.items() if topic.endswith(end)]

    def status(self) -> list[str]:
        with self.lock:
            return [payload for topic, payload in self.retained.items() if topic.startswith("linnet/") and topic.endswith("/status")]

    def close(self) -> None:
        self.socket.close()
