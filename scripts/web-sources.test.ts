import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashWebSources } from "./web-sources.ts";

let root: string;

const write = async (path: string, content: string): Promise<void> => {
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), content);
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "natter-sources-"));
  for (const path of ["web/src/main.tsx", "src/client/a.ts", "src/protocol/a.ts", "src/foundation/a.ts"])
    await write(path, path);
  await write("package-lock.json", "{}");
  await write("scripts/build-web.ts", "");
});

afterEach(() => rm(root, { recursive: true }));

test("the same content is the same build, whenever it was written", async () => {
  const before = await hashWebSources(root);
  await utimes(join(root, "web/src/main.tsx"), 0, 0);
  await write("web/dist/index.html", "built");
  await write("web/.dist-1/index.html", "half built");
  await write("web/src/main.test.tsx", "a test");
  expect(await hashWebSources(root)).toBe(before);
});

test.each(["web/src/main.tsx", "web/src/new.tsx", "src/client/a.ts", "package-lock.json"])(
  "a change of %s is another build",
  async (path) => {
    const before = await hashWebSources(root);
    await write(path, "other words");
    expect(await hashWebSources(root)).not.toBe(before);
  },
);
