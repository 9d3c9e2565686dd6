import fc from "fast-check";

/** The bytes in pieces that end at these places, counted modulo their length; some may be empty. */
export const cutBytes = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
};

export const anyCuts = fc.array(fc.nat(), { maxLength: 12 });
