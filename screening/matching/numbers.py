"""Every number of the matcher, each beside the example that set it. The tests hold every example.

`person`, `company` and `vessel` name two names and the bounds of their name score (0-1000, review 700, match 900);
`fact` names a feature, what was asked and what is listed; `limit` says why. Where a number comes from the exploration
before this code (MATCHING.md), its step is named at the head of its section.
"""

from screening.matching.example import company, fact, limit, person, vessel
from screening.names.token import Role

# --- likeness of two words, 0-1 (steps 6 and 9) ----------------------------------------------------------------------

SOUND = person(0.99, "Qassem Soleymani", "Qasem Soleimani", 960, 999)
SPELLED_APART = person(0.02, "Qassem Soleymani", "Ghasem Soleymani", 950, 995)
SKELETON_SAME = person(0.97, "قاسم سلیمانی", "Qasem Soleimani", 900, 970)
SKELETON_BASE = person(0.62, "محمد باقر ذوالقدر", "Mohammad Bagher Zolghadr", 700, 970)
SKELETON_WEAK = person(0.34, "امیرعلی حاجی‌زاده", "Amir Ali Hajizadeh", 850, 1000)
SKELETON_EDIT_LETTERS = person(5, "علی رضا یندی خواه", "Alireza Yazdikhah", 0, 899)
SKELETON_TWO_EDIT_LETTERS = person(8, "رضا کریمی", "Reza Karami", 0, 899)
SKELETON_ONE_EDIT = person(0.82, "غلامحسین غیب‌پور", "Gholamhossein Gheybparvar", 0, 899)
SKELETON_TWO_EDITS = company(0.76, "شرکت سپهرانرژی", "Sepehr Enerzhy", 0, 999)
NATIVE_EDIT_LETTERS = person(5, "حسین رحیمی", "حسین کریمی", 0, 699)
GIVEN = person(0.96, "Mykola Azarov", "Nikolai Azarov", 900, 985)
MEANING = company(0.97, "Bank Sanat va Madan", "Bank of Industry and Mine", 900, 990)
AKIN = company(0.8, "Алексинский химический комбинат", "Aleksinsky Chemical Plant", 700, 899)
LEARNT = limit(0.93, "two listed parties that use both spellings: Gholam and Qolam; nearer to the same than an error")
INITIAL = person(0.92, "V. V. Zhirinovsky", "Vladimir Volfovich Zhirinovsky", 850, 980)
INITIAL_LETTERS = limit(4, "Shch. is the longest initial")
INITIAL_BOTH = person(0.97, "V. V. Putin", "V.V. Putin", 950, 1000)
ABBREVIATION_LETTERS = company(3, "NPP Statusfarm", "NNP", 0, 699)
ADJECTIVE = company(0.92, "Арзамасский машиностроительный завод", "Arzamas Machine-Building Plant", 800, 970)
ADJECTIVE_LETTERS = company(5, "Zavod Lenski", "Zavod Len", 0, 899)
NEAR_VOWELS = person(0.93, "Mohammad Hejazi", "Mohammad Hijazi", 800, 980)
NEAR_LETTERS = person(0.9, "Dmitrij Rogosin", "Dmitry Rogozin", 750, 960)
EDIT_BUDGET = limit(
    ((3, 0), (7, 1), (11, 2), (10_000, 3)), "letters: errors; Ali is not Adi, Hajizadeh may be Hajizade"
)
BOTH_KNOWN = person(0.25, "Hassan Rouhani", "Hossein Rouhani", 0, 699)
KNOWN_IN = limit(3, "a word of fewer listed parties may be a misspelling of one of them")
BOTH_KNOWN_LETTERS = person(6, "Igor Schevtschenko", "Igor Schevtschenka", 650, 960)
BOTH_KNOWN_ACROSS = person(0.1, "Сергей Морозов", "Sergey Marozov", 690, 760)
TYPO = company(0.6, "Rosoboroneksprt", "Rosoboroneksport", 850, 980)
TYPO_LETTERS = company(5, "Sberbnk", "Sberbank", 700, 960)
TYPO_LETTERS_PERSON = person(7, "Igor Makushef", "Igor Makushev", 850, 1000)
DERIVED = person(0.65, "Ghasem Rostami", "Rostam Ghasemi", 0, 699)
CH_AS_KH = person(0.94, "Radij Chabirov", "Radiy Khabirov", 850, 990)
FIRST_LETTER = person(0.2, "Yaroslav Shilov", "Yaroslav Nilov", 0, 699)
LEAST_LIKENESS = person(0.6, "Sergei Lavrov", "Sergei Frolov", 0, 699)

# --- alignment -------------------------------------------------------------------------------------------------------

WELL_ANSWERED = person(0.85, "Ale xander Fedorovich Saulenko", "Alexander Fedorovich Saulenko", 900, 990)
JOINED = person(0.97, "Mahmoud Ahmadi Nejad", "Mahmoud Ahmadinejad", 900, 990)
JOINED_EDITS = person(1, "Haji Zade Amir", "Amir Hajizadeh", 700, 985)
JOINED_LIKENESS = company(0.85, "Siberian Branch Trust", "Siberianbranch Trust", 850, 1000)
JOINED_ACROSS = person(0.93, "مینا ضیایی", "Manzi", 0, 699)
JOINED_ACROSS_LETTERS = person(5, "عبدالحسین خسرو پناه", "Abdolhossein Khosropanah", 800, 900)
MOST_PAIRS_TRIED = limit(14, "all ways of pairing are tried up to here: 2**14 at worst; beyond, the best pair first")

# --- weight of a word (step 7) ---------------------------------------------------------------------------------------

WORD_FLOOR = limit(0.35, "a word that every listed entity has still tells a third of what a rare one does")
RARITY_GIVEN = person(0.45, "Ivan Petrov", "Ivan Sidorov", 0, 600)
RARITY_UNKNOWN = company(0.8, "Volga Trading", "Volga Shipping", 0, 699)
NAMED_AFTER = company(0.3, "Mil Helicopter Plant", "Mil Helicopter Plant", 1000, 1000)
RARE_LETTERS = company(6, "TDG Packaging", "TDG", 0, 899)
RARE_LETTERS_PERSON = person(4, "Abbas Harb", "Abbas Hussein Harb", 700, 899)
RARE = company(0.7, "گروه دوران", "Douran Group", 850, 1000)
_WEIGHTS = {
    Role.LEGAL_FORM: 0.04,
    Role.SOFT: 0.10,
    Role.NATION: 0.12,
    Role.CONCEPT: 0.40,
    Role.PLACE: 0.55,
    Role.NUMBER: 0.80,
}
ROLE_WEIGHTS = person(
    {**_WEIGHTS, Role.HONORIFIC: 0.06, Role.PARTICLE: 0.06, Role.INITIAL: 0.25, Role.PATRONYMIC: 0.45},
    *("Syed Ali Reza Tangsiri", "Alireza Tangsiri", 850, 990),
)
SOFT_ALONE = company(0.3, "Bank Melli Iran", "Bank of Iran", 0, 699)
HARDLY_A_NAME = company(
    frozenset(
        f"soft:{word}"
        for word in ("company", "group", "corporation", "enterprise", "organization", "islamic", "revolution")
    ),
    *("Bank Melli Iran", "Bank Melli Iran Company", 850, 999),
)
COMPANY_WEIGHTS = company(
    {**_WEIGHTS, Role.HONORIFIC: 0.4, Role.PARTICLE: 0.005, Role.INITIAL: 0.4}, "Angstrem-T LLC", "Angstrem", 0, 800
)

# --- what a word costs when nothing answers to it (step 11) ----------------------------------------------------------

_COST = {
    Role.PLACE: 0.9,
    Role.CONCEPT: 0.75,
    Role.NATION: 0.6,
    Role.SOFT: 0.5,
    Role.HONORIFIC: 0.3,
    Role.PARTICLE: 0.3,
    Role.LEGAL_FORM: 0.5,
    Role.INITIAL: 0.5,
}
SUBJECT_COST = person({**_COST, Role.PATRONYMIC: 0.22}, "Igor Olegovich Shchegolev", "Igor Shchegolev", 850, 970)
LISTED_COST = person({**_COST, Role.PATRONYMIC: 0.18}, "Igor Shchegolev", "Igor Olegovich Shchegolev", 850, 980)
SPARE_NAME = person(0.7, "Mohammad Zolghadr", "Mohammad Bagher Zolghadr", 600, 899)
SPARE_GIVEN = person(0.5, "Mohammad Zolghadr", "Mohammad Bagher Zolghadr", 600, 899)
SPARE_BESIDE_RARE = person(0.36, "Abbas Harb", "Abbas Hussein Harb", 700, 899)
SPARE_LIKENESS = person(0.9, "Mohammad Hosseini", "Mohammad Hossein Rezaei", 0, 699)
RARE_LIKENESS = company(0.9, "Kimfar Electronics", "Kimfar", 600, 950)
SPARE_CONCEPT = company(0.4, "Douran Software", "Douran", 650, 950)
TELLING_CONCEPTS = company(("trade:trading", "trade:tradinghouse"), "Rosneft", "Rosneft Trading", 0, 899)
SPARE_SOFT = company(0.4, "Rusvertol", "Rusvertol State Corporation", 700, 950)
TOLD_BY_BRANDS = company(2, "Almaz-Antey", "Concern Almaz-Antey Air Defence", 700, 950)
FALLING = company(0.6, "Rusvertol", "Rusvertol State Atomic Energy Corporation", 610, 899)
LEAST_FALLING = limit(0.3, "from the fourth trade word on, each costs as much as the fourth")
SPARE_KIND = company(0.2, "Tikhomirov JSC", "Tikhomirov Research Institute JSC", 800, 950)
SPARE_KIND_BRAND = company(0.4, "Vektor JSC", "AO NII Vektor", 650, 899)
KINDS_OF_BODY = company(
    frozenset(
        f"trade:{kind}"
        for kind in (
            *("researchinstitute", "institute", "centralresearchinstitute", "center", "researchcenter", "statecenter"),
            *("okb", "design", "npo", "npp", "ntc", "npc", "plant", "works", "production", "association", "laboratory"),
            *("scientific", "research", "headquarters", "united", "central", "main", "experimental"),
        )
    ),
    *("АО «ЦКБ Рубин-Нева»", "Rubin-Neva JSC", 800, 950),
)
SPARE_ABBREVIATION = company(0.25, "Almaz-Antey", "Концерн ВКО Алмаз-Антей", 700, 899)
SPARE_NAMED_AFTER = company(0.3, "Hydromash JSC", "JSC Hydromash named after Luzyanin", 750, 970)
PATRONYMIC_CONTRADICTED = person(0.80, "Vladimir Nikolaevich Solovyov", "Vladimir Rudolfovich Solovyov", 0, 699)
SINGLE_NAME = person(0.85, "Ahmad Mansouri", "M. Ahmad", 0, 699)
BOTH_LEFT_PERSON = person(0.88, "Ali Larijani", "Sadegh Larijani", 0, 699)
BOTH_LEFT = company(0.85, "Bank Saderat Iran", "Bank Sepah", 0, 699)
OTHER_NUMBER = vessel(0.6, "PORT OLYA-3", "PORT OLYA-4", 0, 500)
ONE_NUMBER = vessel(0.9, "PORT OLYA", "PORT OLYA-4", 0, 899)
NOTHING_TELLING = company(0.9, "Tehran Cement Company", "Tehran Petrochemical Company", 0, 600)
FEW_TRANSLATED = company(2, "Sanat Foolad", "Steel Industry", 700, 899)
ONLY_TRANSLATED = company(0.94, "Sanat Foolad", "Steel Industry", 700, 899)
ALL_TRANSLATED = company(0.87, "Bazargani Setareh LLC", "Trade Star FZC", 600, 699)
COMMERCE = company(
    frozenset(
        f"trade:{trade}"
        for trade in ("trading", "tradinghouse", "transport", "shipping", "services", "construction", "sales", "export")
    ),
    *("Sever Forwarding OOO", "Kuzey Lojistik", 600, 699),
)
UNTELLING = company(0.7, "Company Ltd", "ASBL", 0, 699)
WHOLE = company(0.97, "Rosoboron Export", "Rosoboronexport", 930, 990)
WHOLE_EDIT = company(1.2, "Rosoboron Eksport", "Rosoboronexport", 700, 960)
WHOLE_LETTERS = company(10, "Mira Ge", "Mirag", 0, 960)
ACRONYM = company(0.91, "PAKT", "Persian Anahita Kimia Tadbir", 800, 960)

# --- repair of words that no list knows (step 5) ---------------------------------------------------------------------

REPAIR_LETTERS = company(4, "Siberianbranch Trust OOO", "Siberian Branch Trust OOO", 850, 1000)
REPAIR_FORM_LETTERS = company(4, "Open Joint Stck Company Alfakta", "Open Joint Stock Company Alfakta", 850, 999)
REPAIR_PHRASE_WORDS = company(3, "Joint Sock Company Alfakta", "Joint Stock Company Alfakta", 850, 999)
REPAIR_WORD_LETTERS = company(6, "Seper Trast", "Sever Trast", 0, 960)
REPAIR_FOREIGN_LETTERS = company(8, "Tengri Shipping LLC", "Ocean Shipping LLC", 0, 699)
REPAIRED = company(0.97, "Open Joint Stck Company Alfakta", "Open Joint Stock Company Alfakta", 850, 999)

# --- qualifiers: what each fact beside the name does to the score, in tenths -----------------------------------------

NAME_ALONE = limit(950, "a name alone never says more than 95 of 100 (DESIGN.md, Meaning of the score)")
DECIDED = limit(980, "a shared unique identifier decides even where the names differ (DESIGN.md)")
LEAST_CORROBORATED = limit(500, "names this unlike are not made alike by a shared country or birth year")
STRONG_FACT = limit(50, "a birth year (50) may make a review of a name at 65; a country (30), shared by half, may not")
CORROBORATED = limit(30, "a shared country (30) corroborates; a shared gender (5) or city (15) alone does not")
IDENTIFIER_SHARED = fact(200, "identifier", "imo:9481910", "imo:9481910")
IDENTIFIER_WEAK = fact(60, "identifier", "registration:1234", "registration:1234")
REGISTER_LETTERS = limit(9, "a Belarusian payer number, 100104937, is the shortest that registers give out once")
IDENTIFIER_DIFFERS = fact(300, "identifier", "inn:7707083893", "inn:7736050003", against=True)
IMO_DIFFERS = fact(250, "identifier", "imo:9481910", "imo:9481934", against=True)
BIRTH_DAY = fact(100, "birth_date", "1957-03-11", "1957-03-11")
BIRTH_SWAPPED = fact(60, "birth_date", "1957-03-11", "1957-11-03")
BIRTH_YEAR = fact(50, "birth_date", "1957", "1957-03-11")
BIRTH_RANGE = fact(20, "birth_date", "1957", "1955/1959")
BIRTH_NEAR_DAYS = fact(366, "birth_date", "1957-03-11", "1958-03-01", against=True)
BIRTH_NEAR = fact(100, "birth_date", "1957-03-11", "1957-03-12", against=True)
BIRTH_DIFFERS = fact(300, "birth_date", "1957-03-11", "1971", against=True)
GENDER_SAME = fact(5, "gender", "male", "Male")
GENDER_DIFFERS = fact(150, "gender", "female", "Male", against=True)
COUNTRY_SAME = fact(30, "country", "IR", "IR")
COUNTRY_DIFFERS = fact(40, "country", "DE", "IR", against=True)
ADDRESS_SAME = fact(60, "address", "12 Mirdamad Blvd, Tehran 15369", "No. 12, Mirdamad Boulevard, Tehran, 15369, Iran")
ADDRESS_CITY = fact(15, "address", "Valiasr 7, Tehran", "No. 12, Mirdamad Boulevard, Tehran, 15369, Iran")
ADDRESS_WORDS = limit(3, "fewer shared words are a city and a house number")
ADDRESS_SHARE = limit(0.7, "of the shorter address, as lists leave out postcode or district")
FLAG_SAME = fact(20, "vessel_flag", "RU", "RU")
FLAG_DIFFERS = fact(20, "vessel_flag", "PA", "RU", against=True)
VESSEL_TYPE_SAME = fact(10, "vessel_type", "general cargo", "Bulk Cargo")
VESSEL_TYPE_DIFFERS = fact(20, "vessel_type", "Tug", "Crude Oil Tanker", against=True)
TONNAGE_SAME = fact(60, "vessel_tonnage", "4182", "4182")
TONNAGE_NEAR = limit(0.02, "registers round")
TONNAGE_FAR = limit(0.15, "a refit changes a tonnage by a few per cent")
TONNAGE_DIFFERS = fact(80, "vessel_tonnage", "4182", "62000", against=True)
LEAST_SHOWN = limit(250, "a near-miss below 25 of 100 shares next to nothing with the name and tells nobody anything")
BUILT_SAME = fact(50, "vessel_built", "2012", "2012")
BUILT_DIFFERS = fact(80, "vessel_built", "2012", "1989", against=True)

# --- the scale: raw 0-1 to 0-1000 ------------------------------------------------------------------------------------

RAW_REVIEW = limit(0.86, "at raw 0.86 well under 1 % of innocent names alarm (docs/matching.md); it becomes 700")
SCALED_REVIEW = limit(700, "so that review 700 and match 900 are the sensible defaults on every scale")

# --- what is learnt from the lists -----------------------------------------------------------------------------------

MINED_NAMES = limit(12, "names of one entity compared with each other; some have a hundred, which teach nothing more")
MINED_WORDS = limit(2, "two names that differ in more words may be two names")
MINED_LETTERS = limit(3, "shorter words are initials and abbreviations")
MINED_LIKENESS = limit(0.5, "below it translations and different names are paired (ao and jsc, company and group)")
MINED_SUPPORT = limit(2, "one entity may be a listing error")

# --- retrieval -------------------------------------------------------------------------------------------------------

SPLIT_LETTERS = limit(5, "a shorter word is not two")
LEAST_BOUND = limit(0.45, "raw; a near-miss below 400 tells nobody anything")
FAINT_BOUND = limit(
    0.31, "raw; what is below cannot come to LEAST_SHOWN: faint names are looked at where there are few"
)
MOST_FAINT = limit(8, "Mykhalyo Malyshev is found by his family name alone, and the given name seen in scoring")
MOST_CANDIDATES = limit(400, "names by bound that scoring may look at")
MOST_COMPARED = limit(60, "names below the threshold that are scored for the sake of near-misses")
NOT_FOLLOWED = limit(
    (Role.SOFT, Role.LEGAL_FORM, Role.HONORIFIC, Role.PARTICLE, Role.NATION, Role.INITIAL, Role.NUMBER),
    "words of these roles reach thousands of names",
)
COMPANY_ROLES = limit((Role.LEGAL_FORM, Role.CONCEPT, Role.SOFT, Role.NATION), "no person is called OOO or Bank")
NOT_JOINED = limit((Role.LEGAL_FORM, Role.HONORIFIC, Role.PARTICLE), "as `ReadName.joined` leaves them out")

# --- words of the explanation ----------------------------------------------------------------------------------------

SAID_SAME = limit(960, "only spelling differs")
SAID_NEARLY = limit(850, "one word differs by a letter, or an unimportant one is missing")
