// Window presets, by number key (center and width in HU); 1 is what the images say.
export const PRESETS = {
  stored: null,
  soft: [40, 400],
  lung: [-600, 1500],
  mediastinum: [50, 350],
  bone: [400, 1800],
  brain: [40, 80],
};

export const rangeOf = ([center, width]) => ({ lower: center - width / 2, upper: center + width / 2 });
export const centerWidth = ({ lower, upper }) => [(lower + upper) / 2, upper - lower];
