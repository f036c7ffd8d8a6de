/**
 * Characters as the authors' encoders read them (reedscot/cvpr2016, `util/MultimodalMinibatchLoaderCaption.lua`).
 * `-` stands in the list twice and the later place wins, so channel 37 is never set.
 */
const alphabet = `abcdefghijklmnopqrstuvwxyz0123456789-,;.!?:'"/\\|_@#$%^&*~\`+-=<>()[]{} `;

/** Channels of a character; one of them is never set. */
export const alphabetSize = 70;
/** Characters of a text that are read; what follows is cut off. */
export const characterLength = 201;

/** Place of each character, from 1. */
const places = new Map([...alphabet].map((character, i) => [character, i + 1]));

/** How characters become tokens. */
export interface CharacterOptions {
  /** Tokens of a text. */
  length: number;
  /** Fold capital letters; the authors do not, so that a capital letter is an unknown character. */
  lowerCase: boolean;
}

/**
 * Writes the tokens of a text into a row of zeros: 1 to 70, and 0 for a character outside the alphabet as for padding.
 * @param row Int32 [length]
 */
export function writeCharacterTokens(row: Int32Array, text: string, { lowerCase }: CharacterOptions): void {
  const read = lowerCase ? text.toLowerCase() : text;
  let place = 0;
  for (const character of read) {
    if (place >= row.length) return;
    row[place++] = places.get(character) ?? 0;
  }
}
