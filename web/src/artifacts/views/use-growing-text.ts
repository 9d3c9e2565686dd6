import { useEffect, useState } from "react";

const pieceCharacters = 16_000;

export interface GrowingText {
  readonly text: string;
  readonly isWhole: boolean;
}

/** A long text piece by piece, a frame each, so that its beginning can be read while the rest is made. */
export const useGrowingText = (text: string): GrowingText => {
  const [shown, setShown] = useState({ of: text, characters: pieceCharacters });
  const characters = shown.of === text ? shown.characters : pieceCharacters;
  const isWhole = characters >= text.length;
  useEffect(() => {
    if (isWhole) return;
    const frame = requestAnimationFrame(() => setShown({ of: text, characters: characters + pieceCharacters }));
    return () => cancelAnimationFrame(frame);
  }, [text, characters, isWhole]);
  return { text: isWhole ? text : text.slice(0, characters), isWhole };
};
