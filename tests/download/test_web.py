"""Ways to a server: redirects, proxies, certificates; and what is said where there is none."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from gansynth_live.download.web import AnsweredError, BrokenOffError, opened, read_small
from gansynth_live.errors import DownloadError
from tests.download.storage import Storage, serving


@pytest.fixture(autouse=True)
def stored(storage: Storage) -> None:
    storage.objects["/bucket/file"] = b"content"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody has signed, with its key."""
    if which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-noenc", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", path, "-out", path.with_suffix(".cert")),
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + path.with_suffix(".cert").read_bytes())
    return path


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[Storage]:
    """A server that speaks TLS."""
    with serving(certificate) as server:
        server.objects["/bucket/file"] = b"content"
        yield server


def test_redirects_are_followed(storage: Storage) -> None:
    storage.redirects["/old"] = "/older"
    storage.redirects["/older"] = f"{storage.url}/bucket/file"
    assert read_small(f"{storage.url}/old", 100) == b"content"
    storage.redirects["/ring"] = "/ring"
    with pytest.raises(AnsweredError, match="infinite loop"):
        read_small(f"{storage.url}/ring", 100)


@pytest.mark.parametrize("scheme", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://x"])
def test_redirects_lead_to_the_web_only(storage: Storage, scheme: str) -> None:
    storage.redirects["/out"] = scheme
    with pytest.raises(DownloadError) as caught:
        read_small(f"{storage.url}/out", 100)
    assert "\n" not in str(caught.value)


def test_certificates_are_checked(
    encrypted: Storage, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DownloadError, match="certificate is not to be trusted") as caught:
        read_small(f"{encrypted.url}/bucket/file", 100)
    assert not isinstance(caught.value, BrokenOffError)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".cert")))
    assert read_small(f"{encrypted.url}/bucket/file", 100) == b"content"


def test_no_way_leads_from_an_encrypted_server_to_a_plain_one(
    storage: Storage, encrypted: Storage, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".cert")))
    encrypted.redirects["/out"] = f"{storage.url}/bucket/file"
    with pytest.raises(DownloadError, match="not encrypted"):
        read_small(f"{encrypted.url}/out", 100)
    assert storage.requests == []


def test_proxies_of_the_environment(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    far = "http://far.invalid/bucket/file"
    monkeypatch.setenv("http_proxy", storage.url)
    assert read_small(far, 100) == b"content"
    monkeypatch.setenv("no_proxy", "far.invalid")
    with pytest.raises(BrokenOffError, match=r"cannot reach far\.invalid"):
        read_small(far, 100)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 416])
def test_refusals(storage: Storage, status: int) -> None:
    storage.excuses.append(status)
    with pytest.raises(AnsweredError, match=f"/bucket/file: the server says {status}") as caught:
        read_small(f"{storage.url}/bucket/file", 100)
    assert caught.value.status == status


def test_nobody_there(storage: Storage) -> None:
    with serving() as gone:
        pass
    with pytest.raises(BrokenOffError, match=r"cannot reach 127\.0\.0\.1:\d+: Connection ref"):
        read_small(f"{gone.url}/bucket/file", 100)


def test_what_is_not_small(storage: Storage) -> None:
    with pytest.raises(DownloadError, match="larger than 6 bytes"):
        read_small(f"{storage.url}/bucket/file", 6)
    storage.cuts.append(4)
    with pytest.raises(DownloadError, match="cut off"):
        read_small(f"{storage.url}/bucket/file", 100)


@pytest.mark.parametrize("path", ["/a b", "/a\nb", "/ü"])
def test_addresses_that_no_request_can_be_made_of(storage: Storage, path: str) -> None:
    with pytest.raises(DownloadError), opened(storage.url + path):
        pass
