"""The parts of one mock: store, use cases, journal, and everything that the contract decides."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from mockserver.billing import (
    Accounts,
    AutoRecharges,
    Checkout,
    Clocks,
    Credit,
    EventBus,
    Faults,
    Invoices,
    TimeSource,
)
from mockserver.billing.entropy import RandomBytes, SeededBytes
from mockserver.contract.request.security import secret_names
from mockserver.domain.duration import duration
from mockserver.domain.order import PriceList
from mockserver.domain.usage.price_card import PriceCard
from mockserver.journal import Journal, JournalReader, OwnJournal
from mockserver.web.api.billing import BillingEndpoints
from mockserver.web.exchange.api_keys import ApiKeys
from mockserver.web.exchange.fault_injector import FaultInjector
from mockserver.web.exchange.pipeline import ExchangePipeline
from mockserver.web.exchange.recorder import Recorder
from mockserver.web.http.address import Address
from mockserver.web.http.hosts import Hosts
from mockserver.web.http.paths import BROWSER_PATHS, CHECKOUT, CONTROL, PAGE_PREFIXES

if TYPE_CHECKING:
    from datetime import timedelta

    from mockserver.app.relay import PeerRelay
    from mockserver.billing.snapshots import Snapshots
    from mockserver.contract import Contract, Profile
    from mockserver.journal.shared_journal import SharedJournal
    from mockserver.settings import Settings
    from mockserver.store import Store
    from mockserver.web.api.documented import DocumentedEndpoints
    from mockserver.web.exchange.tally import ExchangeTally


class MockParts:
    """The parts of one mock, connected."""

    def __init__(
        self, settings: Settings, contract: Contract, profile: Profile, store: Store, *, real_time: TimeSource
    ) -> None:
        self.settings = settings
        self.store = store
        self.real_time = real_time
        self.hosts = Hosts(settings.allow_hosts)
        self.address = Address(self.hosts, checkout_base=settings.checkout_base)
        self.journal = Journal(max_bytes=settings.journal_bytes)
        self.journal_reader: JournalReader = OwnJournal(self.journal)
        self._shared_journal: SharedJournal | None = None
        if store.peers is not None:
            from mockserver.journal.shared_journal import SharedJournal  # few mocks share a store

            self.journal_reader = self._shared_journal = SharedJournal(
                self.journal, store.peers.journal, real_time, max_bytes=settings.journal_bytes
            )
        self.event_bus = EventBus()
        self.accounts = Accounts(store, real_time, bus=self.event_bus)
        self.invoices = Invoices(store)
        self._random_bytes: RandomBytes = os.urandom if settings.seed is None else SeededBytes(settings.seed)
        self.page_secret = store.secret if settings.seed is None else self._random_bytes(len(store.secret))
        self.faults = Faults(store, random_bytes=self._random_bytes)
        self.fault_injector = FaultInjector(self.faults)
        self.clocks = Clocks(store, real_time, bus=self.event_bus)
        is_timed = settings.seed is None
        self.recorder = Recorder(self.journal, self.clocks, real_time, self.event_bus, is_timed=is_timed)
        self.tally: ExchangeTally | None = None
        if settings.coverage:
            from mockserver.coverage.pending import PendingCounter  # few mocks count
            from mockserver.web.exchange.tally import ExchangeTally

            self.tally = self.recorder.tally = ExchangeTally(PendingCounter(contract, profile.name))
        self.use_contract(contract, profile)

    def use_contract(self, contract: Contract, profile: Profile) -> None:
        """Create the parts that the contract and the profile decide."""
        self.contract = contract
        self.profile = profile
        if self.tally is not None:
            self.tally.use_contract(contract, profile.name)
        self._stateful = {(operation.path, operation.method) for operation in contract.stateful}
        self.journal.hide(*secret_names(contract.document))
        self.__dict__.pop("_documented", None)  # its cached replies belong to the old contract
        self.prices = PriceList(
            microcredits_per_dollar=self.settings.microcredits_per_dollar,
            plans=self.settings.plans,
            amount_unit=profile.amount_unit,
        )
        self.price_card = PriceCard(self.settings.prices)
        self.credit = Credit(
            self.store,
            self.real_time,
            prices=self.prices,
            price_card=self.price_card,
            overdraft=profile.overdraft,
            bus=self.event_bus,
            random_bytes=self._random_bytes,
        )
        self.checkout = Checkout(
            self.store,
            self.real_time,
            lifetime=self._lifetime(),
            bus=self.event_bus,
            random_bytes=self._random_bytes,
        )

    def relay(self) -> PeerRelay | None:
        """The relay to the other servers of the store; None if this server owns it."""
        if self.store.peers is None or self._shared_journal is None:
            return None
        from mockserver.app.relay import PeerRelay

        return PeerRelay(self.store.peers, self.event_bus, self._shared_journal, self.checkout, self.clocks)

    def pipeline(self) -> ExchangePipeline:
        """A pipeline for the contract's paths."""
        endpoints = BillingEndpoints(
            self.checkout,
            self.credit,
            self.invoices,
            AutoRecharges(self.store),
            profile=self.profile,
            prices=self.prices,
            price_card=self.price_card,
            address=self.address,
        )
        return ExchangePipeline(
            self.contract,
            self.profile,
            {key: endpoint for key, endpoint in endpoints.by_operation.items() if key in self._stateful},
            documented=lambda operation: self._documented(operation),
            api_keys=ApiKeys(self.store.key_hints.note, self.settings.api_keys),
            fault_injector=self.fault_injector,
            recorder=self.recorder,
            body_limit=self.settings.body_limit,
            strict_null=self.settings.strict_null,
        )

    def is_own_path(self, path: str) -> bool:
        """The path belongs to the control API or to a page, not to the document.

        A page gives way to a path that the document declares. Beside the checkout operation it does not give way to
        a template that matches anything, such as `/{name}/{id}`.
        """
        if not path.startswith(PAGE_PREFIXES):
            return path.startswith(CONTROL) or (path in BROWSER_PATHS and self.contract.path(path) is None)
        item = self.contract.path(path)
        return item is None or (not item.template.startswith(PAGE_PREFIXES) and (CHECKOUT, "POST") in self._stateful)

    @cached_property
    def snapshots(self) -> Snapshots:
        """The snapshots of the store."""
        from mockserver.billing.snapshots import Snapshots  # few mocks take one

        return Snapshots(self.store, self.real_time, self.faults, bus=self.event_bus, random_bytes=self._random_bytes)

    @cached_property
    def _documented(self) -> DocumentedEndpoints:
        # imported here: the first checkout needs no generated replies
        from mockserver.web.api.documented import DocumentedEndpoints

        return DocumentedEndpoints(self.address)

    def _lifetime(self) -> timedelta:
        return self.settings.session_ttl or duration(self.profile.session_ttl)
