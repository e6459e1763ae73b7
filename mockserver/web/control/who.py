"""Whose account a control call is about."""

from __future__ import annotations

from mockserver.billing import Accounts
from mockserver.domain.identifier import KEY_PATTERN, account_of, is_account_id, is_key
from mockserver.web.control.fields import Fields


async def account_named(fields: Fields, accounts: Accounts) -> str | None:
    """The account that `key` names: an API key, which opens one, or an account id, which must be known.

    None where there is no `key`. Raises InvalidRequest and NotFound.
    """
    if not fields.names("key"):
        return None
    # null is no way to say "all": a variable that is empty by mistake would wipe everybody's account
    key = fields.text("key") or ""
    if is_account_id(key):
        await accounts.find(key)
        return key
    if not is_key(key):
        raise fields.wrong("key", f"key is no API key ({KEY_PATTERN}) and no account id (acct_…)", code="pattern")
    account = account_of(key)
    await accounts.open(account)
    return account
