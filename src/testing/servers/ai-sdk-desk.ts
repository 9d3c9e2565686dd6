import type { UIMessage } from "ai";
import { expect } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { Chunk, StartMetadata } from "../../protocol/message/chunk.ts";
import { countStored } from "../databases/stored.ts";
import { createScriptedModel, say, type ScriptedModel } from "../providers/scripted-model.ts";
import { createWeb, readStream, spokenText, tokenFor, type Web } from "./web.ts";

/** A message as a client of AI SDK tells it. */
export type Told = Pick<UIMessage, "id" | "role" | "parts">;

export const user = (id: string, words: string): Told => ({ id, role: "user", parts: [{ type: "text", text: words }] });

export interface Answer extends StartMetadata {
  readonly messageId: string;
  readonly text: string;
  readonly message: Told;
}

export interface Refusal {
  readonly status: number;
  readonly code: string | null;
  readonly sentence: string;
}

type Headers = Readonly<Record<string, string>>;

/** A client of AI SDK on `POST /v1/chat`, before a model that answers what it was asked. */
export interface AiSdkDesk {
  readonly web: Web;
  readonly model: ScriptedModel;
  readonly token: string;
  /** The conversation that is written to. */
  readonly id: string;
  /** The branch that the model saw last, a text for each message. */
  readonly asked: readonly string[];
  /** From now on another conversation is written to. */
  begin(): void;
  post(body: object, headers?: Headers, as?: string): Promise<Response>;
  /** @throws when it is refused */
  answer(body: object, headers?: Headers): Promise<Answer>;
  /** What it is told in one sentence; nothing is stored. */
  refusal(body: object, headers?: Headers): Promise<Refusal>;
  close(): Promise<void>;
}

const metadataOf = (chunks: readonly Chunk[]): StartMetadata & { messageId: string } => {
  const start = chunks[0];
  if (start?.type !== "start") throw new Error("the stream does not begin with start");
  return { messageId: start.messageId ?? "", ...(start.messageMetadata as StartMetadata) };
};

export const createAiSdkDesk = async (database: Database): Promise<AiSdkDesk> => {
  let id = createId();
  let asked: readonly string[] = [];
  const model = createScriptedModel((call) => {
    asked = call.messages.map(({ content }) =>
      typeof content === "string" ? content : content.map((part) => (part.type === "text" ? part.text : "?")).join(""),
    );
    return [say(`to ${asked.at(-1)}`)];
  });
  const web = await createWeb({ database, model });
  const worker = web.spine.worker();
  await worker.start();
  const token = await tokenFor();
  const post: AiSdkDesk["post"] = (body, headers = {}, as = token) =>
    web.ask("/v1/chat", { token: as, headers, body: { id, trigger: "submit-message", ...body } });
  return {
    web,
    model,
    token,
    get id() {
      return id;
    },
    get asked() {
      return asked;
    },
    begin: () => void (id = createId()),
    post,
    async answer(body, headers) {
      const response = await post(body, headers);
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
      const { chunks, isDone } = await readStream(response);
      expect(isDone).toBe(true);
      const metadata = metadataOf(chunks);
      const text = spokenText(chunks);
      return {
        ...metadata,
        text,
        message: { id: metadata.messageId, role: "assistant", parts: [{ type: "text", text }] },
      };
    },
    async refusal(body, headers) {
      const before = await countStored(database);
      const response = await post(body, headers);
      expect(await countStored(database)).toEqual(before);
      expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
      const sentence = await response.text();
      expect(sentence).toMatch(/^[A-Z][^\n{}]+\.$/);
      return { status: response.status, code: response.headers.get("x-natter-code"), sentence };
    },
    async close() {
      await worker.drain(2);
      await web.close();
    },
  };
};
