import type { BrowserContext, Page, Request } from "playwright-core";
import "./page/page-contract.ts";

/** What `sendMessage` is given. */
interface Said {
  readonly text: string;
  /** The message that is edited. */
  readonly messageId?: string;
  readonly files?: {
    readonly type: "file";
    readonly mediaType: string;
    readonly filename?: string;
    readonly url: string;
  }[];
}

interface ShownMessage {
  readonly id: string;
  readonly role: string;
  readonly text: string;
}

interface ShownCall {
  readonly type: string;
  readonly toolCallId: string;
  readonly state: string;
  readonly approvalId: string | null;
}

/** A browser tab with useChat in it, on the origin of the Natter that it talks to. */
export class UseChatPage {
  readonly page: Page;
  /** The POSTs that useChat has made, oldest first. */
  readonly posts: Request[] = [];
  readonly #url: string;
  readonly #script: string;

  private constructor(page: Page, url: string, script: string) {
    this.page = page;
    this.#url = url;
    this.#script = script;
  }

  static async open(context: BrowserContext, url: string, script: string): Promise<UseChatPage> {
    const page = await context.newPage();
    const opened = new UseChatPage(page, url, script);
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/v1/chat")) opened.posts.push(request);
    });
    return opened;
  }

  /** Loads the page anew. `load`: with the stored messages; `resume`: looks for a running answer; `told=1`: sends that many messages only. */
  async show(
    id: string,
    ...options: readonly ("load" | "resume" | "auto" | "decides" | `told=${number}`)[]
  ): Promise<void> {
    const query = new URLSearchParams([`id=${id}`, ...options].join("&"));
    // an answer that is no page, so that none of the app is in the way
    await this.page.goto(`${this.#url}/healthz?${query}`);
    await this.page.addScriptTag({ content: this.#script, type: "module" });
    await this.page.waitForFunction(() => globalThis.chatPage !== undefined);
  }

  /** Without anything to say: as an app does that goes on after a decision. */
  async send(message?: Said): Promise<void> {
    await this.page.evaluate((said) => {
      globalThis.chatAction = globalThis.chatPage?.helpers.sendMessage(said);
    }, message);
  }

  async regenerate(messageId?: string): Promise<void> {
    await this.page.evaluate((id) => {
      globalThis.chatAction = globalThis.chatPage?.helpers.regenerate(id === undefined ? {} : { messageId: id });
    }, messageId);
  }

  /** The body of the newest POST, and how it was answered. */
  async lastPost(): Promise<{ readonly bytes: number; readonly status: number }> {
    const request = this.posts.at(-1);
    if (request === undefined) throw new Error("useChat has posted nothing");
    const { requestBodySize } = await request.sizes();
    return { bytes: requestBodySize, status: (await request.response())?.status() ?? 0 };
  }

  /** Waits until useChat is done with what it was asked last, and has shown it. */
  async settled(): Promise<string> {
    return this.page.evaluate(async () => {
      await globalThis.chatAction;
      for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
      return globalThis.chatPage?.helpers.status ?? "";
    });
  }

  /** Sends and waits for the whole answer. */
  async say(text: string, messageId?: string): Promise<readonly string[]> {
    await this.send({ text, ...(messageId === undefined ? {} : { messageId }) });
    return this.answered();
  }

  /** The texts of all messages once the answer is whole. */
  async answered(): Promise<readonly string[]> {
    if ((await this.settled()) !== "ready") throw new Error(await this.error());
    return this.texts();
  }

  async messages(): Promise<readonly ShownMessage[]> {
    return this.page.evaluate(() =>
      (globalThis.chatPage?.helpers.messages ?? []).map(({ id, role, parts }) => ({
        id,
        role,
        text: parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
      })),
    );
  }

  async texts(): Promise<readonly string[]> {
    return (await this.messages()).map(({ text }) => text);
  }

  /** The newest calls of tools, as they are shown. */
  async calls(): Promise<readonly ShownCall[]> {
    return this.page.evaluate(() =>
      (globalThis.chatPage?.helpers.messages.at(-1)?.parts ?? []).flatMap((part) =>
        "toolCallId" in part
          ? [{ type: part.type, toolCallId: part.toolCallId, state: part.state, approvalId: part.approval?.id ?? null }]
          : [],
      ),
    );
  }

  /** Waits until all of the newest calls are in one of these states, and nothing is under way. */
  async callsAre(...states: readonly string[]): Promise<readonly ShownCall[]> {
    await this.page.waitForFunction((wanted) => {
      const { messages, status } = globalThis.chatPage?.helpers ?? { messages: [], status: "" };
      const parts = messages.at(-1)?.parts.filter((part) => "toolCallId" in part) ?? [];
      return status === "ready" && parts.length > 0 && parts.every(({ state }) => wanted.includes(state));
    }, states);
    return this.calls();
  }

  /** Decides as the buttons of an application do. */
  async decide(id: string, approved: boolean, reason?: string): Promise<void> {
    await this.page.evaluate(async (answer) => globalThis.chatPage?.helpers.addToolApprovalResponse(answer), {
      id,
      approved,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  /** Gives the result of a client's tool. */
  async give(tool: string, toolCallId: string, output: unknown): Promise<void> {
    await this.page.evaluate(async (given) => globalThis.chatPage?.helpers.addToolOutput(given), {
      tool,
      toolCallId,
      output,
    });
  }

  error(): Promise<string> {
    return this.page.evaluate(() => globalThis.chatPage?.helpers.error?.message ?? "");
  }

  /** Waits until the answer on the page holds these words. */
  async reads(words: string): Promise<void> {
    await this.page.locator("li.assistant").last().filter({ hasText: words }).waitFor();
  }
}
