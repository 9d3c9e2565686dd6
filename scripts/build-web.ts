import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { hashWebSources } from "./web-sources.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "web/dist");
const stampOf = (directory: string): string => join(directory, ".stamp");
const compressible = /\.(js|css|svg|html|json|wasm)$/;
const worthwhileBytes = 1_024;

const compressFiles = async (directory: string): Promise<void> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && compressible.test(entry.name));
  const parameters = { [constants.BROTLI_PARAM_QUALITY]: 10 };
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    if (content.length < worthwhileBytes) continue;
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(content, {
        params: { ...parameters, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
      }),
      promisify(gzip)(content, { level: 9 }),
    ]);
    await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
  }
};

const hasCode = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);

const renameUnless = async (from: string, to: string, codes: readonly string[]): Promise<void> => {
  try {
    await rename(from, to);
  } catch (error) {
    if (!hasCode(error, codes)) throw error;
  }
};

/** A finished build takes the place of the old one at once, so that a server beside it never serves half of one. */
const putInPlace = async (built: string): Promise<void> => {
  const old = `${built}-old`;
  await renameUnless(dist, old, ["ENOENT"]);
  // somebody else may have built the same meanwhile
  await renameUnless(built, dist, ["ENOTEMPTY", "EEXIST"]);
  await rm(old, { recursive: true, force: true });
};

const build = async (stamp: string): Promise<void> => {
  console.error("natter: building the web app …");
  // a test's or a developer's NODE_ENV would put React's development build into the page
  process.env["NODE_ENV"] = "production";
  const { build: buildWithVite } = await import("vite");
  const built = join(root, `web/.dist-${process.pid}`);
  await mkdir(built, { recursive: true });
  try {
    await buildWithVite({
      root: join(root, "web"),
      configFile: join(root, "web/vite.config.ts"),
      logLevel: "warn",
      build: { outDir: built },
    });
    await compressFiles(built);
    await writeFile(stampOf(built), stamp);
    await putInPlace(built);
  } finally {
    await rm(built, { recursive: true, force: true });
  }
};

const stamp = await hashWebSources(root);
const known = await readFile(stampOf(dist), "utf8").catch(() => null);
if (known !== stamp) await build(stamp);
