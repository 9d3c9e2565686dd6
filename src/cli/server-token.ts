import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { NatterError } from "../foundation/errors.ts";

/**
 * The token that a server leaves in its data folder for this machine's own commands.
 * @throws NatterError `unauthenticated` with `otherwise` where it leaves none
 */
export const readServerToken = async (dataDirectory: string, otherwise: string): Promise<string> => {
  try {
    return (await readFile(join(dataDirectory, "token"), "utf8")).trim();
  } catch (cause) {
    throw new NatterError("unauthenticated", otherwise, { cause });
  }
};
