import { buffer } from "node:stream/consumers";
import { createId } from "../../foundation/ids.ts";
import { silentLogger } from "../../foundation/logger.ts";
import { JobLoop } from "../../jobs/job-loop.ts";
import type { Database } from "../../ports/database.ts";
import type { Message } from "../../protocol/resources.ts";
import { createImportHandler } from "../../transfer/import/import-job.ts";
import { importKind } from "../../transfer/import/import-kind.ts";
import { createScriptedModel, say, type ScriptedModel } from "../providers/scripted-model.ts";
import { until } from "../spine.ts";
import { createWeb, type Ask, type Web, type WebOptions } from "../servers/web.ts";

/** The report of an import. */
export interface Report {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
  readonly imported: number;
  readonly skipped: number;
  readonly failed: number;
  readonly items: readonly {
    readonly position: number;
    readonly title: string | null;
    readonly outcome: string;
    readonly conversationId: string;
    readonly error: string | null;
    readonly leftOut: readonly string[];
  }[];
}

/** A served Natter whose imports are read by a worker of its own. */
export interface TransferDesk {
  readonly web: Web;
  /** What answers, and what it was asked. */
  readonly model: ScriptedModel;
  readonly json: <Body>(path: string, ask: Ask) => Promise<Body>;
  /** Uploads a file, and waits until it has been read. */
  readonly bring: (token: string, file: Uint8Array | string) => Promise<Report>;
  readonly takeOut: (token: string, query?: string) => Promise<Buffer>;
  /** The first 200 messages of a conversation. */
  readonly messagesOf: (token: string, conversationId: string) => Promise<Message[]>;
  readonly close: () => Promise<void>;
}

export const createTransferDesk = async (
  database: Database,
  options: Partial<Omit<WebOptions, "database">> = {},
): Promise<TransferDesk> => {
  const model = createScriptedModel(() => [say("answer")]);
  const web = await createWeb({ database, model, ...options });
  const context = options.changeContext?.(web.spine.context) ?? web.spine.context;
  const loop = new JobLoop({
    database,
    logger: silentLogger,
    handlers: { [importKind]: createImportHandler({ context, logger: silentLogger }) },
    workerId: createId(),
    leaseSeconds: 10,
    pollSeconds: 0.02,
    concurrency: 2,
  });
  loop.start();
  const json = async <Body>(path: string, ask: Ask): Promise<Body> => {
    const response = await web.ask(path, ask);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Body;
  };
  return {
    web,
    model,
    json,
    async bring(token, file) {
      const request = new Request("http://natter.test/v1/import", {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
        body: typeof file === "string" ? file : new Uint8Array(file),
      });
      const response = await web.http.fetch(request);
      if (response.status !== 202) throw new Error(`import: ${response.status} ${await response.text()}`);
      const place = response.headers.get("location") ?? "";
      const done = await until(async () => {
        const report = await json<Report>(`${place}?limit=200`, { token });
        return report.status === "completed" || report.status === "failed" ? report : null;
      }, 120);
      await until(async () => (await web.spine.context.blobs.get(done.id)) === null);
      return done;
    },
    async takeOut(token, query = "") {
      const response = await web.ask(`/v1/export${query}`, { token });
      if (response.status !== 200 || response.body === null)
        throw new Error(`export: ${response.status} ${await response.text()}`);
      return buffer(response.body);
    },
    messagesOf: async (token, id) =>
      (await json<{ data: Message[] }>(`/v1/conversations/${id}/messages?limit=200`, { token })).data,
    async close() {
      await loop.drain(5);
      await web.close();
    },
  };
};
