import { spawn } from "node:child_process";
import { once } from "node:events";
import { glob, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** `S1` and the like, in the title of each test that plays an attack. */
const attack = /\bS\d{1,2}\b/;
const runs = "1000";
const heldAs = new Set(["passed"]);

const reportOf = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) })),
});

const findFiles = async (): Promise<string[]> => {
  const files: string[] = [];
  for await (const file of glob("{src,web/src,tests}/**/*.test.{ts,tsx}"))
    if (attack.test(await readFile(file, "utf8"))) files.push(file);
  return files;
};

/** Whether nothing failed: neither a test nor what is set up for several, which leaves them skipped. */
const play = async (files: readonly string[], report: string): Promise<boolean> => {
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const args = [vitest, "run", ...files, "-t", attack.source, ...reporters];
  const env = { NATTER_TEST_RUNS: runs, ...process.env };
  const [code] = await once(spawn(process.execPath, args, { stdio: "inherit", env }), "exit");
  return code === 0;
};

const summarise = async (report: string): Promise<Map<string, { held: number; failed: number; skipped: number }>> => {
  const { testResults } = reportOf.parse(JSON.parse(await readFile(report, "utf8")));
  const sums = new Map<string, { held: number; failed: number; skipped: number }>();
  for (const { fullName, status } of testResults.flatMap((file) => file.assertionResults))
    for (const [id] of fullName.matchAll(/\bS\d{1,2}\b/g)) {
      const sum = sums.get(id) ?? { held: 0, failed: 0, skipped: 0 };
      sums.set(id, sum);
      sum[heldAs.has(status) ? "held" : status === "failed" ? "failed" : "skipped"] += 1;
    }
  return sums;
};

/** Plays every attack that a test is named after, with more random cases than `npm test`, and prints what held. */
const folder = await mkdtemp(join(tmpdir(), "natter-attacks-"));
try {
  const report = join(folder, "report.json");
  const hasPassed = await play(await findFiles(), report);
  const sums = [...(await summarise(report))].toSorted(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));
  console.table(Object.fromEntries(sums));
  process.exitCode = hasPassed && sums.length > 0 && sums.every(([, { held }]) => held > 0) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
