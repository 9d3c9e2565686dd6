import { parseArgs } from "node:util";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { createTaskServer } from "./create-server.ts";
import { serveTasks } from "./serve-http.ts";
import { openTaskStore } from "./task-store.ts";

const options = { file: { type: "string", default: "tasks.db" }, http: { type: "string" } } as const;
const { values } = parseArgs({ options });
const { TASKS_TOKEN: token, TASKS_USER: user } = process.env;
const store = openTaskStore(values.file);

if (values.http === undefined) {
  await createTaskServer(store, user).connect(new StdioServerTransport());
} else {
  if (token === undefined || token.length < 16) {
    console.error("TASKS_TOKEN: set a token of at least 16 characters; whoever has it may ask for anybody's tasks");
    process.exit(1);
  }
  const [port = "3220", host = "127.0.0.1"] = values.http.split(":").toReversed();
  const server = serveTasks(store, token).listen(Number(port), host, () => {
    const address = server.address();
    const at = typeof address === "object" && address !== null ? address.port : port;
    console.log(`tasks: http://${host}:${at}/mcp`);
  });
}
