"""All romanisations of one name sound the same; different names do not; skeletons meet across scripts."""

import pytest

from screening.names.words import fold_word

ONE_SOUND = [
    # Cyrillic, ISO 9 / BGN / ICAO / passports 1997 and 2010 / French / German / Polish / Nordic / Hungarian
    "Щербаков Shcherbakov Ščerbakov Chtcherbakov Schtscherbakow Szczerbakow Scherbakov",
    "Соловьёв Соловьев Solovyov Soloviev Solovjev Solov'ev Solovyev",
    "Алексеев Alekseev Alekseyev Alexeev Alexeyev Aleksejev",
    "Дмитриевич Dmitrievich Dmitriyevich Dmitrijevič Dmitrievitch Dmitriewitsch Dmitrijevitj",
    "Юрьевич Yuryevich Yurievich Iurevich Jurjevič Jurjevitj",
    "Николай Nikolai Nikolay Nikolaj Nikolaï",
    "Сергей Sergei Sergey Sergej Serguei",
    "Харитонов Kharitonov Haritonov Xaritonov",
    "Цапко Tsapko Capko Tzapko",
    "Шувалов Shuvalov Šuvalov Schuwalow Sjuvalov",
    "Жуков Zhukov Žukov Zjukov",
    "Чайка Chaika Chayka Čajka Tchaika Tschaika Tšaika",
    "Фёдор Fyodor Fedor Fjodor",
    "Юлия Yulia Yuliya Iuliia Julia Julija",
    "Иванов Ivanov Ivanow Ivanoff Iwanow",
    "Джабаров Dzhabarov Djabarov Jabarov Dschabarow",
    # ё in Bulgarian, Ukrainian, Lithuanian and Spanish; soft letters of Slovak and Czech; Swedish -djev-
    "Царёв Царьов Tsaryov Tsariov Carjov",
    "Воробьёва Vorobyova Vorobiova",
    "Дюмин Ďumin Dyumin",
    "Тюрин Ťurin Tyurin",
    "Артём Артьом Arťom Artyom",
    "Геннадьевич Gennadjevitj Gennadyevich",
    # Persian
    "Rouhani Roohani Ruhani",
    "Ghasemi Qasemi Gasemi",
    "Hosseini Hoseini Hosseyni Hosayni",
    "Alizadeh Alizade",
    "Moradpour Moradpur Moradpoor",
    "Khamenei Xamenei Хаменеи",
    # English ch and c for k, beside the Slavic ch and c
    "Русбитех Rusbitekh Rusbitech",
    "Вектор Vektor Vector",
    "Гидромаш Gidromash Hydromash",
    "Промтехнология Promtekhnologiya Promtechnology",
    # Arabic names with an article inside
    "Abdulhalim Abdelhalim Abdolhalim Abdalhalim",
    "Abdulrahman Abdurrahman Abdorrahman",
    "Salahuddin Salaheddine Salahaldin",
    # Greek, which spells d as nt, b as mp, g as gk
    "Δονέτσκ Ντονέτσκ Donetsk Донецк",
    "Λουγκάνσκ Lugansk Луганск",
    "Γκαζπρόμ Gazprom Газпром",
    "Βλαντίμιρ Vladimir Владимир",
    # Turkish and Azerbaijani letters
    "Şahin Shahin",
    "Əliyev Aliyev Алиев",
]


@pytest.mark.parametrize("spellings", ONE_SOUND)
def test_romanisations_of_one_name_sound_the_same(spellings: str) -> None:
    sounds = {word: fold_word(word).sound for word in spellings.split()}
    assert len(set(sounds.values())) == 1, sounds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hamid", "Hamed"),
        ("Karimi", "Karami"),
        ("Karim", "Karam"),
        ("Hasan", "Hosein"),
        ("Petrov", "Petrova"),
        ("Sokolov", "Sokol"),
        ("Olya", "Olga"),
        ("Rosneft", "Rosnano"),
        ("Ghorb", "Gharb"),
    ],
)
def test_different_names_sound_different(one: str, other: str) -> None:
    assert fold_word(one).sound != fold_word(other).sound


@pytest.mark.parametrize(
    ("persian", "romanised"),
    [
        ("احمدی‌نژاد", "Ahmadinejad"),
        ("سپهر", "Sepehr"),
        ("اصغر", "Asghar"),
        ("آسمان", "Aseman"),
        ("صالح", "Saleh"),
        ("زاده", "Zadeh"),
        ("خوارزمی", "Kharazmi"),
        ("رضایی", "Rezaei"),
        ("ایوانوف", "Ivanov"),
        ("چمران", "Chamran"),
        ("ژاله", "Zhaleh"),
        ("قاسمی", "Ghassemi"),
        ("طاهر", "Taher"),
        ("ضیا", "Zia"),
        ("ثامر", "Thamir"),
        ("فتحی", "Fathi"),
        ("علوش", "Alouche"),
        ("عبدالرحمن", "Abderrahmane"),
    ],
)
def test_consonants_meet_across_scripts(persian: str, romanised: str) -> None:
    assert fold_word(persian).skeleton == fold_word(romanised).skeleton


@pytest.mark.parametrize(("one", "other"), [("اصغر", "Saqer"), ("آسمان", "Saman"), ("قرب", "Gostar"), ("شرق", "Sarak")])
def test_other_consonants_do_not_meet(one: str, other: str) -> None:
    assert fold_word(one).skeleton != fold_word(other).skeleton


@pytest.mark.parametrize(
    ("written", "same_as"),
    [
        ("علي", "علی"),
        ("كريم", "کریم"),
        ("فاطمة", "فاطمه"),
        ("أحمد", "احمد"),
        ("مـحـمـد", "محمد"),
        ("مُحَمَّد", "محمد"),
    ],
)
def test_persian_and_arabic_letters_are_one(written: str, same_as: str) -> None:
    from screening.names.clean import tidy

    assert fold_word(tidy(written)).native == fold_word(same_as).native


@pytest.mark.parametrize(
    ("mixed", "meant"),
    [("Моrtaza", "mortaza"), ("АО", "ao"), ("АO", "ao"), ("Реtrov", "petrov"), ("ООO", "ooo"), ("Βank", "bank")],
)
def test_letters_of_another_script_go_to_the_majority(mixed: str, meant: str) -> None:
    assert fold_word(mixed).plain == meant


@pytest.mark.parametrize(
    ("word", "script", "plain"),
    [
        ("Αθήνα", "Grek", "athina"),
        ("თბილისი", "Geor", "tbilisi"),
        ("Երևան", "Armn", "erewan"),
        ("中国", "Hani", "zhongguo"),
        ("Straße", "Latn", "strasse"),
        ("Қасым", "Cyrl", "kasym"),
        ("Ўзбек", "Cyrl", "vzbek"),
        ("Ђорђевић", "Cyrl", "djordjevich"),
    ],
)
def test_other_scripts_become_latin(word: str, script: str, plain: str) -> None:
    folded = fold_word(word)
    assert (folded.script, folded.plain) == (script, plain)
