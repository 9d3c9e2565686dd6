import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../src/foundation/ids.ts";
import { AppProcess } from "../web/app/app-process.ts";
import { chromiumPath, launchChromium } from "../web/app/chromium.ts";
import { buildPage } from "./build-page.ts";
import { UseChatPage } from "./use-chat-page.ts";

describe.skipIf(chromiumPath === null)(
  "useChat of @ai-sdk/react, unchanged, where answers wait for a person",
  { timeout: 120_000 },
  () => {
    let natter: AppProcess;
    let browser: Browser;
    let context: BrowserContext;
    let chat: UseChatPage;
    let script: string;
    let id: string;

    beforeAll(async () => {
      [natter, browser, script] = await Promise.all([AppProcess.start(), launchChromium(), buildPage()]);
      context = await browser.newContext();
      await (await context.newPage()).goto(natter.loginUrl);
      chat = await UseChatPage.open(context, natter.url, script);
    }, 120_000);
    beforeEach(async () => {
      id = createId();
      chat.posts.length = 0;
      await chat.show(id, "decides");
    });
    afterAll(async () => {
      await browser?.close();
      await natter?.remove();
    });

    const statuses = async (): Promise<readonly string[]> => {
      const response = await context.request.get(`${natter.url}/v1/conversations/${id}/completions`);
      return ((await response.json()) as { data: { status: string }[] }).data.map(({ status }) => status);
    };

    test("N5 allows a call: it runs once, and the answer goes on in the same message", async () => {
      await chat.send({ text: "approve" });
      const [call] = await chat.callsAre("approval-requested");
      expect(await statuses()).toEqual(["waiting"]);
      const before = await chat.messages();
      await chat.decide(call?.approvalId ?? "", true);
      await chat.callsAre("output-available");
      const after = await chat.messages();
      expect(after.map(({ id: messageId }) => messageId)).toEqual(before.map(({ id: messageId }) => messageId));
      expect(after.at(-1)?.text.length).toBeGreaterThan(before.at(-1)?.text.length ?? 0);
      expect([await statuses(), await chat.error(), chat.posts.length]).toEqual([["completed"], "", 2]);
      expect(await chat.say("add 2 3")).toHaveLength(4);
    });

    test("N5 decides several at once, one of them by no; what is shown is what is stored", async () => {
      await chat.send({ text: "approve 3" });
      const [first, second, third] = await chat.callsAre("approval-requested");
      await chat.decide(first?.approvalId ?? "", true);
      await chat.decide(second?.approvalId ?? "", false, "too many dice");
      await chat.decide(third?.approvalId ?? "", true);
      const calls = await chat.callsAre("output-available", "output-denied");
      expect(calls.map(({ state }) => state)).toEqual(["output-available", "output-denied", "output-available"]);
      expect(chat.posts).toHaveLength(2);
      expect(await statuses()).toEqual(["completed"]);
      await chat.show(id, "load");
      expect((await chat.calls()).map(({ state }) => state)).toEqual(calls.map(({ state }) => state));
    });

    test("N5 decides in a window that was opened while it waited", async () => {
      await chat.send({ text: "approve" });
      await chat.callsAre("approval-requested");
      const other = await UseChatPage.open(context, natter.url, script);
      await other.show(id, "load", "resume", "decides");
      const [call] = await other.callsAre("approval-requested");
      await other.decide(call?.approvalId ?? "", true);
      await other.callsAre("output-available");
      expect([await statuses(), await other.error()]).toEqual([["completed"], ""]);
      await other.page.close();
    });

    test("N13 gives the result of a client's tool, once it fits", async () => {
      await chat.send({ text: "ask" });
      const [call] = await chat.callsAre("input-available");
      expect(call?.type).toBe("tool-askPerson");
      expect(await statuses()).toEqual(["waiting"]);
      await chat.give("askPerson", call?.toolCallId ?? "", { answer: "Echo" });
      await chat.callsAre("output-available");
      await chat.reads("Echo");
      expect([await statuses(), await chat.error(), chat.posts.length]).toEqual([["completed"], "", 2]);
    });
  },
);
