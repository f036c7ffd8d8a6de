import type { PackTruth } from '../pack';
import { ATTRIBUTE_NAMES, ATTRIBUTE_VALUES } from './attributes';
import { POSE_COLUMNS } from './variation';

const POSE_UNITS: Readonly<Record<(typeof POSE_COLUMNS)[number], string>> = {
  rotation: 'degrees',
  tilt: 'height over width',
  tiltAxis: 'degrees',
  centerX: 'hundredths of the side',
  centerY: 'hundredths of the side',
  radius: 'hundredths of the side',
  lightDirection: 'degrees',
  lightBrightness: 'factor',
  lightWarmth: '-1 cool to 1 warm',
};

/** The columns of the ground truth in a pack of built-in flowers. A value of -1 says "none" (`tipColor`). */
export const FLOWERS_TRUTH: PackTruth = {
  attributes: [
    { name: 'species' },
    ...ATTRIBUTE_NAMES.map((name) => ({ name, values: ATTRIBUTE_VALUES[name].map(String) })),
  ],
  pose: POSE_COLUMNS.map((name) => ({ name, unit: POSE_UNITS[name] })),
  mask: ['background', 'petal', 'center', 'green'],
};
