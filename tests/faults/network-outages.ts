import { setTimeout as sleep } from "node:timers/promises";
import type { ProxyRule } from "./fault-proxy.ts";
import { misreadOf } from "./load-audit.ts";
import { countBy, type FaultReport } from "./report.ts";
import { tellProgress, underLoad } from "./under-load.ts";

export interface OutagesOptions {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** Of each kind. */
  readonly outages: number;
  readonly seed: number;
}

const rules: readonly { readonly rule: ProxyRule; readonly milliseconds: number }[] = [
  { rule: { kind: "delay", milliseconds: 150 }, milliseconds: 2_000 },
  { rule: { kind: "blackhole" }, milliseconds: 3_000 },
  { rule: { kind: "drop" }, milliseconds: 1_000 },
  { rule: { kind: "reset" }, milliseconds: 1_000 },
  { rule: { kind: "cut", bytes: 2_000 }, milliseconds: 2_000 },
];

/** The ways from all nodes to PostgreSQL and to Redis are slow, silent, closed, reset, or break in the middle of an answer. */
export const cutNetworks = async ({ outages, ...options }: OutagesOptions): Promise<FaultReport> => {
  const done: string[] = [];
  const all = outages * rules.length * 2;
  const audit = await underLoad(
    { ...options, isProxied: true, misread: misreadOf },
    async ({ fleet, load, random }) => {
      const { ways } = fleet;
      if (ways === null) throw new Error("the nodes reach their stores without a proxy");
      for (let round = 0; round < outages; round += 1)
        for (const { rule, milliseconds } of rules)
          for (const name of ["postgres", "redis"] as const) {
            if (load.problems.length > 0) return;
            await sleep(random.integer(500, 1_000));
            ways[name].set(rule);
            await sleep(milliseconds);
            ways[name].set({ kind: "pass" });
            done.push(`${name} ${rule.kind}`);
            tellProgress(done.length, all, "outages");
          }
    },
  );
  return { fault: "network", figures: { outages: countBy(done), ...audit.figures }, failures: audit.failures };
};
