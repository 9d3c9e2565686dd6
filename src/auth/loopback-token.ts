import { randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

const isExisting = (thrown: unknown): boolean =>
  thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST";

const create = async (path: string): Promise<string> => {
  const token = randomBytes(32).toString("base64url");
  // linked when it is whole: who starts at the same moment must never read half of it
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${token}\n`, { mode: 0o600, flag: "wx" });
  try {
    await link(draft, path);
  } finally {
    await unlink(draft);
  }
  return token;
};

/** The token of this machine: read from `<data directory>/token`, or made there, readable by its owner only. */
export const readLoopbackToken = async (dataDirectory: string, name = "token"): Promise<string> => {
  const path = join(dataDirectory, name);
  await mkdir(dataDirectory, { recursive: true });
  try {
    return await create(path);
  } catch (thrown) {
    if (!isExisting(thrown)) throw thrown;
  }
  await chmod(path, 0o600);
  const token = (await readFile(path, "utf8")).trim();
  if (!/^[A-Za-z0-9_-]{43,}$/.test(token)) throw new Error(`${path} holds no token; delete it and start again`);
  return token;
};

/** Compares without telling by its duration how much was right. */
export const isSameSecret = (given: string, expected: string): boolean => {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
};
