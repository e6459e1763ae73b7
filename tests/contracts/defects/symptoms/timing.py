"""The symptoms of the defects of time."""

from __future__ import annotations

from tests.contracts.defects.symptoms.symptom import (
    DECLINED,
    SHOP,
    SYMPTOMS,
    alive_after,
    form_of,
    reply,
    symptom,
)
from tests.web.mock_client import Mock


@symptom("expired-can-be-paid")
def _(mock: Mock) -> bool:
    first, second = mock.create(**SHOP), mock.create(**SHOP)
    form = form_of(mock, second)
    mock.advance("24h")
    answer = mock.pay(first)
    paged = mock.post(f"/c/pay/{second}", data={**form, "action": "pay"})
    if answer.status_code != 200:
        return False
    assert answer.json()["session"]["status"] == mock.session(first)["status"] == "completed"
    assert paged.headers["location"]
    assert {row["status"] for row in mock.listed()} == {"completed"}
    return mock.balance() == 10


@symptom("credits-expire")
def _(mock: Mock) -> bool:
    mock.pay(mock.create(amount=5))
    mock.advance("12h")
    mock.pay(mock.create(amount=7))
    before = mock.balance()
    mock.advance("12h")
    return (before, mock.balance(), mock.balance()) == (12, 7, 7)


@symptom("completed-expires")
def _(mock: Mock) -> bool:
    mock.pay(mock.create())
    before = [row["status"] for row in mock.listed()]
    mock.advance("24h")
    return (before, [row["status"] for row in mock.listed()]) == (["completed"], ["expired"])


@symptom("expired-is-listed-as-pending")
def _(mock: Mock) -> bool:
    mock.create()
    mock.advance("24h")
    return [row["status"] for row in mock.listed()] == ["pending"]


@symptom("tries-make-it-live-longer")
def _(mock: Mock) -> bool:
    tried, _ = mock.create(), mock.create()
    mock.post(f"/_mock/sessions/{tried}/pay", {"card": DECLINED})
    mock.advance("24h")
    return [row["status"] for row in mock.listed()] == ["expired", "pending"]


@symptom("expired-page-still-opens")
def _(mock: Mock) -> bool:
    name = mock.create()
    mock.advance("24h")
    return mock.get(f"/c/pay/{name}").status_code == 200


@symptom("times-without-a-zone")
def _(mock: Mock) -> bool:
    mock.create()
    [row] = mock.listed()
    return str(row["created_at"]) == "2030-01-15 12:00:00.000"


@symptom("times-of-another-zone")
def _(mock: Mock) -> bool:
    mock.create()
    [row] = mock.listed()
    return str(row["created_at"]) == "2030-01-15T20:00:00.000Z"


@symptom("times-in-words")
def _(mock: Mock) -> bool:
    mock.create()
    [row] = mock.listed()
    return str(row["created_at"]) == "Tue, 15 Jan 2030 12:00:00 GMT"


@symptom("sessions-go-after-a-month")
def _(mock: Mock) -> bool:
    mock.create()
    mock.advance("29d")
    before = len(mock.listed())
    mock.advance("1d")
    return (before, len(mock.listed())) == (1, 0)


@symptom("refused-payments-credit")
def _(mock: Mock) -> bool:
    name = mock.create(amount=5)
    mock.advance("24h")
    return (mock.pay(name).status_code, mock.balance()) == (410, 5)


@symptom("created-at-is-now")
def _(mock: Mock) -> bool:
    mock.create()
    mock.advance("1h")
    [row] = mock.listed()
    return str(row["created_at"]) == "2030-01-15T13:00:00.000Z"


SYMPTOMS.update(
    {
        "never-expires": lambda mock: alive_after(mock, "365d"),
        "expires-a-second-late": lambda mock: alive_after(mock, "24h"),
        "expires-a-second-early": lambda mock: not alive_after(mock, "86399s"),
        "expires-at-is-too-soon": lambda mock: reply(mock)["data"]["expires_at"] == "2030-01-15T12:30:00.000Z",
    }
)


@symptom("times-of-half-a-day")
def _(mock: Mock) -> bool:
    mock.post("/_mock/clock", {"now": "2040-05-03T15:00:00Z"})
    mock.create()
    return str(mock.listed()[0]["created_at"]).startswith("2040-05-03T03:00")


@symptom("no-orders-on-a-leap-day")
def _(mock: Mock) -> bool:
    mock.post("/_mock/clock", {"now": "2040-02-28T12:00:00Z"})
    first = mock.checkout({"amount": 5}).status_code
    mock.advance("24h")
    return (first, mock.checkout({"amount": 5}).status_code) == (200, 500)


@symptom("pages-close-early")
def _(mock: Mock) -> bool:
    name = mock.create()
    statuses = []
    for by in ("19h", "2h"):
        mock.advance(by)
        statuses.append(mock.get(f"/c/pay/{name}").status_code)
    return statuses == [200, 404]


@symptom("no-credits-in-the-last-hour")
def _(mock: Mock) -> bool:
    early, late = mock.create(amount=5), mock.create(amount=7)
    mock.pay(early)
    mock.advance("23h30m")
    mock.pay(late)
    return mock.balance() == 5


@symptom("paid-again-after-a-month")
def _(mock: Mock) -> bool:
    name = mock.create()
    statuses = [mock.pay(name).status_code, mock.pay(name).status_code]
    mock.advance("31d")
    return [*statuses, mock.pay(name).status_code] == [200, 409, 200]


@symptom("orders-of-a-leap-day-live-longer")
def _(mock: Mock) -> bool:
    mock.post("/_mock/clock", {"now": "2032-02-29T12:00:00Z"})
    return bool(mock.checkout({"amount": 5}).json()["data"]["expires_at"].startswith("2032-03-02"))
