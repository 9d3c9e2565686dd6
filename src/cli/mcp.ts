import { parseArgs } from "node:util";
import { NatterError } from "../foundation/errors.ts";
import { signIn } from "../tools/mcp/sign-in.ts";
import { createCallbackServer } from "./callback-server.ts";
import type { RunCommand } from "./command.ts";
import { readConfig } from "./config-file.ts";

const options = {
  "client-id": { type: "string" },
  "client-secret": { type: "string" },
  scope: { type: "string" },
} as const;

const misuse = (message: string): NatterError => new NatterError("invalid_request", message);

/** `natter mcp login <server>`: a person signs in, and the shell gets what belongs into the configuration. */
export const mcp: RunCommand = async (args) => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [action, name, ...more] = positionals;
  if (action !== "login" || name === undefined || more.length > 0)
    throw misuse("Which server? natter mcp login <server>");
  const { mcp: servers = {}, egress } = await readConfig();
  const server = Object.hasOwn(servers, name) ? servers[name] : undefined;
  if (server === undefined || !("url" in server))
    throw misuse(`natter.config.ts names no server "${name}" with a url under mcp`);
  const callback = await createCallbackServer();
  const clientId = values["client-id"];
  try {
    const oauth = await signIn({
      server,
      allow: egress.allow,
      redirectUrl: callback.url,
      client: clientId === undefined ? undefined : { clientId, clientSecret: values["client-secret"] },
      scope: values.scope,
      authorize: (page) => {
        console.error(`Open ${page.href}`);
        return callback.called;
      },
    });
    console.error(`Put this under mcp.${name} in natter.config.ts, the secrets by way of the environment:`);
    console.log(`oauth: ${JSON.stringify(oauth)},`);
    return 0;
  } finally {
    callback.close();
  }
};
