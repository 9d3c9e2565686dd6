import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const addressSchema = z.object({ url: z.url({ protocol: /^http$/ }), owner: z.string() });

/** Where the server of a data folder answers, and which process that was. */
export type Address = z.infer<typeof addressSchema>;

const pathIn = (folder: string): string => join(folder, "address");

const isMissing = (thrown: unknown): boolean => thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";

const readIfThere = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
};

/** Who holds the folder's lock, or held it last; null in a folder without a database of its own. */
const readOwner = async (folder: string): Promise<string | null> =>
  (await readIfThere(join(folder, "owner")))?.trim() ?? null;

const processName = `process ${process.pid}`;

/** Leaves a server's address in its data folder, for the commands that look for it. */
export const writeAddress = async (folder: string, url: string): Promise<void> => {
  const address: Address = { url, owner: (await readOwner(folder)) ?? processName };
  await writeFile(pathIn(folder), `${JSON.stringify(address)}\n`, { mode: 0o600 });
};

/** Takes it away again, unless another server has written its own meanwhile. */
export const removeAddress = async (folder: string, url: string): Promise<void> => {
  const address = await readAddress(folder);
  if (address?.url === url) await rm(pathIn(folder), { force: true });
};

/**
 * The address in a folder; null when there is none, it cannot be read, or it was left by a process that does not own the
 * folder any more: another program may listen there now, which must never be sent the token.
 */
export const readAddress = async (folder: string): Promise<Address | null> => {
  const text = await readIfThere(pathIn(folder));
  if (text === null) return null;
  const parsed = addressSchema.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const owner = await readOwner(folder);
  return owner === null || owner === parsed.data.owner ? parsed.data : null;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // half a file, of a server that was killed while it wrote it
    return null;
  }
};
