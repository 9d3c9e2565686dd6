import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile, installPackage, pack, type Consumer } from "./consumer.ts";
import { askPackage, servePackage } from "./serve-package.ts";

// What nobody waits for in `npm test`: the package as the registry's client installs it, against its budgets.

const budgets = { installMegabytes: 120, importMilliseconds: 150 };
const importAttempts = 7;

const importing = `
  const before = process.cpuUsage();
  await import("natter");
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1000);`;

/** Of several, the one that others on this machine held up least. */
const importCost = async ({ run }: Consumer): Promise<number> => {
  const costs: number[] = [];
  for (let attempt = 0; attempt < importAttempts; attempt += 1)
    costs.push(Number(await run(process.execPath, "--input-type=module", "--eval", importing)));
  return Math.round(Math.min(...costs));
};

const answers = async (consumer: Consumer): Promise<boolean> => {
  const served = await servePackage(consumer, ["npx", "natter"]);
  try {
    const page = await (await fetch(served.url)).text();
    return page.includes("<title>Natter</title>") && (await askPackage(served, "hello")).includes('"type":"finish"');
  } finally {
    await served.end();
  }
};

const folder = await mkdtemp(join(tmpdir(), "natter-package-"));
const consumer = await installPackage(await pack(folder));
try {
  const installMegabytes = Number((await consumer.run("du", "-sm", "node_modules")).split("\t")[0]);
  for (const resolution of ["nodenext", "bundler"] as const) await compile(consumer, resolution, "registered");
  const figures = { installMegabytes, importMilliseconds: await importCost(consumer) };
  const isServing = await answers(consumer);
  console.log(JSON.stringify({ ...figures, budgets, isServing }));
  const isWithin =
    figures.installMegabytes <= budgets.installMegabytes && figures.importMilliseconds <= budgets.importMilliseconds;
  process.exitCode = isServing && isWithin ? 0 : 1;
} finally {
  await consumer.remove();
  await rm(folder, { recursive: true, force: true });
}
