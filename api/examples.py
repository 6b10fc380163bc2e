"""Examples: requests that can be sent as they stand, shown in the reference. A test sends each of them."""

from fastapi.openapi.models import Example

SCREENINGS: dict[str, Example] = {
    "person": {
        "summary": "A person, with the birth date that tells two of one name apart",
        "value": {
            "subject": {
                "name": "Qassem Soleymani",
                "kind": "person",
                "birth_date": "1957-03-11",
                "countries": ["IR"],
            },
            "reference": "deal 2026-118",
        },
    },
    "persian": {
        "summary": "A bank, in Persian letters",
        "value": {"subject": {"name": "بانک ملی ایران", "kind": "organization"}},
    },
    "cyrillic": {
        "summary": "A bank, in Cyrillic letters, with its tax number",
        "value": {
            "subject": {
                "name": "ПАО «Промсвязьбанк»",
                "kind": "organization",
                "identifiers": [{"type": "inn", "value": "7744000912"}],
            }
        },
    },
    "vessel": {
        "summary": "A ship, by its IMO number: the number decides, the name assists",
        "value": {
            "subject": {
                "name": "Port Olya 3",
                "kind": "vessel",
                "identifiers": [{"type": "imo", "value": "IMO 9481910"}],
            }
        },
    },
}

KEYS: dict[str, Example] = {
    "trader": {
        "summary": "A key for a trading system, for one year",
        "value": {"role": "trader", "owner": "Trading system, Astrakhan desk", "expires_at": "2027-11-24T00:00:00Z"},
    },
}
