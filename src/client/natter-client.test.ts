import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "..");

/** Everything that a file loads when it runs: its imports and exports that are not only of types. */
const loadedBy = (path: string): string[] => {
  const { module } = parseSync(path, readFileSync(path, "utf8"));
  const imports = module.staticImports
    .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
    .map(({ moduleRequest }) => moduleRequest.value);
  const exports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ isType, moduleRequest }) => (isType || moduleRequest === null ? [] : [moduleRequest.value])),
  );
  return [...imports, ...exports];
};

test("the client loads no package and of the protocol only what folds, frames, compares and counts", () => {
  const loaded = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    const name = relative(source, path);
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const target of loadedBy(path)) {
      if (target.startsWith(".")) visit(join(dirname(path), target));
      else packages.add(target);
    }
  };
  visit(join(import.meta.dirname, "natter-client.ts"));
  expect([...packages]).toEqual([]);
  expect([...loaded].filter((name) => !name.startsWith("client/")).toSorted()).toEqual([
    "protocol/artifact-limits.ts",
    "protocol/message/fold.ts",
    "protocol/message/frames.ts",
    "protocol/message/line-diff.ts",
    "protocol/message/partial-json.ts",
  ]);
  expect(loaded).toContain("client/live/follower.ts");
});
