"""Why a model gave no answer, as people say it in each language.

A finding keeps the sentence that the model's own rules made, in the store's language.
Where the reader's language is another, the sentence of its code stands in for it.
"""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

STORE_LANGUAGE = "en"
SENTENCES = {
    "wrong_modality": _("This model reads CT; the series is something else."),
    "not_ct_image": _("The series holds no original CT images."),
    "localizer": _("The series is a localizer, not a scan."),
    "other_body_part": _("This model reads the chest; the series shows another part."),
    "chest_not_named": _("Nothing in the series says that it shows the chest."),
    "not_axial": _("This model reads axial slices; these lie in another plane."),
    "pixel_spacing": _("The pixel spacing is missing, or not one the model knows."),
    "slice_spacing": _("The slice spacing is missing, or not one the model knows."),
    "too_few_slices": _("The series holds too few slices."),
    "too_small": _("The image has too few pixels for the model."),
    "odd_shape": _("An image of this shape is no CT slice."),
    "colour": _("The image is in colour; a CT slice is grey."),
    "flat": _("The image is almost one shade throughout."),
    "unlike_training": _(
        "The image is unlike those that the model learned from: look whether it shows "
        "what its headers say."
    ),
    "mixed_orientation": _(
        "The slices lie in several directions: send each direction as a series of its own."
    ),
    "slices_missing": _(
        "Slices seem to be missing from the series: send it again, whole."
    ),
    "lone_slice": _(
        "The series holds one slice only, too little for a chest: send the whole series."
    ),
    "short_series": _(
        "The series covers too little of the body for a chest: send the whole series."
    ),
    "small_field": _(
        "The images are too narrow for a whole chest: send the reconstruction of the full "
        "field."
    ),
    "child": _(
        "The patient is under 18 years old, and the model is for adults: read it without "
        "the model."
    ),
    "metal": _(
        "Metal fills much of the image, and its streaks hide what the model looks for: "
        "read it without the model."
    ),
    "slices_unreadable": _("Some slices could not be decoded."),
    "grey_zone": _("The probability is too close to undecided."),
}


def reason_words(code: str, sentence: str) -> str:
    """Return why a model abstained, in the active language where that is known."""
    language = get_language() or STORE_LANGUAGE
    if language.startswith(STORE_LANGUAGE) or code not in SENTENCES:
        return sentence
    return str(SENTENCES[code])


def metal_words(metal: Mapping[str, int]) -> str:
    """Return what metal in the slices means for an answer."""
    told = ngettext(
        "Metal in %(slices)s of the %(read)s slices that were read: streaks beside it can "
        "look like disease, or hide it. Look at this slice yourself.",
        "Metal in %(slices)s of the %(read)s slices that were read: streaks beside it can "
        "look like disease, or hide it. Look at these slices yourself.",
        metal["slices"],
    ) % {"slices": metal["slices"], "read": metal["read"]}
    if not metal["left_out"]:
        return told
    left_out = ngettext(
        "One slice with much metal did not count in the answer.",
        "%(count)s slices with much metal did not count in the answer.",
        metal["left_out"],
    ) % {"count": metal["left_out"]}
    return f"{told} {left_out}"


def calibration_words(
    *, is_calibrated: bool, calibrated_on: int | None, is_series: bool
) -> str:
    """Return what an answer's number means: how often such an answer is right."""
    if not is_calibrated and is_series:
        return gettext("Not calibrated for whole series: read the number as a score.")
    if not is_calibrated:
        return gettext("Not calibrated: read the number as a score.")
    if not calibrated_on:
        return gettext("Calibrated: of 10 studies given 70 %, about 7 are so.")
    told = (
        gettext("Calibrated on %(count)s series: of 10 given 70 %%, about 7 are so.")
        if is_series
        else gettext(
            "Calibrated on %(count)s images: of 10 given 70 %%, about 7 are so."
        )
    )
    return told % {"count": calibrated_on}
