import { withoutStacks } from "./text/safe-text.ts";

const pieceLength = 4_000;

const piecesOf = (text: string): readonly string[] =>
  Array.from({ length: Math.ceil(text.length / pieceLength) }, (_, index) =>
    text.slice(index * pieceLength, (index + 1) * pieceLength),
  );

/** Text shown as it was written, in pieces of which the browser lays out only those in sight. */
export const PlainText = ({ text }: Readonly<{ text: string }>) =>
  piecesOf(text).map((piece, index) => (
    <div key={index} className="md-plain" dir="auto">
      {withoutStacks(piece)}
    </div>
  ));
