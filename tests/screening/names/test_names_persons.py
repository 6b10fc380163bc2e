"""Reading persons' names: what each word does."""

import pytest

from lists.entity import Kind
from screening.names.reading import read_name
from screening.names.token import ReadName, Role


def read(name: str) -> ReadName:
    return read_name(name, Kind.PERSON)[0]


def role_of(name: str, word: str) -> Role:
    return next(token.role for token in read(name).tokens if token.text == word)


def concept_of(name: str, word: str) -> str:
    return next(token.concept for token in read(name).tokens if token.text == word)


@pytest.mark.parametrize(
    ("name", "patronymic", "father"),
    [
        ("Соловьёв Владимир Николаевич", "Николаевич", "nikolai"),
        ("Roman Arkadyevich ABRAMOVICH", "Arkadyevich", "arkadi"),
        ("ABRAMOVICH Roman Arkadyevich", "Arkadyevich", "arkadi"),
        ("Marina Mykolaivna Zheinova", "Mykolaivna", "nikolai"),
        ("Марина Миколаївна Жейнова", "Миколаївна", "nikolai"),
        ("Igor Valentinovitsch Juschenko", "Valentinovitsch", "valentin"),
        ("Viktor Olegovitj Bondarenko", "Olegovitj", "oleg"),
        ("Dmitri Anatoljevitš Medvedev", "Anatoljevitš", "anatoli"),
        ("Ihar Uladzimiravich Mazhylouski", "Uladzimiravich", "vladimir"),
        ("Anna Vyacheslavovna Orekhova", "Vyacheslavovna", "vyacheslav"),
        ("Sergiusz Ilyich Petrov", "Ilyich", "ilya"),
        ("Aleksandrs Sergejevičs Ivanovs", "Sergejevičs", "sergei"),
        ("Piotr Aleksandrowicz Nowak", "Aleksandrowicz", "aleksandr"),
    ],
)
def test_patronymics_in_all_romanisations(name: str, patronymic: str, father: str) -> None:
    assert role_of(name, patronymic) is Role.PATRONYMIC
    assert concept_of(name, patronymic) == f"patronymic:{father}"


@pytest.mark.parametrize("name", ["Roman Abramovich", "Slobodan Milošević", "Рабинович Лев"])
def test_a_family_name_is_no_patronymic(name: str) -> None:
    assert all(token.role is not Role.PATRONYMIC for token in read(name).tokens)


@pytest.mark.parametrize("name", ["Ilham Heydar oglu Aliyev", "Ильхам Гейдар оглы Алиев", "Mehriban Arif qızı Aliyeva"])
def test_turkic_patronymics(name: str) -> None:
    roles = [token.role for token in read(name).tokens]
    assert roles[1:3] == [Role.PATRONYMIC, Role.PATRONYMIC]
    assert roles[3] is Role.WORD


ONE_GIVEN_NAME = [
    "Nikolai Mykola Mikalai Николай Микола نیکلای",
    "Aleksandr Oleksandr Aliaksandr Alexander Олександр Аляксандр",
    "Mohammad Muhammad Mohamed Magomed Мухаммад Магомед محمد",
    "Hossein Hussein Husayn Huseyn Хоссейн Гусейн حسین",
    "Qasem Ghasem Kassem Qassim Касем قاسم",
    "Yousef Yusuf Iusuf Юсуф یوسف",
    "Esmail Ismail Исмаил اسماعیل",
    "Ruhollah Rouhollah Ruhullah روح‌الله",
    "Abdolreza Abdulreza Abdorreza عبدالرضا",
    "Yevgeny Evgenii Yevhen Jevgenij Евгений Євген",
]


@pytest.mark.parametrize("spellings", ONE_GIVEN_NAME)
def test_given_names_have_one_concept(spellings: str) -> None:
    concepts = {word: read(word).tokens[0].concept for word in spellings.split()}
    assert len(set(concepts.values())) == 1, concepts
    assert next(iter(concepts.values())).startswith("given:")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hamid", "Hamed"),
        ("Ahmad", "Hamed"),
        ("Hassan", "Hossein"),
        ("Karim", "Karam"),
        ("Andrei", "Anton"),
        ("Mahmoud", "Mohammad"),
        ("Majid", "Masoud"),
        ("Rashid", "Rashad"),
        ("حمید", "حامد"),
        ("Sergei", "Semen"),
    ],
)
def test_different_given_names_have_different_concepts(one: str, other: str) -> None:
    concepts = {read(one).tokens[0].concept, read(other).tokens[0].concept}
    assert "" not in concepts
    assert len(concepts) == 2


@pytest.mark.parametrize(
    ("name", "same_as"),
    [
        ("Abd al-Reza Rahmani", "Abdolreza Rahmani"),
        ("Abd-ol-Reza Rahmani", "Abdolreza Rahmani"),
        ("Abdul Reza Rahmani", "Abdolreza Rahmani"),
        ("Nur al-Din Zengi", "Nureddin Zengi"),
        ("Abu al-Fadl Nazari", "Abolfazl Nazari"),
        ("Abol Fazl Nazari", "Abolfazl Nazari"),
        ("Rouh Allah Zam", "Ruhollah Zam"),
        ("روح الله زم", "Ruhollah Zam"),
        ("ابو القاسم زنگی", "Abolghasem Zangi"),
    ],
)
def test_compound_names_are_one_word(name: str, same_as: str) -> None:
    assert read(name).tokens[0].concept == read(same_as).tokens[0].concept != ""
    assert len(read(name).tokens) == 2


def test_abu_without_article_is_a_word_of_its_own() -> None:
    assert [token.role for token in read("Abu Mahdi Karimi").tokens] == [Role.PARTICLE, Role.GIVEN, Role.WORD]


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("Haj Qassem Soleimani", [Role.HONORIFIC, Role.GIVEN, Role.WORD]),
        ("دکتر محمود احمدی‌نژاد", [Role.HONORIFIC, Role.GIVEN, Role.WORD]),
        ("Brigadier General Amir Hajizadeh", [Role.HONORIFIC, Role.HONORIFIC, Role.GIVEN, Role.WORD]),
        ("V. V. Putin", [Role.INITIAL, Role.INITIAL, Role.WORD]),
        ("О. В. Демяшева", [Role.INITIAL, Role.INITIAL, Role.WORD]),
        ("Osama bin Laden", [Role.WORD, Role.PARTICLE, Role.WORD]),
        ("Sardar", [Role.WORD]),
    ],
)
def test_roles_of_small_words(name: str, roles: list[Role]) -> None:
    assert [token.role for token in read(name).tokens] == roles


def test_marks_of_stress_are_no_letters() -> None:
    marked, plain = (read_name(name, Kind.PERSON)[0].tokens for name in ("Анато́лий Ва́ссерман", "Анатолий Вассерман"))
    assert marked == plain
    assert read_name("Ракитскӣй Ѓорѓи", Kind.PERSON)[0].words == ("Ракитскӣй", "Ѓорѓи")


def test_a_bracketed_word_stands_for_the_word_before_it() -> None:
    assert [form.written for form in read_name("Lom-ali Butayev (Butaev)", Kind.PERSON)] == [
        "Lom-ali Butayev",
        "Lom ali Butaev",
    ]


def test_an_arabic_article_may_be_left_out() -> None:
    skeletons = {form.tokens[-1].skeleton for form in read_name("سيمون الوكيل", Kind.PERSON)}
    assert read("Simon Wakil").tokens[-1].skeleton in skeletons
    assert len(read_name("الهام علیزاده", Kind.PERSON)) == 1


def test_company_words_are_names_in_a_persons_name() -> None:
    assert all(token.role is Role.WORD for token in read("Bank Zavod").tokens)
