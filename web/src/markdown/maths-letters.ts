type Alphabet = Readonly<{
  capital: number;
  small: number;
  digit?: number;
  exceptions?: Readonly<Record<string, string>>;
}>;

const alphabets: Readonly<Record<string, Alphabet>> = {
  bold: { capital: 0x1d400, small: 0x1d41a, digit: 0x1d7ce },
  italic: { capital: 0x1d434, small: 0x1d44e, exceptions: { h: "ℎ" } },
  "bold-italic": { capital: 0x1d468, small: 0x1d482 },
  script: {
    capital: 0x1d49c,
    small: 0x1d4b6,
    exceptions: { B: "ℬ", E: "ℰ", F: "ℱ", H: "ℋ", I: "ℐ", L: "ℒ", M: "ℳ", R: "ℛ", e: "ℯ", g: "ℊ", o: "ℴ" },
  },
  fraktur: {
    capital: 0x1d504,
    small: 0x1d51e,
    exceptions: { C: "ℭ", H: "ℌ", I: "ℑ", R: "ℜ", Z: "ℨ" },
  },
  "double-struck": {
    capital: 0x1d538,
    small: 0x1d552,
    digit: 0x1d7d8,
    exceptions: { C: "ℂ", H: "ℍ", N: "ℕ", P: "ℙ", Q: "ℚ", R: "ℝ", Z: "ℤ" },
  },
  "sans-serif": { capital: 0x1d5a0, small: 0x1d5ba, digit: 0x1d7e2 },
  "bold-sans-serif": { capital: 0x1d5d4, small: 0x1d5ee, digit: 0x1d7ec },
  "sans-serif-italic": { capital: 0x1d608, small: 0x1d622 },
  monospace: { capital: 0x1d670, small: 0x1d68a, digit: 0x1d7f6 },
};

const shifted = (letter: string, { capital, small, digit, exceptions }: Alphabet): string => {
  const code = letter.charCodeAt(0);
  const exception = exceptions?.[letter];
  if (exception !== undefined) return exception;
  if (letter >= "A" && letter <= "Z") return String.fromCodePoint(capital + code - 65);
  if (letter >= "a" && letter <= "z") return String.fromCodePoint(small + code - 97);
  return digit !== undefined && letter >= "0" && letter <= "9" ? String.fromCodePoint(digit + code - 48) : letter;
};

/** `text` in the letters Unicode has for a `mathvariant`: browsers follow no other value of it than `normal`. */
export const mathsLetters = (text: string, variant: string): string => {
  const alphabet = alphabets[variant];
  return alphabet ? text.replaceAll(/[A-Za-z0-9]/g, (letter) => shifted(letter, alphabet)) : text;
};
