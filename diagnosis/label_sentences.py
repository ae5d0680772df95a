"""What is wrong with a mark or with a file of labels, as people say it."""

from django.utils.translation import gettext_lazy as _

REGION_SENTENCES = {
    "kind": _("it is neither a box nor a polygon."),
    "points": _("a box has two corners, a polygon three points or more."),
    "too_many": _("it has too many points."),
    "outside": _("it reaches beyond the image."),
    "too_small": _("it is smaller than a pixel."),
    "no_image": _("it lies on no image of this study."),
    "label": _("it shows none of the project's labels."),
}
