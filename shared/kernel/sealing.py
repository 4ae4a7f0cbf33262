"""Secrets at rest and on the wire: AES-GCM under a ring of named keys, the first of which writes."""

import base64
import os
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.kernel.errors import InvalidError

_NONCE_BYTES = 12


class UnreadableSecretError(InvalidError):
    """The secret was sealed with a key that is not in the ring, or was altered."""

    slug = "unreadable-secret"


@dataclass(frozen=True)
class SealingKeys:
    """The key ring `VORONKA_SECRET_KEYS`: `id:base64key`, comma separated; keys are 32 bytes."""

    keys: tuple[tuple[str, bytes], ...] = field(repr=False)

    @classmethod
    def parse(cls, value: str) -> Self:
        """Read the ring from its setting; ValueError when a key is not 32 bytes of base64."""
        pairs = [item.partition(":") for item in value.split(",") if item.strip()]
        keys = tuple((name.strip(), base64.b64decode(key.strip(), validate=True)) for name, _, key in pairs)
        if not keys or any(len(key) != 32 for _, key in keys):  # noqa: PLR2004 - AES-256
            raise ValueError("a ring of id:base64 keys of 32 bytes is needed")
        return cls(keys)

    def seal(self, plain: str, *, purpose: str) -> str:
        """Return `id:base64(nonce + ciphertext)`; `purpose` must be the same when it is opened."""
        name, key = self.keys[0]
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, plain.encode(), purpose.encode())
        return f"{name}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, purpose: str) -> str:
        """Return the plain text; UnreadableSecretError when no key of the ring opens it."""
        name, _, body = sealed.partition(":")
        for known, key in self.keys:
            if known == name:
                try:
                    data = base64.b64decode(body, validate=True)
                    plain = AESGCM(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], purpose.encode())
                    return plain.decode()
                except (InvalidTag, ValueError) as error:
                    raise UnreadableSecretError from error
        raise UnreadableSecretError
