import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("C1 an application that serves with Hono before gets whole answers, on its own server and on Node's", async () => {
  const folder = await mkdtemp(join(tmpdir(), "natter-hono-"));
  try {
    const application = [join(import.meta.dirname, "hono-application.ts"), folder];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, application);
    expect(stderr).toBe("");
    const answers = JSON.parse(stdout) as readonly string[];
    expect(answers).toHaveLength(2);
    for (const answer of answers) {
      expect(answer).toMatch(/^200 [^]*"type":"text-delta"/);
      expect(answer).toMatch(/data: \[DONE\]\n\n$/);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
