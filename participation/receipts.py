"""Receipt numbers, the secrets that open them, and their text forms. Pure.

A number says which tenant, procedure and statement; alone it reveals nothing. The secret has 100 random bits, so its plain
SHA-256 is enough to store; it is written in groups without look-alike letters, because people type it from paper.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs without 0, 1, I, O
GROUPS, GROUP = 4, 5
_NUMBER = re.compile(r"(\d{1,9})-(\d{1,9})-(\d{1,9})", re.ASCII)
_NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Number:
    tenant_id: int
    procedure_id: int
    number: int


def new_secret() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP))


def readable(secret: str) -> str:
    """In groups, as it is printed."""
    return "-".join(secret[start : start + GROUP] for start in range(0, len(secret), GROUP))


def hash_of(secret: str) -> str:
    """SHA-256 of the secret as typed: case, blanks and hyphens do not matter."""
    return hashlib.sha256(re.sub(r"[\s-]", "", secret).upper().encode(errors="replace")).hexdigest()


def opens(secret: str, stored_hash: str | None) -> bool:
    """Whether the secret belongs to the hash; takes as long when there is no such receipt."""
    return hmac.compare_digest(hash_of(secret), stored_hash or _NO_HASH)


def parse(text: str) -> Number | None:
    """A receipt number as people type it; None when it can't be one."""
    found = _NUMBER.fullmatch(text.strip())
    return Number(*(int(part) for part in found.groups())) if found else None
