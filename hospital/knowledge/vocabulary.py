"""The fixed words of a library entry: its headings, its categories, its departments."""

LANGUAGES = ("en", "zh")

# What a section answers: type of question -> heading by language.
HEADINGS: dict[str, dict[str, str]] = {
    "information": {"en": "What it is", "zh": "这是什么"},
    "symptoms": {"en": "Symptoms", "zh": "有哪些表现"},
    "causes": {"en": "Causes", "zh": "常见原因"},
    "self_care": {"en": "What you can do yourself", "zh": "自己可以怎么做"},
    "see_doctor": {"en": "When to see a doctor", "zh": "什么时候该看医生"},
    "emergency": {"en": "Emergency signs", "zh": "哪些情况要马上急救"},
    "tests": {"en": "Tests", "zh": "可能要做的检查"},
    "treatment": {"en": "Treatment", "zh": "怎么治疗"},
    "risks": {"en": "Risks", "zh": "有什么风险"},
    "prevention": {"en": "Prevention", "zh": "怎么预防"},
    "living": {"en": "Living with it", "zh": "平时生活要注意什么"},
    "preparation": {"en": "Preparation", "zh": "事先怎么准备"},
    "procedure": {"en": "What happens", "zh": "过程是怎样的"},
    "after": {"en": "Afterwards", "zh": "做完以后"},
    "questions": {"en": "Questions to ask", "zh": "可以向医生问什么"},
}
FAQ = "faq"  # its headings are the questions themselves
CATEGORIES = (
    "symptom",
    "disease",
    "pregnancy",
    "childhood",
    "medicine",
    "test",
    "visit",
    "infection",
    "first_aid",
    "screening",
    FAQ,
)
DEPARTMENTS = frozenset(
    {
        "ent",
        "breast surgery",
        "cardiology",
        "colorectal surgery",
        "dental",
        "dermatology",
        "emergency",
        "endocrinology",
        "gastroenterology",
        "general medicine",
        "general surgery",
        "geriatrics",
        "gynaecology",
        "haematology",
        "infectious diseases",
        "nephrology",
        "neurology",
        "neurosurgery",
        "obstetrics",
        "oncology",
        "ophthalmology",
        "oral surgery",
        "orthopaedics",
        "paediatrics",
        "plastic surgery",
        "psychiatry",
        "rehabilitation",
        "respiratory medicine",
        "rheumatology",
        "thoracic surgery",
        "urology",
        "vascular surgery",
    }
)
EMERGENCY_NUMBER = "{emergency_number}"  # a hospital's setting fills it in


def question_type(heading: str, lang: str) -> str | None:
    """Return the type of question that a heading stands for, if it is one of ours."""
    return next(
        (kind for kind, words in HEADINGS.items() if words[lang] == heading), None
    )
