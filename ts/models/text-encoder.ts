import type { TensorSource } from '../formats/safetensors-writer';

/** What an encoder makes of `n` texts. Later encoders may add fields (word features, lengths), never change one. */
export interface TextEmbeddings {
  /** One row per text, row-major float32 [n, d]. */
  sentence: { data: Float32Array; shape: [number, number] };
}

/**
 * Texts in, float32 arrays out. The trainer and the generator know this interface alone; which encoders there are
 * stands in `text-encoders.ts`.
 */
export interface TextEncoder {
  /** Which kind of encoder, as in the table `textEncoders`. */
  readonly id: string;
  /** SHA-256 (hex) of everything that the output depends on: equal fingerprints, equal embeddings. */
  readonly fingerprint: string;
  /** The options that make the same encoder again, as JSON. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Width `d` of each output. */
  readonly sizes: { readonly sentence: number };
  /** Where a trained encoder comes from: the classes it has seen, as its file says. */
  readonly provenance?: Readonly<Record<string, unknown>> | undefined;
  /** Encodes texts without blocking the event loop for long. @throws FlorigenError `ABORTED` */
  encode(texts: readonly string[], options?: { signal?: AbortSignal }): Promise<TextEmbeddings>;
  /** Weights that a bundle must carry to make this encoder again, by their own names; none for one that is not trained. */
  tensors?(): TensorSource[];
  /** Frees what is not the garbage collector's; the encoder may still be used. */
  dispose?(): Promise<void>;
}

/** Where the weights of a trained encoder are read from: a bundle, or the encoder's own file. */
export interface EncoderWeights {
  readonly names: readonly string[];
  /** The file, for errors. */
  readonly file?: string;
  readonly provenance?: Readonly<Record<string, unknown>> | undefined;
  shape(name: string): readonly number[];
  /** Bytes of float32, whatever floating type the file has. */
  read(name: string): Promise<Uint8Array>;
}

/** What a checkpoint or bundle says of its encoder. */
export interface TextEncoderRecord {
  id: string;
  fingerprint: string;
  options: Record<string, unknown>;
  /** Of a trained one; evaluation refuses where its classes meet the test classes. */
  provenance?: Readonly<Record<string, unknown>> | undefined;
}

/** The record of an encoder, for a file's metadata. */
export function encoderRecord(encoder: TextEncoder): TextEncoderRecord {
  const { id, fingerprint, provenance } = encoder;
  const record = { id, fingerprint, options: { ...encoder.options } };
  return provenance === undefined ? record : { ...record, provenance };
}
