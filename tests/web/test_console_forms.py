"""The subject form: nothing typed is lost, each complaint stands beside its field."""

import pytest
from starlette.datastructures import FormData

from api.web import forms
from api.web.forms import IdentifierRow, SubjectForm
from core.errors import FieldError, InvalidInput
from lists.entity import Kind
from lists.identifiers import TYPES


def sent(*pairs: tuple[str, str]) -> SubjectForm:
    """The form as a browser sends it."""
    return forms.from_post(FormData(list(pairs)))


FULL = (
    ("name", "محسن حجتی‌پور"),
    ("kind", "person"),
    ("country", "Iran; Türkiye"),
    ("birth", "1961"),
    ("gender", "male"),
    ("others", "M. Hojati\n\nMohsen Hojjati"),
    ("address", "Ferdowsi Avenue, Tehran"),
    ("reference", "AST-1"),
    ("id_type", "passport"),
    ("id_value", ""),
    ("id_type", "imo"),
    ("id_value", "9481910"),
    ("once", "abcdefgh1234"),
)


def test_form_becomes_a_request() -> None:
    request = forms.to_request(sent(*FULL))
    assert request.subject.name == "محسن حجتی‌پور"
    assert request.subject.kind is Kind.PERSON
    assert request.subject.countries == ("Iran", "Türkiye")
    assert request.subject.other_names == ("M. Hojati", "Mohsen Hojjati")
    assert [(i.type, i.value) for i in request.subject.identifiers] == [("imo", "9481910")]
    assert request.reference == "AST-1"


def test_empty_fields_are_not_asked() -> None:
    request = forms.to_request(sent(("name", "X"), ("kind", ""), ("birth", " "), ("reference", "")))
    assert request.subject.model_dump(exclude_defaults=True) == {"name": "X"}
    assert request.reference is None


def test_nothing_asked_is_refused_at_the_name() -> None:
    with pytest.raises(InvalidInput) as refused:
        forms.to_request(sent(("name", "  "), ("country", "Iran")))
    assert [error.field for error in refused.value.errors] == ["subject.name"]


def test_a_national_number_is_read_with_the_only_country() -> None:
    one = sent(("country", "Iran"), ("id_type", "passport"), ("id_value", "A1"))
    assert forms.to_request(one).subject.identifiers[0].country == "Iran"
    two = sent(("country", "Iran, Russia"), ("id_type", "passport"), ("id_value", "A1"))
    assert forms.to_request(two).subject.identifiers[0].country is None
    inn = sent(("country", "Iran"), ("id_type", "inn"), ("id_value", "7702070139"))
    assert forms.to_request(inn).subject.identifiers[0].country is None


def test_a_wallet_brings_its_currency() -> None:
    wallet = forms.to_request(sent(("id_type", "crypto_wallet:XBT"), ("id_value", "12Yy"))).subject.identifiers[0]
    assert (wallet.type, wallet.country) == ("crypto_wallet", "XBT")
    again = forms.from_record({"identifiers": [wallet.model_dump()]}, None)
    assert again.identifiers == (IdentifierRow("crypto_wallet:XBT", "12Yy"),)


def test_every_type_on_offer_is_one_that_is_read() -> None:
    known = {kind.type for kind in TYPES()}
    assert {value.partition(":")[0] for value, _word in forms.IDENTIFIER_TYPES} <= known
    assert set(forms.FIRST_TYPE.values()) <= {value for value, _word in forms.IDENTIFIER_TYPES}


def test_complaint_about_the_nth_identifier_goes_to_its_row() -> None:
    """The request leaves the empty first row out, so its first identifier is the form's second row."""
    form = sent(*FULL)
    problem = forms.field_problems(form, [FieldError("subject.identifiers.0.value", "wrong digit")])[0]
    assert (problem.anchor, problem.label) == ("id-value-1", "IMO number")
    assert form.with_errors([problem]).errors == {"id-value-1": "wrong digit"}


@pytest.mark.parametrize(
    ("field", "anchor"),
    [
        ("subject.name", "name"),
        ("subject.birth_date", "birth"),
        ("subject.countries.1", "country"),
        ("subject.other_names.0", "others"),
        ("reference", "ref"),
        ("subject.identifiers.0.type", "id-type-1"),
        ("subject.identifiers.0.country", "country"),
        ("subject.identifiers.7.value", "id-value-0"),
        ("subject.somewhere", ""),
    ],
)
def test_every_field_has_its_place_on_the_form(field: str, anchor: str) -> None:
    assert forms.field_problems(sent(*FULL), [FieldError(field, "no")])[0].anchor == anchor


def test_too_long_a_name_is_named_as_a_field() -> None:
    with pytest.raises(InvalidInput) as refused:
        forms.to_request(sent(("name", "x" * 501)))
    assert refused.value.errors[0].field == "subject.name"


def test_a_recorded_subject_fills_a_fresh_form() -> None:
    form = forms.from_record({"name": "X", "kind": "vessel", "countries": ["IR", "Somewhere"]}, "R-1")
    assert (form.name, form.kind, form.reference) == ("X", "vessel", "R-1")
    assert form.country.startswith("Iran")
    assert form.identifiers == (IdentifierRow("imo"),)
    assert form.once != forms.from_record({}, None).once


def test_rows_are_added_up_to_the_limit() -> None:
    form = SubjectForm()
    for _ in range(30):
        form = form.with_another_identifier()
    assert len(form.identifiers) == forms.MOST_IDENTIFIERS
    assert not form.may_add


def test_same_content_same_key_other_content_other_key() -> None:
    first, again = sent(*FULL), sent(*FULL)
    changed = sent(*(pair if pair[0] != "name" else ("name", "other") for pair in FULL))
    assert first.idempotency_key == again.idempotency_key
    assert first.idempotency_key != changed.idempotency_key
    assert first.idempotency_key.isascii()
    assert len(first.idempotency_key) <= 200


def test_a_forged_token_is_replaced() -> None:
    assert sent(("once", "<script>")).once != "<script>"
