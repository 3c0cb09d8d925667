"""What a contract says, hashed without how it says it."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from legalaid_sim.contracts.schema import Contract

UNSAID = frozenset({"title", "short_title", "summary", "source", "examples", "contract"})


def digest_of(contract: Contract) -> str:
    """Hash what the contract says, and not how: no titles, sources, examples; order of keys is no matter."""
    said = _said(contract.model_dump(exclude_defaults=False, by_alias=True))
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _said(data: Any) -> Any:
    if isinstance(data, dict):
        return {
            str(key): _said(value) for key, value in data.items() if key not in UNSAID and value is not None
        }
    if isinstance(data, list | tuple):
        return [_said(one) for one in data]
    if isinstance(data, Decimal | int) and not isinstance(data, bool):
        return format(Decimal(data).normalize(), "f")
    return data if isinstance(data, str | bool | None) else str(data)
