import { afterAll, beforeAll, expect, test } from "vitest";
import { mountNatter, type MountedNatter } from "../../src/testing/servers/mounted-natter.ts";
import { createScriptedModel } from "../../src/testing/providers/scripted-model.ts";
import config from "./natter.config.ts";

let natter: MountedNatter;
const model = createScriptedModel(() => []);
beforeAll(async () => {
  natter = await mountNatter({ ...config, model });
}, 60_000);
afterAll(() => natter.close());

test("A3 a runner of one's own answers with a tool and without a model", async () => {
  const answer = await natter.say("How many of AB-12 are there?");
  expect(answer.text).toBe("There are 7 of AB-12.");
  const types = answer.frames.map(({ chunk }) => chunk.type);
  expect(types).toContain("tool-output-available");
  expect((await natter.say("hello")).text).toBe("Name an article, like AB-12.");
  expect(model.calls).toHaveLength(0);
});
