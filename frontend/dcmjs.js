// Stands in for dcmjs, which Cornerstone's metadata package loads to parse DICOM files.
// Our server parses them (in a child process); the browser is told of frames as JSON.
// It spares the study page 700 kB of JavaScript.
import loglevel from "loglevel";

// The empty dictionary below would be reported keyword by keyword.
loglevel.setDefaultLevel("error");

class Unused {}

export const log = loglevel;
export const constants = {
  IMPLICIT_LITTLE_ENDIAN: "1.2.840.10008.1.2",
  EXPLICIT_LITTLE_ENDIAN: "1.2.840.10008.1.2.1",
  DEFLATED_EXPLICIT_LITTLE_ENDIAN: "1.2.840.10008.1.2.1.99",
  EXPLICIT_BIG_ENDIAN: "1.2.840.10008.1.2.2",
};

export default {
  log,
  constants,
  async: { AsyncDicomReader: Unused },
  data: { DicomMetaDictionary: { dictionary: {}, nameMap: {} } },
  utilities: { DicomMetadataListener: Unused },
};
