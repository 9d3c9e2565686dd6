import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** What the build of the web app depends on. */
const sources = ["web", "src/client", "src/protocol", "src/foundation", "package-lock.json", "scripts/build-web.ts"];

const isBuilt = (path: string): boolean => /(^|[\\/])\.?dist/.test(path);

const filesOf = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return null;
    throw error;
  });
  if (entries === null) return [path];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => join(entry.parentPath, entry.name));
};

/** A hash over everything that the web app is built from; the same sources, the same build. */
export const hashWebSources = async (root: string): Promise<string> => {
  const hash = createHash("sha256");
  const files = (await Promise.all(sources.map((source) => filesOf(join(root, source))))).flat();
  const named = files.map((file) => ({ file, name: relative(root, file) })).filter(({ name }) => !isBuilt(name));
  for (const { file, name } of named.toSorted((left, right) => (left.name < right.name ? -1 : 1)))
    hash.update(`${name}\0`).update(await readFile(file));
  return hash.digest("hex");
};
