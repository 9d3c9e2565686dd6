/** How far a JSON number (RFC 8259 §6) has been read. */
export type NumberState = "sign" | "zero" | "whole" | "point" | "fraction" | "mark" | "exponent sign" | "exponent";

type Kind = "zero" | "digit" | "point" | "mark" | "plus" | "minus";

const kindOf = (byte: number): Kind | undefined => {
  if (byte === 0x30) return "zero";
  if (byte > 0x30 && byte <= 0x39) return "digit";
  if (byte === 0x2e) return "point";
  if (byte === 0x45 || byte === 0x65) return "mark";
  if (byte === 0x2b) return "plus";
  return byte === 0x2d ? "minus" : undefined;
};

const transitions: Readonly<Record<NumberState | "start", Readonly<Partial<Record<Kind, NumberState>>>>> = {
  start: { minus: "sign", zero: "zero", digit: "whole" },
  sign: { zero: "zero", digit: "whole" },
  zero: { point: "point", mark: "mark" },
  whole: { zero: "whole", digit: "whole", point: "point", mark: "mark" },
  point: { zero: "fraction", digit: "fraction" },
  fraction: { zero: "fraction", digit: "fraction", mark: "mark" },
  mark: { zero: "exponent", digit: "exponent", plus: "exponent sign", minus: "exponent sign" },
  "exponent sign": { zero: "exponent", digit: "exponent" },
  exponent: { zero: "exponent", digit: "exponent" },
};

/** The state with one more byte, or of a number that begins with it; undefined: the number does not go on so. */
export const continueNumber = (state: NumberState | "start", byte: number): NumberState | undefined => {
  const kind = kindOf(byte);
  return kind === undefined ? undefined : transitions[state][kind];
};

/** Whether a number may end here. */
export const isWholeNumber = (state: NumberState): boolean =>
  state === "zero" || state === "whole" || state === "fraction" || state === "exponent";
