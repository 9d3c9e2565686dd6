import { parseArgs } from "node:util";
import { ConfigurationError } from "../config/configuration-error.ts";
import type { ResolvedConfig } from "../config/load-config.ts";
import { failed, type RunCommand } from "./command.ts";
import { findConfigFile, readConfig } from "./config-file.ts";
import { checkDatabase } from "./doctor/check-database.ts";
import { checkFolder } from "./doctor/check-folder.ts";
import { checkIdentity } from "./doctor/check-identity.ts";
import { checkMcp } from "./doctor/check-mcp.ts";
import { checkNode } from "./doctor/check-node.ts";
import { checkPort } from "./doctor/check-port.ts";
import { checkProviders } from "./doctor/check-providers.ts";
import { checkRedis } from "./doctor/check-redis.ts";
import { finding, type Check, type Finding } from "./doctor/finding.ts";

const checks: readonly Check[] = [
  checkFolder,
  checkDatabase,
  checkRedis,
  checkProviders,
  checkMcp,
  checkIdentity,
  checkPort,
];

const marks = { ok: "ok  ", note: "note", bad: "bad " };

const show = ({ state, about, text, advice }: Finding): void => {
  console.log(`${marks[state]}  ${about.padEnd(10)} ${text}${advice === undefined ? "" : ` → ${advice}`}`);
};

const readChecked = async (): Promise<ResolvedConfig | null> => {
  try {
    const config = await readConfig();
    show(finding("ok", "settings", `environment and ${findConfigFile() ?? "no natter.config.ts"}`));
    return config;
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    for (const mistake of thrown.mistakes) show(finding("bad", "settings", mistake, "correct it and start again"));
    return null;
  }
};

/** What a check that broke off found out. */
const broken = (check: Check, thrown: unknown): Finding =>
  finding(
    "bad",
    check.name.replace(/^check/, "").toLowerCase(),
    thrown instanceof Error ? thrown.message : String(thrown),
  );

/** Looks at everything that a start needs, one line each; 1 when something would keep it from starting. */
export const doctor: RunCommand = async (args) => {
  parseArgs({ args: [...args], options: {} });
  const node = checkNode();
  show(node);
  const config = await readChecked();
  if (config === null) return failed;
  let isWell = node.state !== "bad";
  for (const check of checks) {
    const findings = await check(config).catch((thrown: unknown) => [broken(check, thrown)]);
    for (const found of findings) {
      show(found);
      if (found.state === "bad") isWell = false;
    }
  }
  return isWell ? 0 : failed;
};
