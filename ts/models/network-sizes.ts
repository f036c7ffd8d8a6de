import type { NetworkDescription } from './network-options';

/** A layer that has parameters: how many, and the numbers of one row that it puts out. */
interface Layer {
  parameters: number;
  outputs: number;
}

const linear = (inputs: number, outputs: number): Layer => ({
  parameters: inputs * outputs + outputs,
  outputs,
});
/** Convolution without bias, plain or transposed; `side` is that of its output. */
const conv = (inputs: number, outputs: number, kernel: number, side: number): Layer => ({
  parameters: inputs * outputs * kernel * kernel,
  outputs: outputs * side * side,
});
const norm = (channels: number, side: number): Layer => ({
  parameters: 2 * channels,
  outputs: channels * side * side,
});
const convNorm = (inputs: number, outputs: number, kernel: number, side: number): Layer[] => [
  conv(inputs, outputs, kernel, side),
  norm(outputs, side),
];
/** Reed's residual branch: 1x1 down to a quarter, 3x3, 3x3 back up. */
const residual = (channels: number, side: number): Layer[] => [
  ...convNorm(channels, channels / 4, 1, side),
  ...convNorm(channels / 4, channels / 4, 3, side),
  ...convNorm(channels / 4, channels, 3, side),
];

/** Batch norm, and the scale and shift behind it that a Linear makes from `text` numbers. */
const modulatedNorm = (text: number, channels: number, side: number): Layer[] => [
  norm(channels, side),
  linear(text, 2 * channels),
  { parameters: 0, outputs: channels * side * side },
];

interface FamilyLayers {
  generator(network: NetworkDescription): Layer[];
  discriminator(network: NetworkDescription): Layer[];
}

const reedDiscriminator: FamilyLayers['discriminator'] = ({
  textSize,
  projectedTextSize: nt,
  discriminatorFeatures: n,
}) => [
  conv(3, n, 4, 32),
  ...convNorm(n, 2 * n, 4, 16),
  ...convNorm(2 * n, 4 * n, 4, 8),
  ...convNorm(4 * n, 8 * n, 4, 4),
  ...residual(8 * n, 4),
  linear(textSize, nt),
  norm(nt, 1),
  ...convNorm(8 * n + nt, 8 * n, 1, 4),
  conv(8 * n, 1, 4, 1),
];

/** The layers of each family, as in `native/networks/`; a test compares the counts with the addon's manifest. */
const families: Record<NetworkDescription['family'], FamilyLayers> = {
  reed2016: {
    generator: ({ textSize, projectedTextSize: nt, noiseSize, generatorFeatures: n }) => [
      linear(textSize, nt),
      ...convNorm(noiseSize + nt, 8 * n, 4, 4),
      ...residual(8 * n, 4),
      ...convNorm(8 * n, 4 * n, 4, 8),
      ...residual(4 * n, 8),
      ...convNorm(4 * n, 2 * n, 4, 16),
      ...convNorm(2 * n, n, 4, 32),
      conv(n, 3, 4, 64),
    ],
    discriminator: reedDiscriminator,
  },
  dcgan: {
    generator: ({ textSize, projectedTextSize: nt, noiseSize, generatorFeatures: n }) => [
      linear(textSize, nt),
      norm(nt, 1),
      ...convNorm(noiseSize + nt, 8 * n, 4, 4),
      ...convNorm(8 * n, 4 * n, 4, 8),
      ...convNorm(4 * n, 2 * n, 4, 16),
      ...convNorm(2 * n, n, 4, 32),
      conv(n, 3, 4, 64),
    ],
    discriminator: ({ textSize, projectedTextSize: nt, discriminatorFeatures: n }) => [
      conv(3, n, 4, 32),
      ...convNorm(n, 2 * n, 4, 16),
      ...convNorm(2 * n, 4 * n, 4, 8),
      ...convNorm(4 * n, 8 * n, 4, 4),
      linear(textSize, nt),
      norm(nt, 1),
      conv(8 * n + nt, 1, 4, 1),
    ],
  },
  modulated: {
    generator: ({ textSize, projectedTextSize: nt, noiseSize, generatorFeatures: n }) => {
      const layer = (inputs: number, outputs: number, side: number) => [
        conv(inputs, outputs, 3, side),
        ...modulatedNorm(nt, outputs, side),
      ];
      const last = Math.max(1, Math.floor(n / 2));
      return [
        linear(textSize, nt),
        conv(noiseSize, 8 * n, 4, 4),
        ...modulatedNorm(nt, 8 * n, 4),
        ...layer(8 * n, 4 * n, 8),
        ...layer(4 * n, 2 * n, 16),
        ...layer(2 * n, n, 32),
        ...layer(n, last, 64),
        conv(last, 3, 3, 64),
      ];
    },
    discriminator: reedDiscriminator,
  },
};

/** Sizes of one network: trained numbers, and numbers that a row leaves behind for the backward pass. */
export interface NetworkSize {
  parameters: number;
  outputsPerRow: number;
}

const sizeOf = (layers: Layer[]): NetworkSize => ({
  parameters: layers.reduce((sum, layer) => sum + layer.parameters, 0),
  outputsPerRow: layers.reduce((sum, layer) => sum + layer.outputs, 0),
});

/** Size of the head of the contrastive term, beside the discriminator. */
export function contrastiveHeadSize({
  textSize,
  projectedTextSize: nt,
  discriminatorFeatures: n,
}: NetworkDescription): NetworkSize {
  return sizeOf([conv(8 * n, nt, 4, 1), linear(textSize, nt)]);
}

/** Channels and side of a map that the critic of a guide looks at. */
type CriticMap = readonly [width: number, side: number];

/** Feature networks without heads, at pictures of 64 pixels. */
const eyes: Record<'googlenet' | 'googlenet-small', NetworkSize & { maps: readonly CriticMap[] }> = {
  googlenet: {
    parameters: 5_599_904,
    outputsPerRow: 526_720,
    maps: [
      [480, 8],
      [832, 4],
      [1024, 2],
    ],
  },
  'googlenet-small': {
    parameters: 1_412_992,
    outputsPerRow: 364_032,
    maps: [
      [128, 16],
      [416, 8],
      [1024, 4],
    ],
  },
};

/** One level of the critic. */
const criticLevel = ([width, side]: CriticMap): Layer[] => [
  norm(width, side),
  conv(width, 64, 1, side),
  conv(64, 1, 1, side),
];

/** What a guide is made of. */
interface GuideDescription {
  architecture: keyof typeof eyes;
  /** Side of the pictures that it sees. */
  inputSize: number;
  /** Above 0 it has a critic. */
  criticWeight: number;
}

/** Sizes of what a guide looks through, and of its head, with a critic or without. */
export function guideSizes(
  { architecture, inputSize, criticWeight }: GuideDescription,
  { textSize, projectedTextSize: nt }: NetworkDescription,
): { eyes: NetworkSize; head: NetworkSize } {
  const { parameters, outputsPerRow, maps } = eyes[architecture];
  const area = (inputSize / 64) ** 2;
  const seen = { parameters, outputsPerRow: outputsPerRow * area };
  const critic = criticWeight > 0 ? sizeOf(maps.flatMap(criticLevel)) : sizeOf([]);
  const head = sizeOf([norm(1024, 1), linear(1024, nt), linear(textSize, nt)]);
  return {
    eyes: seen,
    head: {
      parameters: head.parameters + critic.parameters,
      outputsPerRow: head.outputsPerRow + critic.outputsPerRow * area,
    },
  };
}

/** Sizes of both networks of a run. */
export function networkSizes(network: NetworkDescription): {
  generator: NetworkSize;
  discriminator: NetworkSize;
} {
  const family = families[network.family];
  return {
    generator: sizeOf(family.generator(network)),
    discriminator: sizeOf(family.discriminator(network)),
  };
}
