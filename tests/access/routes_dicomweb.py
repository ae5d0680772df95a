"""DICOMweb: everybody searches and retrieves what they may see; staff store."""

from tests.access.route import EVERYBODY, STAFF, Route, rest

STORERS = STAFF | {"integrator"}
STUDY = "dicomweb/studies/<str:study>"
SERIES = f"{STUDY}/series/<str:series>"
INSTANCE = f"{SERIES}/instances/<str:instance>"
FRAME = f"{INSTANCE}/frames/<str:frame>"


def of_study(pattern: str, **answers: int) -> Route:
    """Return a line whose row is the study that the address names."""
    return rest(pattern, EVERYBODY, of="study", **answers)


ROUTES = [
    rest("dicomweb/studies", EVERYBODY, may_write=STORERS, get=200, post=415),
    rest("dicomweb/series", EVERYBODY, get=200),
    rest("dicomweb/instances", EVERYBODY, get=200),
    rest(
        STUDY,
        EVERYBODY,
        may_write=STORERS,
        of="study",
        unseen={"GET": 404, "POST": 415},  # the media type is judged first
        get=200,
        post=415,
    ),
    *(
        of_study(f"{level}/{what}", get=200)
        for level in (STUDY, SERIES, INSTANCE)
        for what in ("metadata", "rendered", "thumbnail")
    ),
    *(
        rest(search, EVERYBODY, of="study", unseen=200, get=200)  # finds nothing
        for search in (f"{STUDY}/series", f"{STUDY}/instances", f"{SERIES}/instances")
    ),
    of_study(SERIES, get=200),
    of_study(INSTANCE, get=200),
    of_study(f"{INSTANCE}/frames/<str:frames>", get=200),
    of_study(f"{FRAME}/rendered", get=200),
    of_study(f"{FRAME}/thumbnail", get=200),
]
