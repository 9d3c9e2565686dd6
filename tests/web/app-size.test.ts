import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const root = join(import.meta.dirname, "../..");
const dist = join(root, "web/dist");
const mostScriptBytes = 200 * 1_024;
const mostStyleBytes = 24 * 1_024;

let chunks: Readonly<Record<string, Chunk>>;

const compressedBytes = async (files: Iterable<string>): Promise<number> => {
  const sizes = await Promise.all([...files].map(async (file) => gzipSync(await readFile(join(dist, file))).length));
  return sizes.reduce((sum, size) => sum + size, 0);
};

/** What the page needs before it shows anything: the entry, and all that it imports at once. */
const neededAtOnce = (name: string, known = new Set<string>()): ReadonlySet<string> => {
  if (known.has(name)) return known;
  known.add(name);
  for (const imported of chunks[name]?.imports ?? []) neededAtOnce(imported, known);
  return known;
};

const entry = (): readonly Chunk[] => {
  const name = Object.keys(chunks).find((key) => chunks[key]?.isEntry);
  return [...neededAtOnce(name ?? "")].flatMap((key) => chunks[key] ?? []);
};

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(root, "scripts/build-web.ts")]);
  chunks = JSON.parse(await readFile(join(dist, ".vite/manifest.json"), "utf8"));
}, 120_000);

test("the page's scripts stay within 200 KB compressed, its styles within 24 KB", async () => {
  const scripts = await compressedBytes(entry().map(({ file }) => file));
  const styles = await compressedBytes(entry().flatMap(({ css = [] }) => css));
  console.log(`scripts ${(scripts / 1_024).toFixed(1)} KB, styles ${(styles / 1_024).toFixed(1)} KB, both compressed`);
  expect(scripts).toBeGreaterThan(50_000);
  expect(scripts).toBeLessThanOrEqual(mostScriptBytes);
  expect(styles).toBeGreaterThan(1_000);
  expect(styles).toBeLessThanOrEqual(mostStyleBytes);
});

test("highlighting and formulas are no part of what the page needs at once", async () => {
  const code = await Promise.all(entry().map(({ file }) => readFile(join(dist, file), "utf8")));
  for (const sign of ["katex", "createJavaScriptRegexEngine", "source.ts"])
    expect([sign, code.some((text) => text.includes(`"${sign}"`))]).toEqual([sign, false]);
});

test("page and styles name nothing that lies elsewhere", async () => {
  const styles = (await readdir(join(dist, "assets"))).filter((name) => name.endsWith(".css"));
  const texts = await Promise.all(
    ["index.html", ...styles.map((name) => `assets/${name}`)].map((name) => readFile(join(dist, name), "utf8")),
  );
  for (const text of texts) {
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(text).not.toMatch(/(url\(|@import )\s*["']?(https?:)?\/\//);
  }
});
