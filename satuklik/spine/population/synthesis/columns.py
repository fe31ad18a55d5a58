"""The columns of the register in the order of its lines."""

HOUSEHOLD_COLUMNS = ("id", "kk", "village_id", "address", "rt", "rw", "postal_code", "issued_on")
PERSON_COLUMNS = (
    "id", "nik", "household_id", "village_id", "name", "sex", "birth_place", "birth_date", "religion",
    "blood_type", "marital", "education", "occupation", "relation", "citizenship", "father_name",
    "mother_name", "phone", "dtsen_decile", "status", "updated_on",
)  # fmt: skip
