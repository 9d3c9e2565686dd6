/** A piece of a text: as it reads, or a character that would not be seen, by its code point. */
export type TextPiece = { readonly text: string } | { readonly hidden: string };

const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{115f}\u{1160}\u{3164}\u{ffa0}]/u;
const endsWithEmoji = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]\u{fe0f}?$/u;
const seen = new Set(["\n", "\t"]);
const joiner = "\u{200d}";

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** A joiner between emoji makes one of them, and is no secret. */
const isHidden = (character: string, before: string): boolean =>
  character === joiner ? !endsWithEmoji.test(before) : unseen.test(character) && !seen.has(character);

/**
 * A text for somebody who decides by it: what would not be seen in it, or would show it in another order than it has, is
 * told by its code point.
 */
export const revealText = (text: string): readonly TextPiece[] => {
  const pieces: TextPiece[] = [];
  let open = "";
  let before = "";
  for (const character of text) {
    if (isHidden(character, before)) {
      if (open !== "") pieces.push({ text: open });
      open = "";
      pieces.push({ hidden: codeOf(character) });
    } else open += character;
    before = (before + character).slice(-4);
  }
  return open === "" ? pieces : [...pieces, { text: open }];
};
