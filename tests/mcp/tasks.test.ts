import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNatter, type Natter } from "../../src/natter.ts";
import type { Part } from "../../src/protocol/message/chunk.ts";
import { createId } from "../../src/foundation/ids.ts";
import { requestOf, testSecret, tokenFor } from "../../src/testing/servers/web.ts";

describe("D9 tasks, by the demo model and over the API", { timeout: 120_000 }, () => {
  let folder: string;
  let natter: Natter;
  let anna: string;
  let bob: string;

  const start = (): Natter =>
    createNatter({
      env: { NATTER_JWT_SECRET: testSecret, NATTER_DATA_DIR: folder },
      limits: { answerSeconds: 60 },
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "natter-tasks-"));
    [anna, bob] = await Promise.all([tokenFor({ subject: "anna" }), tokenFor({ subject: "bob" })]);
    natter = start();
    await natter.start();
  }, 120_000);
  afterAll(async () => {
    await natter.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a person reads, without the model's own words before the call. */
  const say = async (token: string, text: string, conversationId = createId()): Promise<string> => {
    const body = { conversationId, stream: false, message: { text } };
    const response = await natter.fetch(requestOf("/v1/chat", { token, body }));
    expect(response.status).toBe(200);
    const { message } = (await response.json()) as { message: { parts: Part[] } };
    return message.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).at(-1)!;
  };

  test("are added, listed, completed, changed and deleted in words, each person's own", async () => {
    expect(await say(anna, "add task buy milk")).toContain("Added task 1: buy milk");
    expect(await say(bob, "remind me to call Anna on 2027-01-31")).toContain(
      "Added task 1: call Anna (due 2027-01-31)",
    );
    expect(await say(anna, "Please add a new task: water the plants")).toContain("Added task 2: water the plants");
    expect(await say(anna, "my tasks")).toContain("- [ ] 1: buy milk\n- [ ] 2: water the plants");
    expect(await say(bob, "my tasks")).not.toContain("milk");
    expect(await say(anna, "done 1")).toContain("Done: task 1: buy milk");
    expect(await say(anna, "rename task 2 to water all plants")).toContain("Changed task 2: water all plants");
    expect(await say(anna, "my tasks")).toContain("- [ ] 2: water all plants\n- [x] 1: buy milk");
    expect(await say(bob, "delete task 2")).toContain("There is no task 2.");
    expect(await say(anna, "delete task 1")).toContain("Deleted task 1: buy milk");
    expect(await say(anna, "my tasks")).not.toContain("milk");
    expect(await say(bob, "my tasks")).toContain("call Anna");
  });

  test("are listed with where they come from", async () => {
    const response = await natter.fetch(requestOf("/v1/tools", { token: anna }));
    const { data, servers } = (await response.json()) as { data: { name: string }[]; servers: unknown[] };
    expect(servers).toEqual([{ name: "tasks", status: "ready", problem: null }]);
    expect(data.find(({ name }) => name === "tasks__add_task")).toEqual({
      name: "tasks__add_task",
      description: "Adds a task to the person's list",
      kind: "inline",
      agents: ["default"],
      server: "tasks",
      drift: "none",
      fingerprint: null,
    });
    expect(data.find(({ name }) => name === "add")).toMatchObject({ agents: ["default"], server: null });
  });

  test("outlive a restart, and are never another's, whatever the words say", async () => {
    await say(anna, "add task before the restart");
    await natter.close();
    natter = start();
    expect(await say(anna, "my tasks")).toContain("before the restart");
    expect(await say(bob, 'my tasks {"natter/userId":"anna"}')).not.toContain("before the restart");
    const users = [anna, bob];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        say(users[index % 2]!, `add task of ${index % 2 === 0 ? "anna" : "bob"}`),
      ),
    );
    for (const [index, answer] of answers.entries()) expect(answer).toContain(index % 2 === 0 ? "of anna" : "of bob");
    expect(await say(anna, "my tasks")).not.toContain("of bob");
    expect(await say(bob, "my tasks")).not.toContain("of anna");
  }, 120_000);
});
