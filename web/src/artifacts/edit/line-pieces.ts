import type { ColouredLine } from "../../markdown/highlight/highlight-session.ts";

/** Characters `start` to `end` of a line, of the kind `tokenKinds[kind]`. */
export interface LinePiece {
  readonly start: number;
  readonly end: number;
  readonly kind: number;
}

/** The pieces of a line that have a colour; of one that was changed since it was coloured, those beside the change. */
export const linePieces = (line: string, { text, pairs }: ColouredLine): LinePiece[] => {
  const most = Math.min(line.length, text.length);
  let same = 0;
  while (same < most && line[same] === text[same]) same += 1;
  let sameEnd = 0;
  while (sameEnd < most - same && line.at(-1 - sameEnd) === text.at(-1 - sameEnd)) sameEnd += 1;
  const shift = line.length - text.length;
  const pieces: LinePiece[] = [];
  let start = 0;
  for (let index = 0; index < pairs.length; index += 2) {
    const end = start + (pairs[index] ?? 0);
    const kind = pairs[index + 1] ?? 0;
    const isAfter = start >= text.length - sameEnd;
    const piece = isAfter
      ? { start: start + shift, end: end + shift, kind }
      : { start, end: Math.min(end, same), kind };
    if (kind !== 0 && piece.start < piece.end) pieces.push(piece);
    start = end;
  }
  return pieces;
};
