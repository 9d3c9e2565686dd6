import { NatterError } from "../../foundation/errors.ts";
import { rejectText } from "../../foundation/text-gate.ts";

const maxBytes = 255;
const reserved = /^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(\.|$)/i;
// control characters, and marks that turn the direction of what follows
const hidden = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

const troubleWith = (name: string): string | null => {
  if (/[/\\]|^[a-z]:/i.test(name)) return "holds a path";
  if (hidden.test(name)) return "holds characters that cannot be seen";
  if (Buffer.byteLength(name) > maxBytes) return `is longer than ${maxBytes} bytes`;
  if (reserved.test(name) || /^[-.~]|[. ]$/.test(name)) return "cannot be a name on every system";
  return null;
};

/**
 * The name of a file as a person may save it anywhere; null for none. It never names anything on the server.
 * @throws NatterError `unprocessable`
 */
export const checkFileName = (given: string | undefined): string | null => {
  const name = rejectText(given ?? "", "The file name")
    .normalize("NFC")
    .trim();
  if (name === "") return null;
  const trouble = troubleWith(name);
  if (trouble !== null) throw new NatterError("unprocessable", `The file name ${trouble}; give it another.`);
  return name;
};
