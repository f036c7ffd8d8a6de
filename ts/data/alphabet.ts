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

/** The token of a space. */
export const spaceToken = places.get(' ')!;

/** How characters become tokens. */
export interface CharacterOptions {
  /** Tokens of a text. */
  length: number;
  /**
   * As the PyTorch port (`char_cnn_rnn_pytorch`): capital letters are folded, an unknown character is a space. The
   * authors fold nothing, and an unknown character, a capital letter too, is an empty column.
   */
  lowerCase: boolean;
}

/**
 * Writes the tokens of a text into a row of zeros: 1 to 70. A character outside the alphabet is 0 as padding is, or with
 * `lowerCase` a space.
 * @param row Int32 [length]
 */
export function writeCharacterTokens(row: Int32Array, text: string, { lowerCase }: CharacterOptions): void {
  const read = lowerCase ? text.toLowerCase() : text;
  const unknown = lowerCase ? spaceToken : 0;
  let place = 0;
  for (const character of read) {
    if (place >= row.length) return;
    row[place++] = places.get(character) ?? unknown;
  }
}
