import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { loadConfig, type ResolvedConfig } from "../config/load-config.ts";
import type { NatterConfig } from "../config/natter-config.ts";

const names = ["natter.config.ts", "natter.config.mjs", "natter.config.js"];

/** The configuration file of the current folder; null when there is none. */
export const findConfigFile = (): string | null =>
  names.map((name) => resolve(name)).find((file) => existsSync(file)) ?? null;

/** Its default export; empty without a file. */
export const readConfigFile = async (): Promise<NatterConfig> => {
  const path = findConfigFile();
  if (path === null) return {};
  const module: { default?: NatterConfig } = await import(pathToFileURL(path).href);
  return module.default ?? {};
};

/** File and environment together, as a server here would see them. */
export const readConfig = async (): Promise<ResolvedConfig> => loadConfig(process.env, await readConfigFile());
