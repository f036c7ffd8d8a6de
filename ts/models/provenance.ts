import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../native/libtorch-pin';

/** Where a model comes from. Holds no time and no path, so that equal runs write equal files. */
export const provenanceSchema = z.looseObject({
  /** Version of florigen that wrote the file. */
  florigen: z.string(),
  libtorch: z.string(),
  preset: z.string(),
  seed: z.number(),
  /** Steps and whole epochs that the weights have seen. */
  step: z.int().nonnegative(),
  epoch: z.int().nonnegative(),
  dataset: z.looseObject({
    name: z.string(),
    source: z.string(),
    /** SHA-256 of the pack's header, which holds the hash of its content. */
    fingerprint: z.string(),
    /** Version of the catalogue of built-in species; null for other data. */
    catalogueVersion: z.number().nullable(),
  }),
  /** Ids of the classes trained on; empty without classes. Evaluation refuses where they meet the test classes. */
  trainedClasses: z.array(z.int()),
  trainedSplits: z.enum(['training', 'trainval']),
  trainedImages: z.int().nonnegative(),
  /** The feature network that guided the generator, and what it has seen; absent without a guide. */
  guide: z
    .looseObject({
      /** Of its trunk. */
      fingerprint: z.string(),
    })
    .optional(),
});

/** What is known of a guide. */
export type GuideProvenance = NonNullable<z.infer<typeof provenanceSchema>['guide']>;

/** Where a model comes from. */
export type Provenance = z.infer<typeof provenanceSchema>;

let version: string | undefined;

/** The version of this florigen. */
export function florigenVersion(): string {
  version ??= (
    JSON.parse(fs.readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }
  ).version;
  return version;
}
