"""What is wrong with a mark or with a file of labels, as people say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any  # Any: a flaw as JSON

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

REGION_SENTENCES = {
    "kind": gettext_lazy("it is neither a box nor a polygon."),
    "points": gettext_lazy("a box has two corners, a polygon three points or more."),
    "too_many": gettext_lazy("it has too many points."),
    "outside": gettext_lazy("it reaches beyond the image."),
    "too_small": gettext_lazy("it is smaller than a pixel."),
    "size": gettext_lazy("it was drawn on an image of another size."),
    "plane": gettext_lazy("it was drawn in another plane than the image's."),
    "no_image": gettext_lazy("it lies on no image of this study."),
    "label": gettext_lazy("it shows none of the project's labels."),
}
PLACES = {
    "file": pgettext_lazy("place in a file", "whole file"),
    "line": pgettext_lazy("place in a file", "line %(number)s"),
    "image": pgettext_lazy("place in a file", "image %(number)s"),
    "annotation": pgettext_lazy("place in a file", "annotation %(number)s"),
    "study label": pgettext_lazy("place in a file", "study label %(number)s"),
    "report": pgettext_lazy("place in a file", "report %(number)s"),
    "segmentation": pgettext_lazy("place in a file", "segmentation %(number)s"),
}
FLAWS = {
    "not_utf8": gettext_lazy("The file is not UTF-8 text. Save it as UTF-8."),
    "not_csv": gettext_lazy("This line is no CSV. Mend its quotation marks."),
    "not_json": gettext_lazy("This is no JSON. Export the file again."),
    "not_coco": gettext_lazy("This is not as COCO has it. Export the file again."),
    "not_zip": gettext_lazy(
        "The ZIP, or a file in it, cannot be opened. Pack it again."
    ),
    "no_report": gettext_lazy(
        "This is no DICOM structured report or segmentation with a label. Leave it out."
    ),
    "not_binary": gettext_lazy(
        "This segmentation is not binary with one bit a pixel. Export it as binary."
    ),
    "no_frames": gettext_lazy("Nothing is marked in this segmentation. Leave it out."),
    "frame_count": gettext_lazy(
        "This segmentation does not describe each of its frames. Export it again."
    ),
    "mask_too_large": gettext_lazy(
        "This segmentation has too many frames, segments or ragged edges. Split it."
    ),
    "no_segment": gettext_lazy(
        "Frame %(value)s belongs to no segment of the file. Export it again."
    ),
    "no_source": gettext_lazy(
        "Frame %(value)s does not name the one image that it was drawn on, pixel by "
        "pixel. Export it with its source images."
    ),
    "several_answers": gettext_lazy(
        "The segments of study %(value)s show several labels, and nothing says the "
        "answer. Send its marks as COCO with study_labels."
    ),
    "too_slow": gettext_lazy(
        "Reading took too long: from here on nothing was read. Split the file."
    ),
    "too_many_points": gettext_lazy(
        "The marks have too many points to be looked over at once. Split the file."
    ),
    "no_list": gettext_lazy("This part of the file must be a list."),
    "no_column": gettext_lazy("This column is missing. Add it to the header."),
    "too_many": gettext_lazy("There are more labels than %(value)s. Split the file."),
    "empty": gettext_lazy("Nothing stands here. Fill it in."),
    "not_text": gettext_lazy("There is a sign in it that is no text. Take it out."),
    "no_labels": gettext_lazy("There is no label in it."),
    "marks_not_json": gettext_lazy("The marks are no list in JSON."),
    "mark_points": gettext_lazy("A mark has no readable corners or points."),
    "unknown_id": gettext_lazy("Nothing in the file has the id %(value)s."),
    "no_answer": gettext_lazy(
        "The marks of study %(value)s show several labels: add its answer to study_labels."
    ),
    "no_reader": gettext_lazy("Nobody is named. Choose whose labels they are."),
    "unknown_reader": gettext_lazy(
        "%(value)s is not named in this project. Add them, or mend the name."
    ),
    "unknown_study": gettext_lazy("The project has no study %(value)s."),
    "unknown_label": gettext_lazy("The project has no label %(value)s."),
    "twice": gettext_lazy("%(value)s has a label for this study further up already."),
    "no_marks": gettext_lazy("In this project the study alone is labelled."),
    "too_many_readers": gettext_lazy(
        "%(value)s would be one reader too many for this study."
    ),
}


@dataclass(frozen=True, slots=True)
class ToldFlaw:
    """A flaw in the reader's language: where, in which field, and what to do."""

    place: str
    field: str
    code: str
    told: str


def told_flaw(flaw: Mapping[str, Any]) -> ToldFlaw:
    """Return a kept flaw as people say it."""
    code, value = flaw["code"], {"value": flaw["value"]}
    region = code.removeprefix("region_")
    if code != region:
        told = _("A mark is wrong: %(why)s") % {"why": REGION_SENTENCES[region]}
    else:
        told = str(FLAWS[code]) % value
    place = PLACES[flaw["place"]["kind"]] % {"number": flaw["place"]["number"]}
    return ToldFlaw(place, flaw["field"], code, told)
