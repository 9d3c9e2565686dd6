import { createReadStream } from "node:fs";
import { access, constants } from "node:fs/promises";
import { parseArgs } from "node:util";
import { NatterError } from "../foundation/errors.ts";
import type { RunCommand } from "./command.ts";
import { readConfig } from "./config-file.ts";
import { openTransferDesk } from "./transfer-desk.ts";

const options = { user: { type: "string" }, workspace: { type: "string" } } as const;

/** Hands a file over to be imported. */
export const importCommand: RunCommand = async (args) => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0)
    throw new NatterError("invalid_request", "Which file? natter import <file>");
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw new NatterError("invalid_request", `${path} cannot be read`, { cause });
  });
  const desk = await openTransferDesk(await readConfig(), values);
  try {
    const id = await desk.import(createReadStream(path));
    console.error(
      `A server reads it as soon as one runs; GET /v1/import/${id} tells what became of each conversation.`,
    );
    console.log(id);
  } finally {
    await desk.close();
  }
  return 0;
};
