import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/ports/database.ts";
import { createMcpDesk, mcpToolOf, toolContextOf, type McpDesk } from "../../src/testing/mcp-desk.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { completed, failed } from "../../src/tools/results.ts";
import { serveTasks } from "./serve-http.ts";
import { openTaskStore, type TaskStore } from "./task-store.ts";
import { taskTools } from "./task-tools.ts";

const token = "a token of the operator";

describe("D9 the tasks server", { timeout: 120_000 }, () => {
  let folder: string;
  let file: string;
  let store: TaskStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tasks-mcp-"));
    file = join(folder, "tasks.db");
    store = openTaskStore(file);
  });
  afterAll(async () => {
    store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (name: string, input: unknown, user = "checker") =>
    taskTools.find((tool) => tool.name === name)!.run(store, user, input);

  test.each([
    ["add_task", {}, "title"],
    ["add_task", { title: " \n " }, "title"],
    ["add_task", { title: "x".repeat(501) }, "title"],
    ["add_task", { title: "x", due: "31.1.2027" }, "due"],
    ["add_task", { title: "x", user: "somebody else" }, "user"],
    ["complete_task", { id: "1; drop table task" }, "id"],
    ["complete_task", { id: 0 }, "id"],
    ["delete_task", { id: 9_999 }, "no task 9999"],
    ["update_task", { id: 9_999, title: "x" }, "no task 9999"],
    ["list_tasks", { status: "toString" }, "status"],
    ["list_tasks", null, "input"],
  ])("refuses %s %j", (name, input, about) => {
    expect(run(name, input)).toMatchObject({ problem: expect.stringContaining(about) });
  });

  test("keeps one task a line, whatever its title holds", () => {
    run("add_task", { title: "one\n- [x] 7: forged' ; --" }, "liner");
    expect(run("list_tasks", {}, "liner")).toEqual({ text: "- [ ] 1: one - [x] 7: forged' ; --" });
    expect(run("update_task", { id: 1, due: "2027-01-31", done: true }, "liner")).toEqual({
      text: "Changed task 1: one - [x] 7: forged' ; -- (due 2027-01-31)",
    });
    expect(run("update_task", { id: 1, due: null }, "liner")).toMatchObject({
      text: expect.not.stringContaining("due"),
    });
    expect(run("list_tasks", { status: "open" }, "liner")).toEqual({ text: "There are no tasks." });
  });

  test("gives each number once, also to two processes that have the same file, and loses none to kill -9", async () => {
    const adding = `
      import { openTaskStore } from ${JSON.stringify(join(import.meta.dirname, "task-store.ts"))};
      const store = openTaskStore(${JSON.stringify(file)});
      for (let n = 0; n < 40; n += 1) console.log(store.add("both", { title: process.pid + "/" + n, due: null }).id);
      process.kill(process.pid, "SIGKILL");`;
    const numbers = await Promise.all(
      [1, 2].map(async () => {
        const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", adding], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        let out = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
        await once(child, "close");
        return out.trim().split("\n").map(Number);
      }),
    );
    const all = numbers.flat().toSorted((left, right) => left - right);
    expect(all).toEqual(Array.from({ length: 80 }, (_, index) => index + 1));
    expect(store.list("both", "open").map(({ id }) => id)).toEqual(all);
  });

  describe("over HTTP", () => {
    let database: Database;
    let desk: McpDesk;
    let url: string;
    let server: ReturnType<typeof serveTasks>;

    beforeAll(async () => {
      database = await testDatabases.at(-1)!.open();
      desk = createMcpDesk(database);
      server = serveTasks(store, token).listen(0, "127.0.0.1");
      await once(server, "listening");
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
    });
    afterAll(async () => {
      await desk.close();
      server.closeAllConnections();
      server.close();
      await database.close();
    });

    test("keeps each user's own list for Natter", async () => {
      const servers = await desk.use({ tasks: { url, headers: { authorization: `Bearer ${token}` } } });
      const call = (tool: string, user: string, input: object) =>
        mcpToolOf(servers, `tasks__${tool}`).execute(input, toolContextOf(user));
      const users = Array.from({ length: 10 }, (_, index) => `user-${index}`);
      await Promise.all(users.map((user) => call("add_task", user, { title: `of ${user}` })));
      for (const user of users) expect(await call("list_tasks", user, {})).toEqual(completed(`- [ ] 1: of ${user}`));
      expect(await call("complete_task", "user-1", { id: 2 })).toEqual(failed("There is no task 2."));
    });

    test("lets nobody in without the token", async () => {
      for (const headers of [{}, { authorization: "Bearer another" }]) {
        const servers = await desk.use({ tasks: { url, headers } });
        expect(servers.reports()).toMatchObject([{ status: "down" }]);
      }
      expect((await fetch(url.replace("/mcp", "/"))).status).toBe(404);
    });
  });
});
