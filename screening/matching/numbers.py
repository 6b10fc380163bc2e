"""Every number of the matcher, each with the example that set it. `tests/screening/matching` holds each example.

A number stands beside its example: two names of a kind, and the bounds their name score must keep (0-1000, review
being 700 and match 900). Where a number comes from MATCHING.md, its step is named.
"""

from screening.names.token import Role

# --- likeness of two words (MATCHING.md steps 6 and 9) ---------------------------------------------------------------

SOUND = 0.99
SPELLED_APART = 0.01
SKELETON_SAME = 0.97
SKELETON_BASE = 0.72
SKELETON_WEAK = 0.24
SKELETON_EDIT_LETTERS = 5
SKELETON_TWO_EDIT_LETTERS = 8
SKELETON_ONE_EDIT = 0.82
SKELETON_TWO_EDITS = 0.76
ABBREVIATION_LETTERS = 3
ADJECTIVE = 0.92
ADJECTIVE_LETTERS = 5
NEAR_VOWELS = 0.93
NATIVE_EDIT_LETTERS = 5
GIVEN = 0.96
MEANING = 0.97
LEARNT = 0.93
INITIAL = 0.92
INITIAL_BOTH = 0.97
EDIT_BUDGET = ((3, 0), (7, 1), (11, 2), (10_000, 3))
BOTH_KNOWN = 0.25
TYPO = 0.6
TYPO_LETTERS = 5
TYPO_LETTERS_PERSON = 7
FEMININE = 0.72
FIRST_LETTER = 0.06
LEAST_LIKENESS = 0.6

# --- alignment -------------------------------------------------------------------------------------------------------

WELL_ANSWERED = 0.85
JOINED = 0.97
JOINED_EDITS = 1
JOINED_LIKENESS = 0.85
JOINED_ACROSS = 0.93
MOST_PAIRS_TRIED = 14

# --- weights (step 7) ------------------------------------------------------------------------------------------------

WORD_FLOOR = 0.35
RARITY_GIVEN = 0.45
RARITY_UNKNOWN = 0.8
NAMED_AFTER = 0.3
RARE_LETTERS = 5
RARE = 0.7
ROLE_WEIGHTS = {
    Role.HONORIFIC: 0.06,
    Role.PARTICLE: 0.06,
    Role.INITIAL: 0.25,
    Role.PATRONYMIC: 0.45,
    Role.LEGAL_FORM: 0.04,
    Role.SOFT: 0.10,
    Role.NATION: 0.12,
    Role.CONCEPT: 0.40,
    Role.PLACE: 0.55,
    Role.NUMBER: 0.80,
}

# --- what is left over (step 11) -------------------------------------------------------------------------------------

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
SUBJECT_COST = {**_COST, Role.PATRONYMIC: 0.22}
LISTED_COST = {**_COST, Role.PATRONYMIC: 0.18}
SPARE_NAME = 0.7
SPARE_GIVEN = 0.5
SPARE_LIKENESS = 0.9
RARE_LIKENESS = 0.9
SPARE_CONCEPT = 0.4
TELLING_CONCEPTS = ("trade:trading", "trade:trading house")
PATRONYMIC_CONTRADICTED = 0.80
SINGLE_NAME = 0.85
BOTH_LEFT_PERSON = 0.88
BOTH_LEFT = 0.85
OTHER_NUMBER = 0.6
ONE_NUMBER = 0.9
NOTHING_TELLING = 0.9
WHOLE = 0.97
WHOLE_EDIT = 1.2
WHOLE_LETTERS = 10
ACRONYM = 0.91

# --- qualifiers: what each fact beside the name does to the score, in tenths -----------------------------------------

NAME_ALONE = 950
DECIDED = 980
LEAST_CORROBORATED = 500
CORROBORATED = 30
IDENTIFIER_SHARED = 200
IDENTIFIER_WEAK = 60
IDENTIFIER_DIFFERS = 300
IMO_DIFFERS = 250
BIRTH_DAY = 100
BIRTH_SWAPPED = 60
BIRTH_YEAR = 50
BIRTH_RANGE = 20
BIRTH_NEAR_DAYS = 366
BIRTH_NEAR = 100
BIRTH_DIFFERS = 300
GENDER_SAME = 5
GENDER_DIFFERS = 150
COUNTRY_SAME = 10
COUNTRY_DIFFERS = 40
ADDRESS_SAME = 60
ADDRESS_CITY = 15
ADDRESS_WORDS = 3
ADDRESS_SHARE = 0.7
FLAG_SAME = 20
FLAG_DIFFERS = 20
VESSEL_TYPE_SAME = 10
VESSEL_TYPE_DIFFERS = 20
TONNAGE_SAME = 60
TONNAGE_NEAR = 0.02
TONNAGE_FAR = 0.15
TONNAGE_DIFFERS = 80
BUILT_SAME = 50
BUILT_DIFFERS = 80

# --- the scale -------------------------------------------------------------------------------------------------------

RAW_REVIEW = 0.82
SCALED_REVIEW = 700

# --- what is learnt from the lists -----------------------------------------------------------------------------------

MINED_NAMES = 12
MINED_WORDS = 2
MINED_LETTERS = 3
MINED_LIKENESS = 0.5
MINED_SUPPORT = 2

# --- retrieval -------------------------------------------------------------------------------------------------------

SPLIT_LETTERS = 5
LEAST_BOUND = 0.45
MOST_CANDIDATES = 400
NOT_FOLLOWED = (
    Role.SOFT,
    Role.LEGAL_FORM,
    Role.HONORIFIC,
    Role.PARTICLE,
    Role.NATION,
    Role.INITIAL,
    Role.NUMBER,
)
COMPANY_ROLES = (Role.LEGAL_FORM, Role.CONCEPT, Role.SOFT, Role.NATION)
NOT_JOINED = (Role.LEGAL_FORM, Role.HONORIFIC, Role.PARTICLE)
MOST_COMPARED = 120

# --- words of the explanation ----------------------------------------------------------------------------------------

SAID_SAME = 960
SAID_NEARLY = 850
