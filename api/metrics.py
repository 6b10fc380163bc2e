"""Metrics: what Prometheus scrapes. Labels are route templates, outcomes and list keys, never a name or an id.

Each app owns its registry, so that two apps in one process (tests) do not share numbers.
"""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from lists.status import ListStatus

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
"""Seconds. The bar for a recorded screening is p99 of 0.1, so the buckets are finest around and below it."""

STATES = ("fresh", "stale", "missing", "not_loaded", "disabled")


class Metrics:
    """All numbers of one app."""

    def __init__(self, version: str) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "caspian_http_requests_total",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "caspian_http_request_seconds",
            "Time from the request's first byte read to its answer's last byte sent.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._screenings = Counter(
            "caspian_screenings_total", "Screenings recorded, by outcome.", ("outcome",), registry=self.registry
        )
        self._state = Gauge(
            "caspian_list_state", "1 for the state a list is in.", ("list", "state"), registry=self.registry
        )
        self._age = Gauge(
            "caspian_list_age_seconds", "Time since the last successful check.", ("list",), registry=self.registry
        )
        self._entities = Gauge(
            "caspian_list_entities", "Listed entities in the snapshot in force.", ("list",), registry=self.registry
        )
        self._index = Gauge("caspian_index_entities", "Listed entities in the index in force.", registry=self.registry)
        Gauge("caspian_info", "1, with the version.", ("version",), registry=self.registry).labels(version).set(1)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request, by its route template."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def screened(self, outcome: str) -> None:
        """Count one recorded screening."""
        self._screenings.labels(outcome).inc()

    def lists(self, statuses: list[ListStatus], now: datetime) -> None:
        """Set the gauges of each list from its status at `now`."""
        for status in statuses:
            for state in STATES:
                self._state.labels(status.key, state).set(status.state == state)
            if status.last_success_at is not None:
                self._age.labels(status.key).set((now - status.last_success_at).total_seconds())
            self._entities.labels(status.key).set(status.snapshot.entities if status.snapshot else 0)

    def index(self, entities: int) -> None:
        """Set the size of the index in force."""
        self._index.set(entities)

    def page(self) -> bytes:
        """Return all numbers in Prometheus' text format."""
        return generate_latest(self.registry)
