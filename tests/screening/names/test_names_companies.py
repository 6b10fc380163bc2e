"""Reading companies' and ships' names: legal forms, trade words in all languages, places, numbers, and their limits."""

import pytest

from lists.entity import Kind
from screening.names.reading import read_name
from screening.names.token import ReadName, Role


def read(name: str, kind: Kind | None = Kind.ORGANIZATION) -> ReadName:
    return read_name(name, kind)[0]


def concepts(name: str) -> list[str]:
    return [token.concept for token in read(name).tokens if token.role is not Role.PARTICLE]


ONE_FORM = [
    ("form:llc", "ООО|LLC|Ltd|L.L.C.|O.O.O.|GmbH|d.o.o.|Sp. z o.o.|FZE|FZCO|FZC0|با مسئولیت محدود|ООO"),
    ("form:llc", "Obshchestvo s ogranichennoi otvetstvennostyu|Obščestvo s ograničennoj otvetstvennostʹju"),
    ("form:llc", "OBSHCHESTVO S OGRANICHENNOY OTVETSTVENNOSTYU|Общество с ограниченной ответственностью"),
    ("form:jsc", "АО|JSC|J.S.C.|Joint Stock Company|Aktsionernoe obshchestvo|Delniška družba|a.s.|Részvénytársaság"),
    ("form:jsc", "سهامی خاص|Sahami Khass|Sherkat-e Sahami Khas|P.J.S.|Cuideachta Comhstoic|akciová spoločnosť"),
    ("form:pjsc", "ПАО|PJSC|Public Joint-Stock Company|Publichnoye aktsionernoye obshchestvo|سهامی عام"),
    ("form:ojsc", "ОАО|OAO|Open Joint Stock Company|Адкрытае акцыянернае таварыства|Otkrytoe aktsionernoe obshchestvo"),
    ("form:fgup", "ФГУП|FSUE|Federal State Unitary Enterprise|Federalnoe gosudarstvennoe unitarnoe predpriiatie"),
    ("form:ip", "ИП|Individual Entrepreneur|Индивидуальный предприниматель"),
]


@pytest.mark.parametrize(("form", "spellings"), ONE_FORM)
def test_legal_forms_in_full_and_short_in_all_languages(form: str, spellings: str) -> None:
    for spelling in spellings.split("|"):
        tokens = read(f"{spelling} Testovich").tokens
        assert [(t.role, t.concept) for t in tokens[:-1]] == [(Role.LEGAL_FORM, form)], spelling


SAME_MEANING = [
    ("بانک صنعت و معدن", "Bank of Industry and Mine"),
    ("Bank Sanat va Madan", "Bank of Industry and Mine"),
    ("Bank-e Keshavarzi", "Agricultural Bank"),
    ("شرکت ملی نفت ایران", "National Iranian Oil Company"),
    ("Авиационные измерительные технологии", "Aviation Measurement Technologies"),
    ("Московский институт теплотехники", "Moscow Institute of Thermal Technology"),
    ("Объединённая судостроительная корпорация", "United Shipbuilding Corporation"),
    ("Egyesült Hajógyártó Vállalat", "United Shipbuilding Company"),
    ("Научно-производственное объединение", "NPO"),
    ("Nauchno-Proizvodstvennoye Obyedineniye", "Scientific Production Association"),
    ("سازمان صنایع هوافضا", "Aerospace Industries Organization"),
    ("Sazman-e Sanaye-ye Havafaza", "Aerospace Industries Organisation"),
    ("گروه صنایع تسلیحاتی", "Groupe des industries de l'armement"),
    ("Foolad Khouzestan", "Steel Khuzestan"),
    ("Центральное конструкторское бюро автоматики", "Central Design Bureau of Automatics"),
    ("Горьковский автомобильный завод", "Gorky Automobile Plant"),
    ("Magnitogorskiy Metallurgicheskiy Kombinat", "Magnitogorsk Iron and Steel Works"),
    ("سپاه پاسداران انقلاب اسلامی", "Islamic Revolutionary Guard Corps"),
    ("Корпуса на гвардейците на ислямската революция", "Korps der Islamischen Revolutionsgarde"),
    ("144 БТРЗ", "144 Armoured Repair Plant"),
    ("پتروشیمی بندر امام", "Petrochemical Bandar Imam"),
    ("Мінскі аўтамабільны завод", "Minsk Automobile Plant"),
    ("Единая Россия", "Vereintes Russland"),
    ("MULTIMAT SAN. VE TIC. LTD. STI.", "MULTIMAT Industry Trade Ltd"),
    ("АО Поиск", "JSC Search"),
    ("Муромский завод", "Murom Plant"),
    # the Union's languages
    ("Műszergyártó Üzem", "Instrument-Making Plant"),
    ("Κρατική Ενιαία Επιχείρηση της Δημοκρατίας της Κριμαίας", "State Unitary Enterprise of the Republic of Crimea"),
    ("ΥΠΟΥΡΓΕΙΟ ΑΜΥΝΑΣ", "Ministry of Defence"),
    ("Státní podnik", "Valtion omistama yritys"),
    ("Центърът за научни изследвания", "Center for scientific research"),
    ("شركة أمان للحماية والحراسة", "Aman Company for Protection and Guarding"),
    ("شركة النفط السورية", "Syrian Oil Company"),
    ("Концерн Радиоэлектронные технологии", "Concern Radio-Electronic Technologies"),
    ("Koncernas „Radioelektroninės technologijos“", "Concern Radio-Electronic Technologies"),
    ("Čeliabinsko kalimo ir presavimo gamykla", "Chelyabinsk Forge and Press Plant"),
    ("Fekete-tengeri Fejlesztési és Újjáépítési Bank", "Black Sea Bank of Development and Reconstruction"),
    ("Завод за шампанизирани вина", "Sparkling wine plant"),
    ("141-й центр радиоэлектронной борьбы", "141st Electronic Warfare Center"),
    ("Национален ракетен център", "National Missile Center"),
    ("Якутская топливно-энергетическая компания", "Yakutsk Fuel and Energy Company"),
    ("Рязанский радиозавод", "Ryazan Radio Plant"),
    ("Саратовский радиоприборный завод", "Saratov Radio Instrument Plant"),
    ("Сарапульский электрогенераторный завод", "Sarapul Electric Generator Plant"),
    ("Ижевские Беспилотные Системы", "Izhevsk Unmanned Systems"),
    ("Ульяновское конструкторское бюро приборостроения", "Ulyanovsk Instrument Design Bureau"),
    ("Центральный научно-исследовательский испытательный институт", "Central Research and Testing Institute"),
    ("ГРЦ Макеева", "Makeyev Rocket Center"),
    ("ГКНПЦ имени Хруничева", "Space Research and Production Center named after Khrunichev"),
    ("Телеканал Царьград", "Tsargrad TV Channel"),
    ("Страховое акционерное общество «ВСК»", "VSK Insurance JSC"),
    ("Рязанский нефтеперерабатывающий завод", "Ryazan Oil Refining Plant"),
    ("Торгово-промышленная палата", "Chamber of Commerce and Industry"),
    ("Служба внешней разведки", "Foreign Intelligence Service"),
    ("Сибирский институт микробиологии", "Siberian Institute of Microbiology"),
    ("ООО «Флай Бридж»", "Fly Bridge LLC"),
    ("صنایع دفاع جمهوری اسلامی ایران", "Defence Industries of the Islamic Republic of Iran"),
    ("باطری سازی نیرو", "Niru Battery Sazi"),
]


@pytest.mark.parametrize(("one", "other"), SAME_MEANING)
def test_translations_have_the_same_concepts(one: str, other: str) -> None:
    mine, theirs = ({c for c in concepts(name) if c} for name in (one, other))
    assert mine == theirs != set()


NOT_THE_SAME = [
    ("قرب", "غرب"),
    ("Ghorb Karbala", "West Karbala"),
    ("Irkutskdekor", "Irkutsk"),
    ("Энергомаш", "Energy"),
    ("Novatek", "New"),
    ("Vodokanal", "Vodka"),
    ("Granit", "Granitov"),
    ("Тегеран цемент", "Tehran Petrochemical"),
    # stems that once read too much
    ("Crimson Holding", "Crimea Holding"),
    ("Living Trade", "Libya Trade"),
    ("Medium Trade", "Copper Trade"),
    ("Kuznetsov", "Casting"),
    ("Electron", "Yelets"),
    ("SuperCam", "Higher Cam"),
    ("Winston Trade", "Wine Trade"),
    ("Eddine Trade", "United Trade"),
]


@pytest.mark.parametrize(("one", "other"), NOT_THE_SAME)
def test_innocent_words_do_not_collapse(one: str, other: str) -> None:
    mine, theirs = ({(t.concept or t.plain) for t in read(name).tokens} for name in (one, other))
    assert mine != theirs


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Irkutskdekor", "Irkutskdekor"),
        ("Rosneft Trading", "Rosneft"),
        ("Sahel Ab FZE", "Ab"),
        ("Novatek", "Novatek"),
        ("НПО Энергомаш", "Энергомаш"),
        ("Saman Gostar Co", "Saman"),
        ("Qassem Soleymani", "Qassem"),
        ("НПО Стеклопластик", "Стеклопластик"),
    ],
)
def test_names_stay_names(name: str, word: str) -> None:
    assert next(token.role for token in read(name).tokens if token.text == word) is Role.WORD


def test_trading_is_not_dropped() -> None:
    assert "trade:trading" in concepts("Rosneft Trading")


def test_a_bracketed_legal_form_is_no_name() -> None:
    forms = read_name("Farsh Mehr Co. (PJS)", Kind.ORGANIZATION)
    assert [form.written for form in forms] == ["Farsh Mehr Co. PJS"]
    assert forms[0].tokens[-1].role is Role.LEGAL_FORM


def test_a_bracketed_acronym_and_other_names_are_forms() -> None:
    assert [f.written for f in read_name("QODS AERONAUTICS INDUSTRIES (QAI)", Kind.ORGANIZATION)][1:] == ["QAI"]
    assert len(read_name("JSC Hydromash; NJSC Gidromash", Kind.ORGANIZATION)) == 2
    assert len(read_name("Alpha Star a.k.a. Beta Moon", Kind.ORGANIZATION)) == 2
    assert len(read_name("Islamic Revolutionary Guard Corps (IRGC)", Kind.ORGANIZATION)[0].tokens) == 1


def test_a_lost_closing_bracket_does_not_hide_the_name() -> None:
    assert read_name("Iran Marine Company (SADRA", Kind.ORGANIZATION)[0].written == "Iran Marine Company"


def test_short_forms_count_at_the_edge_only() -> None:
    assert read("AB Volvo").tokens[0].role is Role.LEGAL_FORM
    assert read("Volvo AB Parts").tokens[1].role is Role.WORD


def test_something_is_always_the_name() -> None:
    assert [token.role for token in read("АО «АБ»").tokens] == [Role.LEGAL_FORM, Role.WORD]


@pytest.mark.parametrize(
    ("name", "number"),
    [("PORT OLYA-3", "3"), ("PORT OLYA 03", "3"), ("PORT OLYA3", "3"), ("OMSKIY-۱۲", "12"), ("Volgo-Don III", "3")],
)
def test_ships_numbers(name: str, number: str) -> None:
    token = read(name, Kind.VESSEL).tokens[-1]
    assert (token.role, token.concept) == (Role.NUMBER, f"number:{number}")


def test_ships_have_no_trade_words() -> None:
    assert [t.role for t in read("M/V Port Bank No. 4", Kind.VESSEL).tokens] == [
        Role.WORD,
        Role.WORD,
        Role.WORD,
        Role.WORD,
        Role.PARTICLE,
        Role.NUMBER,
    ]
    assert read("MV Sea Star", Kind.VESSEL).tokens[0].role is Role.SOFT


def test_numbers_with_endings() -> None:
    assert next(t.concept for t in read("18th TsNII").tokens if t.role is not Role.PARTICLE) == "number:18"
    assert [t.role for t in read("41-й Центральный завод").tokens][:2] == [Role.NUMBER, Role.PARTICLE]


def test_roman_numerals_count_last_only() -> None:
    assert read("Zavod imeni VI Luzyanin").tokens[2].role is not Role.NUMBER
    assert read("Persia Holding II").tokens[-1].concept == "number:2"


@pytest.mark.parametrize("name", ["ИП Иванов Иван Иванович", "SOLE PROPRIETOR ANNA VYACHESLAVOVNA OREKHOVA"])
def test_a_sole_proprietor_is_read_as_the_person_too(name: str) -> None:
    company, person = read_name(name, Kind.ORGANIZATION)
    assert company.tokens[0].concept == "form:ip"
    assert {Role.GIVEN, Role.PATRONYMIC} <= {token.role for token in person.tokens}
    assert Role.LEGAL_FORM not in {token.role for token in person.tokens}


@pytest.mark.parametrize(
    ("name", "is_company", "is_person"),
    [
        ("Caspian Dried Fruit Trading LLC", True, False),
        ("Bank Melli", True, False),
        ("Ivan Petrov", False, True),
        ("Soroush Dadkhah", False, True),
        ("Mohammad Trading", True, True),
    ],
)
def test_a_name_of_unknown_kind_is_read_by_what_it_holds(name: str, is_company: bool, is_person: bool) -> None:
    roles = [{token.role for token in form.tokens} for form in read_name(name, None)]
    company = {Role.CONCEPT, Role.LEGAL_FORM, Role.SOFT}
    assert any(r & company for r in roles) is is_company
    assert any(not r & company for r in roles) is is_person


def test_the_joined_name_leaves_out_what_does_not_tell() -> None:
    assert read("ООО «Рос-оборон-экспорт»").joined == read("Rosoboron Eksport LLC").joined == "rosoboroneksport"


@pytest.mark.parametrize(
    "name",
    [
        "Искра имени Ивана Ивановича Картукова",
        "Iskra named after I. I. Kartukov",
        "I. I. Kartukovról elnevezett Iszkra",
        "I. I. Kartukovo vardo Iskra",
    ],
)
def test_of_whom_it_is_named_after_only_the_family_name_is_told(name: str) -> None:
    told = [token for token in read(name).tokens if token.role in (Role.WORD, Role.INITIAL)]
    assert len(told) == 2
    assert any(token.plain.startswith("kartukov") for token in told)


def test_a_bulgarian_article_is_an_ending() -> None:
    assert concepts("Публичното акционерно дружество")[0] == "form:pjsc"


@pytest.mark.parametrize(
    ("hungarian", "meant"),
    [
        ("Novoszibirszki Műszergyártó Üzem", "Novosibirsk Instrument-Making Plant"),
        ("„Szignál” Rt.", "Signal"),
        ("Sokinról elnevezett Iszkra Rt.", "Iskra named after Shokin"),
        ("Vologdai Üzem Rt.", "Vologda Plant"),
    ],
)
def test_a_hungarian_name_is_read_in_english_spelling_too(hungarian: str, meant: str) -> None:
    respelt = read_name(hungarian, Kind.ORGANIZATION)[-1]
    ours, theirs = (
        {t.concept or t.sound for t in name.tokens if t.role not in (Role.LEGAL_FORM, Role.PARTICLE)}
        for name in (respelt, read(meant))
    )
    assert ours == theirs
    assert len(read_name("Szczecin Holding", Kind.ORGANIZATION)) == 1


@pytest.mark.parametrize("name", ["Al Kawthar Company", "The Kawthar Company", "شركة الكوثر"])
def test_an_article_does_not_tell(name: str) -> None:
    forms = read_name(name, Kind.ORGANIZATION)
    assert any([t.skeleton for t in form.tokens if t.role is Role.WORD] == ["ksr"] for form in forms)


def test_initials_of_a_man_are_no_legal_form() -> None:
    roles = [token.role for token in read("A. G. Shipunov Design Bureau").tokens]
    assert Role.LEGAL_FORM not in roles
    assert read("Volga Bau A.G.").tokens[-1].role is Role.LEGAL_FORM


def test_a_legal_form_after_a_comma_begins_another_name() -> None:
    written = [form.written for form in read_name("ФКП «КГКПЗ», ФКП «Казанский пороховой завод»", Kind.ORGANIZATION)]
    assert written[1:] == ["ФКП «КГКПЗ»", "ФКП «Казанский пороховой завод»"]
    assert len(read_name("Romashka, Ltd", Kind.ORGANIZATION)) == 1


@pytest.mark.parametrize(
    ("name", "concepts_read"),
    [
        ("АО «КБ Аметист»", ["form:jsc", "trade:okb", ""]),
        ("ООО ТД Восток", ["form:llc", "trade:tradinghouse", "trade:east"]),
        ("Восток КБ Север", ["trade:east", "", "trade:north"]),
    ],
)
def test_abbreviations_of_two_letters_are_read_at_the_edges_and_after_the_form(
    name: str, concepts_read: list[str]
) -> None:
    assert concepts(name) == concepts_read
