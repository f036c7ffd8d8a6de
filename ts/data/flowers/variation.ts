import { PhiloxStream, PURPOSE } from '../philox';
import type { Rgb } from './palette';

/** Lengths are hundredths of the picture's side, angles degrees, clockwise. */
export interface Pose {
  readonly rotation: number;
  /** Height over width of the foreshortened blossom. */
  readonly tilt: number;
  /** Direction of the axis that the blossom is tilted about. */
  readonly tiltAxis: number;
  readonly centerX: number;
  readonly centerY: number;
  readonly radius: number;
}

export interface Light {
  /** Direction that the light comes from; -90 is above. */
  readonly direction: number;
  /** Factor on every color. */
  readonly brightness: number;
  /** -1 cool to 1 warm. */
  readonly warmth: number;
}

export interface Scene {
  readonly name: string;
  /** Base color, sRGB; the ground truth of the background. */
  readonly base: Rgb;
  /** Color that the base fades to. */
  readonly second: Rgb;
}

/** All that differs between two pictures of one species. Nothing in it depends on the species. */
export interface FlowerVariation {
  readonly seed: number;
  readonly image: number;
  readonly pose: Pose;
  readonly light: Light;
  readonly scene: Scene;
}

/** Soft surroundings: green, brown, blue, gray; none within 25 CIELAB of the palette. */
export const SCENES: readonly Scene[] = [
  { name: 'meadow', base: [104, 140, 76], second: [62, 98, 58] },
  { name: 'shade', base: [40, 66, 46], second: [22, 40, 34] },
  { name: 'moss', base: [134, 142, 90], second: [88, 104, 62] },
  { name: 'mist', base: [148, 160, 152], second: [104, 122, 112] },
  { name: 'dusk', base: [112, 134, 156], second: [70, 88, 112] },
  { name: 'soil', base: [130, 116, 98], second: [92, 84, 70] },
  { name: 'pond', base: [70, 112, 112], second: [40, 74, 82] },
  { name: 'night', base: [40, 44, 60], second: [24, 30, 36] },
];

/** The pass words of purpose *built-in flowers*; the row is the image, the step 0. Never renumbered. */
export const FLOWER_PASS = {
  pose: 0,
  light: 1,
  scene: 2,
  petals: 3,
  center: 4,
  leaves: 5,
  backdrop: 6,
} as const;

/** The stream of one aspect of one picture. */
export function flowerStream(seed: number, image: number, aspect: keyof typeof FLOWER_PASS): PhiloxStream {
  return new PhiloxStream(seed, PURPOSE.flowers, { pass: FLOWER_PASS[aspect], row: image });
}

function drawPose(stream: PhiloxStream): Pose {
  return {
    rotation: stream.between(0, 360),
    tilt: stream.between(0.86, 1),
    tiltAxis: stream.between(0, 180),
    centerX: 50 + stream.between(-3, 3),
    centerY: 50 + stream.between(-3, 3),
    radius: stream.between(33, 38),
  };
}

function drawScene(stream: PhiloxStream): Scene {
  const scene = stream.pick(SCENES);
  const gain = stream.between(0.88, 1.1);
  const sway = [stream.between(-6, 6), stream.between(-6, 6), stream.between(-6, 6)];
  const vary = (color: Rgb) =>
    color.map((v, i) => Math.round(Math.min(255, Math.max(0, v * gain + sway[i]!)))) as unknown as Rgb;
  return { name: scene.name, base: vary(scene.base), second: vary(scene.second) };
}

/** How picture number `image` of a set differs from others of its species. */
export function drawVariation(seed: number, image: number): FlowerVariation {
  const light = flowerStream(seed, image, 'light');
  return {
    seed,
    image,
    pose: drawPose(flowerStream(seed, image, 'pose')),
    light: {
      direction: light.between(-160, -20),
      brightness: light.between(0.92, 1.06),
      warmth: light.between(-1, 1),
    },
    scene: drawScene(flowerStream(seed, image, 'scene')),
  };
}

/** Names of the columns of `truth.pose`. */
export const POSE_COLUMNS = [
  ...['rotation', 'tilt', 'tiltAxis', 'centerX', 'centerY', 'radius'],
  ...['lightDirection', 'lightBrightness', 'lightWarmth'],
] as const;

/** The row of `truth.pose`. */
export function poseRow({ pose, light }: FlowerVariation): number[] {
  const place = [pose.rotation, pose.tilt, pose.tiltAxis, pose.centerX, pose.centerY, pose.radius];
  return [...place, light.direction, light.brightness, light.warmth];
}
