"""What is kept so that whoever reads the database alone cannot read it: sealed with this copy's own secret."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Seal:
    """Closes and opens short texts with a key made from the copy's secret, for one purpose."""

    def __init__(self, secret: str, purpose: str = "second step") -> None:
        made = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"placement {purpose}".encode())
        self._fernet = Fernet(urlsafe_b64encode(made.derive(secret.encode())))

    def close(self, words: str) -> str:
        """Return the words as nobody can read them; never the same twice."""
        return self._fernet.encrypt(words.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """Return the words again; None where they were closed with another secret, or changed since."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None
