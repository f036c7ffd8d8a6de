import type { AttributeCaption } from './attribute-captions';

/** One picture that is asked for. */
export interface PaintRequest {
  caption: AttributeCaption;
  /** Seed of the noise, uint32. */
  seed: number;
}

/** RGB bytes `[side, side, 3]`. */
export interface Painting {
  rgb: Uint8Array;
  side: number;
}

export interface PaintOptions {
  signal?: AbortSignal;
  /** Called with the number of pictures painted so far. */
  onProgress?: (done: number) => void;
}

/** Whatever makes a picture for a caption: a generator, or one of the controls that show what the measure sees. */
export interface Painter {
  name: string;
  /** Pictures in the order of the requests. */
  paint(requests: PaintRequest[], options?: PaintOptions): Promise<Painting[]>;
}
