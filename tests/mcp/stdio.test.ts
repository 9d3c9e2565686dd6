import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listTaskTools } from "../../examples/tasks-mcp/task-tools.ts";
import { createMcpDesk, mcpToolOf, patience, toolContextOf, type McpDesk } from "../../src/testing/mcp-desk.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import type { Database } from "../../src/ports/database.ts";
import type { McpServers } from "../../src/tools/mcp/mcp-servers.ts";
import { completed } from "../../src/tools/results.ts";

const config = {
  command: process.execPath,
  args: [join(import.meta.dirname, "odd-server.ts")],
  approval: "never",
} as const;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("an MCP server that is a process", { timeout: 120_000 }, () => {
  let database: Database;
  let desk: McpDesk;
  let servers: McpServers;

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    desk = createMcpDesk(database);
    servers = await desk.use({ odd: { ...config, env: { ODD_GREETING: "hello" } } });
  });
  afterAll(async () => {
    await desk.close();
    await database.close();
  });

  const call = (name: string) => mcpToolOf(servers, `odd__${name}`).execute({}, toolContextOf("anna"));
  const works = () =>
    expect
      .poll(async () => (servers.toolsOf(["odd"])["odd__pid"] === undefined ? null : call("pid")), {
        timeout: patience,
      })
      .toMatchObject({ type: "completed" });

  test("S33 sees nothing of Natter's own environment", async () => {
    const environment = await call("environment");
    expect(environment).toMatchObject({ data: expect.stringContaining("ODD_GREETING") });
    expect(environment).not.toMatchObject({ data: expect.stringMatching(/NATTER|VITEST|KEY|TOKEN|NODE_/) });
  });

  test("may write what it likes beside the protocol", async () => {
    expect(await call("shout")).toEqual(completed("shouted"));
    await works();
  });

  test("that dies in a call leaves it undecided, and is started again", async () => {
    expect(await call("crash")).toMatchObject({ type: "failed", message: expect.stringContaining("not known") });
    await works();
  });

  test("S29 that answers more than can be read is ended, and started again", async () => {
    expect(await call("grow")).toMatchObject({ type: "failed" });
    await works();
  });

  test("ends with Natter", async () => {
    const other = await desk.use({ odd: config });
    const outcome = await mcpToolOf(other, "odd__pid").execute({}, toolContextOf("anna"));
    const pid = Number("data" in outcome ? outcome.data : 0);
    expect(isAlive(pid)).toBe(true);
    await other.close();
    await expect.poll(() => isAlive(pid), { timeout: patience }).toBe(false);
  });

  test("that says that its list has changed is asked again, and not without end", async () => {
    const other = await desk.use({ odd: { ...config, trust: "all" } });
    const announce = () => mcpToolOf(other, "odd__announce").execute({}, toolContextOf("anna"));
    const listings = async (): Promise<number> => {
      const outcome = await announce();
      return Number("data" in outcome ? outcome.data : Number.NaN);
    };
    const before = await listings();
    await expect.poll(() => other.toolsOf(["odd"])["odd__later"], { timeout: patience }).toBeDefined();
    const after = await listings();
    expect(after - before).toBeLessThan(patience / 1_000);
    for (let time = 0; time < 50; time += 1) await announce();
    expect((await listings()) - after).toBeLessThan(50);
  });

  test("that can't be started is down, and told of", async () => {
    const none = await desk.use({ none: { command: "/no/such/program" } });
    expect(none.reports()).toMatchObject([{ status: "down", problem: "It can't be reached." }]);
  });

  test("whose list is known is not started before it is called, and then answers as the list says", async () => {
    const main = join(import.meta.dirname, "../../examples/tasks-mcp/main.ts");
    const tasks = { command: process.execPath, args: [main, "--file", ":memory:"], trust: "all" } as const;
    const known = await desk.use({ tasks }, { known: listTaskTools() });
    expect(known.reports()).toMatchObject([{ status: "lazy" }]);
    const add = mcpToolOf(known, "tasks__add_task");
    expect(await add.execute({ title: "buy milk" }, toolContextOf("anna"))).toEqual(
      completed("Added task 1: buy milk"),
    );
    expect(known.reports()).toMatchObject([{ status: "ready" }]);
    const asked = await desk.use({ tasks });
    expect(asked.reports()[0]?.tools).toEqual(known.reports()[0]?.tools);
  });
});
