"""Labels as CSV and COCO, there and back, and what is wrong with a file by its place."""

import json

import pytest

from diagnosis.labelling import coco, table
from diagnosis.labelling.records import LabelRecord, MarkRecord, Place, Reading
from diagnosis.labelling.regions import Region

NAMES = ["COVID", "NonCOVID"]
MARKS = (
    MarkRecord(Region("box", ((4, 5), (20.5, 16))), "COVID", "2.25.1.1", 1, 512, 512),
    MarkRecord(
        Region("polygon", ((1, 1), (9, 1), (9, 9.5))), "COVID", "2.25.1.2", 3, 64, 64
    ),
)
RECORDS = [
    LabelRecord("2.25.1", "ann", "COVID", comment='=1+1, "quoted"', marks=MARKS),
    LabelRecord("2.25.1", "bob", "NonCOVID", stands=True),
    LabelRecord("2.25.2", "李", "NonCOVID", comment="'-x"),
]


def said(reading: Reading) -> list[object]:
    return [
        (
            label.study_instance_uid,
            label.reader,
            label.answer,
            label.comment,
            [
                (m.kind, m.answer, m.sop_instance_uid, m.frame, m.points)
                for m in label.marks
            ],
        )
        for label in reading.labels
    ]


EXPECTED = [
    (
        record.study_instance_uid,
        record.reader,
        record.answer,
        record.comment,
        [
            (m.region.kind, m.answer, m.sop_instance_uid, m.frame, m.region.points)
            for m in record.marks
        ],
    )
    for record in RECORDS
]


def test_csv_comes_back_as_it_went_and_holds_no_formula() -> None:
    text = table.written(RECORDS)

    reading = table.read(text.encode())

    assert reading.flaws == []
    assert said(reading) == EXPECTED
    assert ",=1" not in text


def test_coco_comes_back_as_it_went() -> None:
    text = coco.written(RECORDS, names=NAMES, title="Viral pneumonia")

    reading = coco.read(text.encode())

    assert reading.flaws == []
    assert said(reading) == EXPECTED
    box, polygon = json.loads(text)["annotations"]
    assert (box["bbox"], box["area"]) == ([4, 5, 16.5, 11], 181.5)
    assert polygon["segmentation"] == [[1, 1, 9, 1, 9, 9.5]]


def test_coco_of_another_tool_takes_the_answer_from_its_marks() -> None:
    document = {
        "categories": [{"id": 7, "name": "COVID"}],
        "images": [
            {"id": 1, "study_instance_uid": "2.25.1", "sop_instance_uid": "2.25.1.1"}
        ],
        "annotations": [{"image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4]}],
    }

    reading = coco.read(json.dumps(document).encode())

    assert said(reading) == [
        ("2.25.1", "", "COVID", "", [("box", "COVID", "2.25.1.1", 1, ((1, 2), (4, 6)))])
    ]


@pytest.mark.parametrize(
    ("content", "place", "code", "field"),
    [
        (b"\xff\xfe", Place("file"), "not_utf8", ""),
        (b"study_instance_uid\n1\n", Place("file"), "no_column", "label_name"),
        (
            b"study_instance_uid,label_name\n,A\n",
            Place("line", 2),
            "empty",
            "study_instance_uid",
        ),
        (b'study_instance_uid,label_name\n1,A\n2,"B', Place("line", 3), "not_csv", ""),
        (
            b"study_instance_uid,label_name,marks\n1,A,{\n",
            Place("line", 2),
            "marks_not_json",
            "marks",
        ),
        (
            b'study_instance_uid,label_name,marks\n1,A,"[{""points"":1}]"\n',
            Place("line", 2),
            "mark_points",
            "marks",
        ),
        (
            b"study_instance_uid,label_name,comment\n1,A,x\0\n",
            Place("line", 2),
            "not_text",
            "comment",
        ),
    ],
)
def test_a_flaw_of_csv_is_told_by_its_line(
    content: bytes, place: Place, code: str, field: str
) -> None:
    found = table.read(content).flaws

    assert [(flaw.place, flaw.code, flaw.field) for flaw in found] == [
        (place, code, field)
    ]


@pytest.mark.parametrize(
    ("document", "place", "code"),
    [
        ("{\n oops", Place("line", 2), "not_json"),
        ([], Place("file"), "not_coco"),
        ({"categories": []}, Place("file"), "not_coco"),
        ({"categories": [1], "images": {}}, Place("file"), "no_list"),
        (
            {
                "categories": [{"id": 1, "name": "A"}],
                "images": [{"id": 1}],
                "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2]}],
            },
            Place("annotation", 1),
            "mark_points",
        ),
        (
            {
                "categories": [{"id": 1, "name": "A"}],
                "annotations": [
                    {"image_id": 9, "category_id": 1, "bbox": [1, 2, 3, 4]}
                ],
            },
            Place("annotation", 1),
            "unknown_id",
        ),
        (
            {
                "categories": [{"id": 1, "name": "A"}],
                "study_labels": [{"category_id": [], "study_instance_uid": "1"}],
            },
            Place("study label", 1),
            "unknown_id",
        ),
        (
            {
                "categories": [{"id": 1, "name": "A"}],
                "study_labels": [
                    {
                        "category_id": 1,
                        "study_instance_uid": "1",
                        "comment": "half \ud800",
                    }
                ],
            },
            Place("study label", 1),
            "not_text",
        ),
    ],
)
def test_a_flaw_of_coco_is_told_by_its_place(
    document: object, place: Place, code: str
) -> None:
    text = document if isinstance(document, str) else json.dumps(document)

    found = coco.read(text.encode()).flaws

    assert [(flaw.place, flaw.code) for flaw in found] == [(place, code)]
