"""The `key` field of a control request: an API key or an account id."""

from __future__ import annotations

from mockserver.billing import Accounts
from mockserver.domain.identifier import KEY_PATTERN, is_account_id, is_key
from mockserver.web.control.fields import Fields


async def read_account(fields: Fields, accounts: Accounts) -> str | None:
    """The account of the field `key`; None without the field.

    An unknown API key opens its account; an unknown account id raises NotFound. Raises InvalidRequest.
    """
    if not fields.has("key"):
        return None
    # null does not mean "all": a variable that is empty by mistake would reset every account
    key = fields.text("key") or ""
    if is_account_id(key):
        await accounts.find(key)
        return key
    if not is_key(key):
        message = f"key is neither an API key ({KEY_PATTERN}) nor an account id (acct_…)"
        raise fields.error("key", message, code="pattern")
    return await accounts.open(key)
