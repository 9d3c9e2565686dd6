import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeRoutes } from "../http/openapi/openapi.ts";
import { createNatter } from "../natter.ts";
import { version } from "../version.ts";
import type { RunCommand } from "./command.ts";

/** Prints the description of the API, from the routes of a Natter that lives for this moment. */
export const openapi: RunCommand = async (args) => {
  parseArgs({ args: [...args], options: {} });
  const dataDirectory = await mkdtemp(join(tmpdir(), "natter-openapi-"));
  const natter = createNatter({ dataDirectory, env: {} });
  try {
    const { http } = await natter.start();
    console.log(JSON.stringify(describeRoutes(http.routes, version), null, 2));
  } finally {
    await natter.close();
    await rm(dataDirectory, { recursive: true, force: true });
  }
  return 0;
};
