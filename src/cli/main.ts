import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { existsSync } from "node:fs";
import type { NatterConfig } from "../config/natter-config.ts";
import { start } from "./start.ts";

const usage = `natter ${"start"}   serve Natter (PORT, HOST, DATABASE_URL … : see the README)`;

/** The default export of `natter.config.ts` (or .js, .mjs) in the current folder; empty when there is none. */
const readConfigFile = async (): Promise<NatterConfig> => {
  const path = ["natter.config.ts", "natter.config.mjs", "natter.config.js"]
    .map((name) => resolve(name))
    .find((file) => existsSync(file));
  if (path === undefined) return {};
  const module: { default?: NatterConfig } = await import(pathToFileURL(path).href);
  return module.default ?? {};
};

const [command = "start"] = process.argv.slice(2);
if (command === "start") {
  await start(await readConfigFile());
} else {
  console.error(usage);
  process.exitCode = command === "help" || command === "--help" ? 0 : 64;
}
