import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findExcesses } from "./budgets.ts";
import { type Figures, figuresOf, type Round } from "./figures.ts";
import { type CaseResult, loadOf, measureCase, runLoad } from "./measure-case.ts";
import { type Scenario, type ScenarioName, scenarios } from "./scenarios.ts";
import { startServer } from "./server-process.ts";
import { formatTable } from "./table.ts";
import { targets } from "./targets.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    targets: { type: "string", default: Object.keys(targets).join(",") },
    scenarios: { type: "string", default: [...scenarios.keys()].join(",") },
    /** The share of each load that is run, for a quick look. */
    share: { type: "string", default: "1" },
    out: { type: "string" },
    assert: { type: "boolean", default: false },
  },
});

const list = (text: string): string[] => text.split(",").map((name) => name.trim());
const chosenTargets = list(options.targets);
const chosenScenarios = list(options.scenarios);
const share = Number(options.share);

const upstream = await startServer({ args: [join(import.meta.dirname, "upstream.ts")], ready: "/stats" });

const sized = (scenario: Scenario): Scenario => ({
  ...scenario,
  total: Math.max(scenario.streams, Math.round(scenario.total * share)),
});

const runTarget = async (name: string, round: number): Promise<Round> => {
  const start = targets[name];
  if (!start) throw new Error(`there is no target ${name}; there are ${Object.keys(targets).join(", ")}`);
  const target = await start(upstream.url);
  const results: Partial<Record<ScenarioName, CaseResult>> = {};
  try {
    const warmUp = { model: "mock-n100-d0", streams: 20, total: 200 };
    const { conversations } = await runLoad(loadOf(target, warmUp));
    for (const [scenario, full] of scenarios) {
      const load = sized(full);
      if (!chosenScenarios.includes(scenario) || (load.followUp && !target.followUp)) continue;
      const result = await measureCase(target, upstream, { ...loadOf(target, load), conversations });
      results[scenario] = result;
      const { firstToken, serverCpu, completions, errors, firstError, others } = result;
      console.error(
        `round ${round + 1}, ${name}, ${scenario}: ${(serverCpu / completions).toFixed(2)} ms CPU, first token ` +
          `${firstToken.p50.toFixed(1)} ms, others ${others.toFixed(2)}, ${errors} errors ${firstError ?? ""}`,
      );
    }
  } finally {
    await target.stop();
  }
  return results;
};

const roundsOf = new Map<string, Round[]>(chosenTargets.map((name) => [name, []]));
for (let round = 0; round < Number(options.rounds); round += 1) {
  const first = round % chosenTargets.length;
  // The machine's speed drifts; nobody may always be the one that runs when it is slow.
  for (const name of [...chosenTargets.slice(first), ...chosenTargets.slice(0, first)]) {
    roundsOf.get(name)?.push(await runTarget(name, round));
  }
}
await upstream.stop();

const figures: Record<string, Figures> = {};
for (const [name, rounds] of roundsOf) {
  figures[name] = figuresOf(rounds, roundsOf.get("raw pipe") ?? [], roundsOf.get("direct") ?? []);
}
const excesses = Object.entries(figures).flatMap(([name, of]) => findExcesses(name, of));
const report = { when: new Date(), node: process.version, figures, excesses, rounds: Object.fromEntries(roundsOf) };
if (options.out) await writeFile(options.out, JSON.stringify(report, null, 2));
else console.log(JSON.stringify({ figures, excesses }, null, 2));
console.log(formatTable(figures));
for (const excess of excesses) console.error(`over budget: ${excess}`);
process.exit(options.assert && excesses.length > 0 ? 1 : 0);
