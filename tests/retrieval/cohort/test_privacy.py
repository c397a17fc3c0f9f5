"""Which metadata columns may stand in a prompt: none but those that were allowed by name."""

import pytest

from retrieval.cohort.privacy import blocked_columns, shareable
from retrieval.documents import RecordDescriber, metadata_words, without_metadata

PERSONAL = {
    "patient_name": ["x"], "Surname": ["x"], "HostName": ["x"], "date_of_birth": ["1"],
    "DOB": ["1"], "birthDate": ["1"], "MRN": ["1"], "medical record number": ["1"],
    "hospital_id": ["1"], "Email": ["x"], "e-mail": ["x"], "phone_number": ["1"],
    "latitude": ["40.7"], "lon": ["1"], "geo_loc_lat": ["1"], "GPS coordinates": ["1"],
    "home_address": ["x"], "ZIP": ["1"], "year of birth": ["1950"],
    "contact": ["ada@example.org", "b@example.org"],
    "note": ["call me", "+41 79 123 45 67"],
    "site": ["52.5200, 13.4050", "48.8566, 2.3522"], "x1": ["1950-03-04", "1961-12-01"],
    "who": [f"Ada{chr(97 + at)} Weber{chr(97 + at)}" for at in range(9)],
}  # fmt: skip
HARMLESS = {
    "age": ["40"], "sex": ["female"], "bmi": ["21.5"], "diet": ["vegan"], "birth_mode": ["Vaginal"],
    "subject": ["P1"], "host_scientific_name": ["Homo sapiens"], "collection_date": ["2019-05-01"],
    "geo_loc_name": ["USA: Boston"], "long_term_use": ["no"],
    "species": ["Bacteroides fragilis"] * 12,
    "latency_days": ["3"], "mobile_elements": ["4"], "antibiotic": ["none"],
    "number_of_reads": ["10"],
    "name_of_drug": ["metformin"],
}  # fmt: skip


@pytest.mark.parametrize("column", PERSONAL)
def test_personal_columns_are_blocked(column):
    (found,) = blocked_columns({column: PERSONAL[column]})
    assert found.column == column
    assert found.reason


@pytest.mark.parametrize("column", HARMLESS)
def test_other_columns_are_not(column):
    assert blocked_columns({column: HARMLESS[column]}) == []


def test_only_allowed_columns_are_shared_and_never_blocked_ones():
    columns = HARMLESS | PERSONAL
    shown, blocked = shareable(columns, ["diet", "MRN", "no such column"])
    assert shown == ("diet",)
    assert [it.column for it in blocked] == ["MRN"]
    assert shareable(columns, []) == ((), ())


def test_the_text_of_a_sample_names_nobody():
    attributes = [("diet", "vegan"), ("patient_name", "Ada Weber"), ("contact", "a@example.org")]
    document = RecordDescriber().sample("S1", attributes, [[("Prevotella copri", 41.0)]])
    assert "vegan" in document.text
    assert "Weber" not in document.text
    assert "example.org" not in document.text


def test_prompts_get_the_profile_and_what_was_allowed():
    attributes = [("diet", "vegan"), ("diagnosis", "CD"), ("patient_name", "Ada Weber")]
    text = f"{metadata_words(attributes)}. dominated by Prevotella copri 41.0 %"
    assert without_metadata(text, attributes) == "dominated by Prevotella copri 41.0 %"
    allowed = without_metadata(text, attributes, ["diet", "patient_name"])
    assert allowed == "diet vegan. dominated by Prevotella copri 41.0 %"
    # A text made before the metadata changed, or by an older version, loses all but the profile.
    old = "diet omnivore; patient_name Ada Weber. dominated by Prevotella copri 41.0 %"
    assert without_metadata(old, attributes) == "dominated by Prevotella copri 41.0 %"
    assert without_metadata("diet omnivore", attributes) == ""
