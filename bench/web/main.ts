import { rm, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { findChromium } from "../../src/testing/servers/find-program.ts";
import { buildStage } from "./build-stage.ts";
import { bundleSize } from "./bundle-size.ts";
import { measureStage, type StageFigures } from "./measure-stage.ts";
import { serveStage } from "./serve-stage.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    messages: { type: "string", default: "500" },
    tokens: { type: "string", default: "5000" },
    rate: { type: "string", default: "200" },
    out: { type: "string" },
    assert: { type: "boolean", default: false },
  },
});

const budgets = { ratio: 0.85, longestTask: 50, kilobytes: 30 };
const names = ["markdown", "streamdown"] as const;
type Name = (typeof names)[number];

const load = { messages: Number(options.messages), tokens: Number(options.tokens), perSecond: Number(options.rate) };
const executablePath = findChromium();
if (executablePath === null) throw new Error("Chromium is not installed; the measurement needs it");

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;

const directories = await Promise.all(names.map(buildStage));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--enable-precise-memory-info"] });
const rounds: Record<Name, StageFigures[]> = { markdown: [], streamdown: [] };
for (let round = 0; round < Number(options.rounds); round += 1) {
  // The machine's speed drifts; nobody may always be the one that runs when it is slow.
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const stage = await serveStage(directories[names.indexOf(name)] ?? "");
    const figures = await measureStage(browser, stage.url, load);
    stage.stop();
    rounds[name].push(figures);
    console.error(`round ${round + 1}, ${name}: ${figures.cpuPerFrame.toFixed(2)} ms CPU a frame`);
  }
}
await browser.close();
await Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true })));

const columns: readonly (keyof StageFigures)[] = [
  "cpuPerFrame",
  "scriptPerFrame",
  "layoutPerFrame",
  "longestTask",
  "tasksOverLimit",
  "droppedFrames",
  "frames",
  "mount",
  "memory",
];
const figure = (name: Name, column: keyof StageFigures): number => median(rounds[name].map((of) => of[column]));
const ratio = median(
  rounds.markdown.map((of, round) => of.cpuPerFrame / (rounds.streamdown[round]?.cpuPerFrame ?? Number.NaN)),
);
const size = await bundleSize();
const kilobytes = size.atOnce / 1_024;

const excesses = [
  ...(ratio <= budgets.ratio ? [] : [`CPU a frame is ${ratio.toFixed(2)} of Streamdown's, over ${budgets.ratio}`]),
  ...(figure("markdown", "longestTask") <= budgets.longestTask ? [] : [`a task took over ${budgets.longestTask} ms`]),
  ...(kilobytes <= budgets.kilobytes ? [] : [`it adds ${kilobytes.toFixed(1)} KB, over ${budgets.kilobytes}`]),
];
const report = { when: new Date(), node: process.version, load, ratio, size, excesses, rounds };
if (options.out) await writeFile(options.out, JSON.stringify(report, null, 2));
else console.log(JSON.stringify(report, null, 2));
const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
console.log(line(["shown by", ...columns]));
console.log(line(["---", ...columns.map(() => "---:")]));
for (const name of names) console.log(line([name, ...columns.map((column) => figure(name, column).toFixed(2))]));
console.log(
  `CPU a frame, as a ratio: ${ratio.toFixed(2)}; adds ${kilobytes.toFixed(1)} KB to the app, ${(size.later / 1_024).toFixed(0)} KB later`,
);
for (const excess of excesses) console.error(`over budget: ${excess}`);
process.exit(options.assert && excesses.length > 0 ? 1 : 0);
