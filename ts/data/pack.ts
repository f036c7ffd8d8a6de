import { z } from 'zod';
import { DataError } from '../errors';
import type { SafetensorsFile } from '../formats/safetensors';
import { refuser } from '../formats/safetensors-header';

/** What the metadata `format` and `formatVersion` of a pack say. A reader of this version reads all versions up to it. */
export const packFormat = { format: 'florigen.pack', formatVersion: '1' } as const;

/** How a reader names a file that should be a pack. */
export const packReadOptions = { error: DataError, kind: 'a florigen pack' } as const;

/** The three splits; the number stored in `image.split` is the place in this list. */
export const splitNames = ['training', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

const truthSchema = z.looseObject({
  /** The columns of `truth.attributes`; a column with `values` holds places in that list. */
  attributes: z.array(z.looseObject({ name: z.string(), values: z.array(z.string()).optional() })),
  /** The columns of `truth.pose`. */
  pose: z.array(z.looseObject({ name: z.string(), unit: z.string().optional() })),
  /** What the numbers of `truth.mask/<size>` mean: "background", "petal", ... Empty: the pack has no masks. */
  mask: z.array(z.string()),
});

const descriptionSchema = z.looseObject({
  /** A name for people. */
  name: z.string(),
  source: z.enum(['built-in flowers', 'folder']),
  /** Names of classes by id; null where images have no class. */
  classes: z.array(z.string()).nullable(),
  /** True where validation and test images are of classes that training images are not of. */
  zeroShot: z.boolean(),
  /** Sides of the stored square images, in pixels. */
  sizes: z.array(z.int().min(1).max(4096)).min(1),
  /** How an image became a square: drawn so, squashed, or its middle cut out. */
  resize: z.enum(['rendered', 'squash', 'crop']),
  generator: z
    .looseObject({
      catalogueVersion: z.number(),
      seed: z.number(),
      /** Mixed flowers beside the species, of class -1; absent where there are none. */
      hybrids: z.int().min(1).optional(),
    })
    .optional(),
  truth: truthSchema.optional(),
});

/** What a pack says of itself in its metadata `pack`. Later florigens may add fields. */
export type PackDescription = z.infer<typeof descriptionSchema>;
/** The columns of the ground truth that built-in flowers carry. */
export type PackTruth = z.infer<typeof truthSchema>;

/** The SHA-256 and path of the file that an image was made from. */
export interface ImageSource {
  path: string;
  /** Hex; empty where there was no file. */
  sha256: string;
}

/** Checks that a file is a pack of a version that this florigen reads. @throws DataError */
export function readPackDescription(file: SafetensorsFile): PackDescription {
  const fail = refuser(file.path, packReadOptions);
  if (file.metadata.get('format') !== packFormat.format) fail('its metadata `format` says otherwise');
  const version = file.metadata.get('formatVersion') ?? '';
  if (!/^[1-9]\d*$/.test(version)) fail('its metadata `formatVersion` is not a version');
  if (Number(version) > Number(packFormat.formatVersion)) {
    throw new DataError(`\`${file.path}\` is a pack of version ${version}, but this florigen reads 1.`, {
      hint: 'Update florigen, or build the pack again with this one.',
    });
  }
  const text = file.metadata.get('pack') ?? fail('it has no metadata `pack`');
  const parsed = descriptionSchema.safeParse(parseJson(text, fail));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return fail(`its metadata \`pack\` is wrong at \`${issue?.path.join('.')}\` (${issue?.message})`);
}

function parseJson(text: string, fail: (what: string) => never): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail('its metadata `pack` is not JSON');
  }
}
