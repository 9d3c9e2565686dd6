const at = 64;
const semicolon = 59;

/** Finds the tokens `@number;` in a stream of bytes, also when one is cut between two reads. */
export const createTokenScanner = (onToken: (token: number) => void): ((bytes: Uint8Array) => void) => {
  let number = -1;
  let inside = false;
  return (bytes) => {
    let index = 0;
    while (index < bytes.length) {
      if (!inside) {
        index = bytes.indexOf(at, index);
        if (index < 0) return;
        inside = true;
        number = -1;
        index += 1;
        continue;
      }
      const code = bytes[index] ?? 0;
      if (code >= 48 && code <= 57) {
        number = Math.max(0, number) * 10 + code - 48;
        index += 1;
        continue;
      }
      if (code === semicolon && number >= 0) onToken(number);
      inside = false;
    }
  };
};
