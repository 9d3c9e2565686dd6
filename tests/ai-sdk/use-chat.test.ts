import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createId } from "../../src/foundation/ids.ts";
import { dataUrl, pngOf } from "../../src/testing/databases/sample-files.ts";
import { AppProcess } from "../web/app/app-process.ts";
import { bringConversation } from "../web/app/bring-conversation.ts";
import { chromiumPath, launchChromium } from "../web/app/chromium.ts";
import { buildPage } from "./build-page.ts";
import { UseChatPage } from "./use-chat-page.ts";

interface Stored {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: string;
  readonly parts: readonly { readonly type: string; readonly text?: string; readonly url?: string }[];
}

describe.skipIf(chromiumPath === null)(
  "useChat of @ai-sdk/react with DefaultChatTransport",
  { timeout: 120_000 },
  () => {
    let natter: AppProcess;
    let browser: Browser;
    let context: BrowserContext;
    let script: string;
    let chat: UseChatPage;
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
      await chat.show(id);
    });
    afterAll(async () => {
      await browser?.close();
      await natter?.remove();
    });

    const get = async <Answer>(path: string): Promise<Answer> => {
      const response = await context.request.get(`${natter.url}${path}`);
      expect(response.status()).toBe(200);
      return (await response.json()) as Answer;
    };
    const stored = async (query = ""): Promise<Stored[]> =>
      (await get<{ data: Stored[] }>(`/v1/conversations/${id}/messages?limit=200${query}`)).data;
    const branch = async (): Promise<string[]> =>
      (await stored("&branch=active")).map(({ parts }) =>
        parts.map(({ text, type }) => (type === "file" ? "[file]" : (text ?? ""))).join(""),
      );
    const userId = async (place: number): Promise<string> => {
      const message = (await chat.messages()).filter(({ role }) => role === "user")[place];
      return message?.id ?? "";
    };
    /** What is shown is what is stored, and nothing beside it. */
    const expectStored = async (): Promise<void> => {
      expect(await branch()).toEqual(await chat.texts());
    };

    test("sends, and sends again", async () => {
      const first = await chat.say("add 2 3");
      expect(first).toHaveLength(2);
      const second = await chat.say("long 20");
      expect(second).toHaveLength(4);
      expect(second[3]).toContain("19 20");
      await expectStored();
      expect((await chat.messages()).map(({ id: messageId }) => messageId)).toEqual(
        (await stored()).map(({ id: messageId }) => messageId),
      );
    });

    test("reloads in the middle of an answer and resumes it, in a second window as well", async () => {
      await chat.send({ text: "slow 150" });
      await chat.reads("Slowly");
      const other = await UseChatPage.open(context, natter.url, script);
      await other.show(id, "load", "resume");
      await chat.show(id, "load", "resume");
      for (const window of [chat, other]) {
        await window.reads("or to stop");
        await window.page.locator("#status", { hasText: "ready" }).waitFor();
        expect((await window.messages()).map(({ role }) => role)).toEqual(["user", "assistant"]);
        expect(await branch()).toEqual(await window.texts());
      }
      await other.page.close();
    });

    test("loads an idle conversation: resume finds nothing, and the next message goes on", async () => {
      await chat.say("add 2 3");
      await chat.show(id, "load", "resume");
      await chat.page.locator("#status", { hasText: "ready" }).waitFor();
      expect(await chat.say("long 5")).toHaveLength(4);
      expect(await chat.error()).toBe("");
      await expectStored();
    });

    test("N4 edits, goes on, edits the edit, and regenerates it", async () => {
      await chat.say("long 5");
      await chat.say("long 6");
      const edited = await userId(0);
      expect(await chat.say("long 7", edited)).toMatchObject(["long 7", expect.stringContaining("7")]);
      await expectStored();
      expect(await chat.say("long 8")).toHaveLength(4);
      await expectStored();
      expect(await chat.say("long 9", edited)).toMatchObject(["long 9", expect.stringContaining("9")]);
      await expectStored();
      await chat.regenerate();
      expect(await chat.answered()).toMatchObject(["long 9", expect.stringContaining("9")]);
      await expectStored();
      expect(await chat.say("long 10", edited)).toHaveLength(2);
      expect(await chat.say("long 11")).toHaveLength(4);
      await expectStored();
      const roots = (await stored()).filter(({ parentId }) => parentId === null);
      expect(roots.map(({ parts }) => parts[0]?.text)).toEqual(["long 5", "long 7", "long 9", "long 10"]);
    });

    test("N4 regenerates the last answer, and an earlier one by its id", async () => {
      await chat.say("long 5");
      await chat.say("long 6");
      const [, first, , second] = await chat.messages();
      await chat.regenerate();
      expect(await chat.answered()).toHaveLength(4);
      expect((await chat.messages())[3]?.id).not.toBe(second?.id);
      await expectStored();
      await chat.regenerate(first?.id);
      expect(await chat.answered()).toHaveLength(2);
      await expectStored();
      expect(await chat.say("long 7")).toHaveLength(4);
      await expectStored();
    });

    test("N4 edits a message of a conversation that was loaded, and goes on in it", async () => {
      await chat.say("long 5");
      await chat.say("long 6");
      await chat.show(id, "load");
      expect(await chat.say("long 7", await userId(1))).toHaveLength(4);
      expect(await chat.say("long 8")).toHaveLength(6);
      await expectStored();
    });

    test("the stop route stops the answer, keeps what was said, and useChat does not send again", async () => {
      await chat.show(id, "auto");
      await chat.send({ text: "hang" });
      await chat.reads("I stop here");
      const stop = await chat.page.evaluate(
        async (conversation) => (await fetch(`/v1/chat/${conversation}/stop`, { method: "POST" })).status,
        id,
      );
      expect(stop).toBe(200);
      expect(await chat.settled()).toBe("ready");
      expect(await chat.page.evaluate(() => globalThis.chatPage?.finishReasons)).toEqual(["interrupted"]);
      expect(chat.posts).toHaveLength(1);
      await expectStored();
      await chat.show(id, "load", "resume");
      expect(await chat.say("long 5")).toHaveLength(4);
      await expectStored();
    });

    test("N4 edits and regenerates while the first answer runs, which is stopped for it", async () => {
      const leave = () => chat.page.evaluate(() => globalThis.chatPage?.helpers.stop());
      await chat.send({ text: "hang" });
      await chat.reads("I stop here");
      await leave();
      await chat.send({ text: "hang on", messageId: await userId(0) });
      await chat.reads("I stop here");
      await leave();
      expect(await chat.say("long 3", await userId(0))).toMatchObject(["long 3", expect.stringContaining("3")]);
      await expectStored();
      await chat.send({ text: "hang" });
      await chat.reads("I stop here");
      await leave();
      await chat.regenerate();
      await chat.reads("I stop here");
      expect((await stored("&branch=active")).length).toBe(4);
    });

    test("useChat's own stop only leaves; the answer goes on and can be resumed", async () => {
      await chat.send({ text: "slow 100" });
      await chat.reads("Slowly");
      await chat.page.evaluate(() => globalThis.chatPage?.helpers.stop());
      await chat.page.evaluate(() => {
        globalThis.chatAction = globalThis.chatPage?.helpers.resumeStream();
      });
      const texts = await chat.answered();
      expect(texts).toHaveLength(2);
      expect(texts[1]).toContain("or to stop");
      await expectStored();
    });

    test.each(["SIGKILL", "SIGTERM"] as const)(
      "F1 F21 a server that ends by %s: its answer is resumed at the next one",
      async (signal) => {
        await chat.send({ text: "slow 200" });
        await chat.reads("Slowly");
        await natter.end(signal);
        await chat.settled();
        await natter.start();
        await chat.page.evaluate(() => {
          globalThis.chatAction = globalThis.chatPage?.helpers.resumeStream();
        });
        await chat.reads("or to stop");
        expect(await chat.answered()).toHaveLength(2);
        await expectStored();
      },
    );

    test("a failed answer is told in the provider's words, and regenerate tries again", async () => {
      await chat.send({ text: "fail 3" });
      expect(await chat.settled()).toBe("error");
      expect(await chat.error()).toMatch(/^[A-Z][^\n{}]+\.$/);
      await chat.regenerate();
      expect(await chat.settled()).toBe("error");
      expect(await chat.say("long 3", await userId(0))).toHaveLength(2);
      await expectStored();
    });

    test("a refusal is shown as one sentence; the message can be edited, or sent again, and then goes through", async () => {
      await chat.send({ text: "x".repeat(100_001) });
      expect(await chat.settled()).toBe("error");
      expect(await chat.error()).toMatch(/^This cannot be sent: [^\n{}]+100,?000[^\n{}]+\.$/);
      expect(await chat.say("long 3", await userId(0))).toHaveLength(2);
      await expectStored();
      await chat.page.route("**/v1/chat", (route) => route.abort(), { times: 1 });
      await chat.send({ text: "long 4" });
      expect(await chat.settled()).toBe("error");
      await chat.regenerate();
      expect(await chat.answered()).toHaveLength(4);
      await expectStored();
    });

    test("going on without anything to decide is refused in one sentence", async () => {
      await chat.say("long 3");
      await chat.send();
      expect(await chat.settled()).toBe("error");
      expect(await chat.error()).toMatch(/^Nothing in this answer waits/);
      expect(await chat.lastPost()).toMatchObject({ status: 409 });
    });

    test("a history of 2,000 messages is sent whole, and only its last message counts", async () => {
      const history = Array.from({ length: 2_000 }, (_, index) => ({
        role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
        text: `${index + 1} ${"x".repeat(1_000)}`,
      }));
      id = await bringConversation(natter, "A long one", history);
      await chat.show(id, "load");
      expect(await chat.messages()).toHaveLength(2_000);
      const texts = await chat.say("long 4");
      expect(texts).toHaveLength(2_002);
      expect((await chat.lastPost()).bytes).toBeGreaterThan(2_000_000);
      expect((await branch()).slice(-3)).toEqual(texts.slice(-3));
    });

    test.each([1, 2])("only the last messages may be sent (%i): edits and regenerates too", async (told) => {
      await chat.show(id, `told=${told}`);
      for (const words of ["long 5", "long 6"]) await chat.say(words);
      expect(await chat.say("long 7", await userId(1))).toHaveLength(4);
      await expectStored();
      await chat.regenerate();
      expect(await chat.answered()).toHaveLength(4);
      expect(await chat.say("long 8")).toHaveLength(6);
      await expectStored();
    });

    test("D7 three images of 10 MB in one chat, followed by a message", async () => {
      const images = [1, 2, 3].map((fill) => pngOf(100, 100, Buffer.alloc(10_485_760 - 100, fill)));
      for (const [index, image] of images.entries()) {
        const file = {
          type: "file" as const,
          mediaType: "image/png",
          filename: "a.png",
          url: dataUrl("image/png", image),
        };
        await chat.send({ text: `long ${index + 3}`, files: [file] });
        expect(await chat.answered()).toHaveLength(2 * (index + 1));
      }
      expect(await chat.say("long 9")).toHaveLength(8);
      expect((await chat.lastPost()).bytes).toBeGreaterThan(41_900_000);
      const files = (await stored()).flatMap(({ parts }) => parts.filter(({ type }) => type === "file"));
      expect(files).toHaveLength(3);
      for (const [index, { url }] of files.entries()) {
        const response = await context.request.get(`${natter.url}${url}`);
        expect((await response.body()).equals(images[index] ?? Buffer.alloc(0))).toBe(true);
      }
      const last = await userId(2);
      await chat.regenerate((await chat.messages())[5]?.id);
      expect(await chat.answered()).toHaveLength(6);
      expect(await chat.say("long 4", last)).toHaveLength(6);
      expect(await branch()).toHaveLength(6);
    });
  },
);
