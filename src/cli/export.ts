import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { NatterError } from "../foundation/errors.ts";
import { exportFormatSchema } from "../protocol/transfer.ts";
import type { RunCommand } from "./command.ts";
import { readConfig } from "./config-file.ts";
import { openTransferDesk } from "./transfer-desk.ts";

const options = {
  output: { type: "string" },
  format: { type: "string" },
  user: { type: "string" },
  workspace: { type: "string" },
} as const;

/** A whole file under its name, or none: what breaks off is not taken for an export later. */
const writeFile = async (path: string, content: Readable): Promise<void> => {
  const draft = `${path}.part`;
  try {
    await pipeline(content, createWriteStream(draft, { mode: 0o600 }));
    await rename(draft, path);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw thrown;
  }
};

/** Takes somebody's conversations out. */
export const exportCommand: RunCommand = async (args) => {
  const { values } = parseArgs({ args: [...args], options });
  const format = exportFormatSchema.safeParse(values.format ?? "zip");
  if (!format.success)
    throw new NatterError("invalid_request", `--format takes ${exportFormatSchema.options.join(", ")}`);
  if (values.output === undefined && process.stdout.isTTY && format.data === "zip")
    throw new NatterError("invalid_request", "An archive is nothing to look at: --output <file>");
  const desk = await openTransferDesk(await readConfig(), values);
  try {
    const content = Readable.from(desk.export(format.data), { objectMode: false });
    if (values.output === undefined) await pipeline(content, process.stdout, { end: false });
    else await writeFile(values.output, content);
  } finally {
    await desk.close();
  }
  return 0;
};
