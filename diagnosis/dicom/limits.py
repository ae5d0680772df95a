"""What one file may ask of a decoder child."""

MEMORY_BYTES = 500 * 1024**2  # RLIMIT_AS of a child; its resident size stays below it
WALL_CLOCK_S = 4.0  # one request; the parent kills the child after it
STARVED_FACTOR = 4  # times longer for a child that a busy machine gave no time to work
START_S = 30.0  # a child importing pydicom and numpy on a busy machine

MAX_ELEMENTS = 50_000  # at the top level of a data set
MAX_DEPTH = 32  # sequences within sequences
MAX_INFLATED_BYTES = 64 * 1024**2  # a deflated data set, opened
MAX_FRAME_SAMPLES = 40_000_000  # a 6400 x 6250 radiograph
MAX_DECODED_BYTES = 128 * 1024**2  # all frames of one `pixels` answer
MAX_FRAMES = 100_000
MAX_VOLUME_BYTES = 1024**3  # a NIfTI file, unpacked; it is never whole in memory
MAX_METADATA_VALUE_BYTES = 128 * 1024  # a 16-bit palette; longer values are left out
MAX_METADATA_BYTES = 1024**2  # a file's attributes as JSON; the largest are left out
MAX_REPORT_BYTES = 1024**2  # a label as a structured report
MAX_SEGMENTS = 256  # of a segmentation
MAX_MASK_FRAMES = 4_000
MAX_MASK_SAMPLES = 512 * 512 * 1_000  # of all frames
MAX_MASK_PARTS = 2_000  # that do not touch, of all frames
MAX_MASK_EDGES = 200_000  # of pixels, along the outlines of all frames
MAX_UPLOAD_METADATA_BYTES = 256 * 1024**2  # of an upload's files, kept until saved
