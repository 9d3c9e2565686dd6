import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mountNatter, type MountedNatter } from "../../src/testing/servers/mounted-natter.ts";
import { preparePydanticAi, startPythonAgent, type PythonAgent } from "../../src/testing/servers/python-agent.ts";
import { createScriptedModel } from "../../src/testing/providers/scripted-model.ts";

const environment = await preparePydanticAi();

describe.skipIf(environment === null)("A3 the example of a PydanticAI agent", () => {
  let python: PythonAgent;
  let natter: MountedNatter;
  beforeAll(async () => {
    python = await startPythonAgent(environment ?? "");
    process.env["AGENT_URL"] = python.url;
    const { default: config } = await import("./natter.config.ts");
    natter = await mountNatter({ ...config, model: createScriptedModel(() => []) });
  }, 120_000);
  afterAll(async () => {
    delete process.env["AGENT_URL"];
    await natter.close();
    await python.kill();
  });

  test("adds by its tool, and says what it gave", async () => {
    const answer = await natter.say("add them");
    expect(answer.text).toBe("It gave 5.");
    expect(answer.frames.map(({ chunk }) => chunk.type)).toContain("tool-output-available");
  }, 60_000);
});
