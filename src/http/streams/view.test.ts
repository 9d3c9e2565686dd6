import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createMemoryLog } from "../../drivers/log/log-memory.ts";
import { createId } from "../../foundation/ids.ts";
import type { ChunkLog } from "../../ports/chunk-log.ts";
import type { Database } from "../../ports/database.ts";
import { startChunk, type Chunk } from "../../protocol/message/chunk.ts";
import { entryOf } from "../../testing/log-entry.ts";
import { createScriptedModel, reason, say } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, framesOf, readStream, spokenText, tokenFor, type Web } from "../../testing/servers/web.ts";

interface Accepted {
  readonly conversationId: string;
  readonly completionId: string;
  readonly messageId: string;
  readonly userMessageId: string;
  readonly sequence: number;
}

describe("watching a completion", () => {
  let database: Database;
  let log: ChunkLog;
  let web: Web;
  let token: string;
  const model = createScriptedModel(() => [reason("hm"), say("one ", "two")]);

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    log = createMemoryLog({ retentionSeconds: 60 });
    web = await createWeb({ database, model, log });
    token = await tokenFor();
  });
  afterAll(async () => {
    await web.close();
    await database.close();
  });
  afterEach(() => vi.useRealTimers());

  /** A completion that is queued and that nobody works on; the tests write its log. */
  const accept = async (): Promise<Accepted> => {
    const made = await web.ask("/v1/conversations", { token, body: {} });
    const { id } = (await made.json()) as { id: string };
    const started = await web.ask(`/v1/conversations/${id}/completions`, {
      token,
      body: { message: { text: "hello" } },
    });
    return (await started.json()) as Accepted;
  };

  const startOf = ({ conversationId, completionId, messageId, userMessageId, sequence }: Accepted): Chunk =>
    startChunk(messageId, { conversationId, completionId, userMessageId, sequence });
  const deltas = (...texts: string[]): Chunk[] => texts.map((delta) => ({ type: "text-delta", id: "t", delta }));
  const finish: Chunk = { type: "finish", finishReason: "stop" };

  /** Writes the log as a worker does: `start` first, then entries of one chunk each. */
  const write = async (accepted: Accepted, chunks: readonly Chunk[], ends: boolean): Promise<string> => {
    const head = await log.open(accepted.completionId, 1);
    let position = (head?.last ?? 0) + 1;
    const all = position === 1 ? [startOf(accepted), ...chunks] : chunks;
    for (const [index, chunk] of all.entries()) {
      await log.append(
        accepted.completionId,
        1,
        entryOf(head?.epoch ?? "", position, [chunk], ends && index === all.length - 1),
      );
      position += 1;
    }
    return head?.epoch ?? "";
  };

  const watch = ({ completionId }: Accepted, lastEventId?: string): Promise<Response> =>
    web.ask(`/v1/completions/${completionId}/events`, {
      token,
      headers: lastEventId === undefined ? {} : { "last-event-id": lastEventId },
    });

  test("before a worker has made the log, `start` comes from the rows without an id, then the log from position 2", async () => {
    const accepted = await accept();
    const response = await watch(accepted);
    const reading = readStream(response);
    const epoch = await write(accepted, [...deltas("a", "b"), finish], true);
    const { frames, isDone } = await reading;
    expect(frames[0]).toEqual({ chunk: startOf(accepted) });
    expect(frames.slice(1).map(({ id }) => id)).toEqual([2, 3, 4].map((position) => `${epoch}.${position}`));
    expect(isDone).toBe(true);
  });

  test("once there is a log, a viewer without an id gets all of it, `start` with its id", async () => {
    const accepted = await accept();
    const epoch = await write(accepted, deltas("a", "b"), false);
    const reading = readStream(await watch(accepted));
    await write(accepted, [finish], true);
    const { frames, chunks } = await reading;
    expect(frames[0]).toEqual({ id: `${epoch}.1`, chunk: startOf(accepted) });
    expect(spokenText(chunks)).toBe("ab");
    expect(chunks.at(-1)).toEqual(finish);
  });

  test("F18 after an id one gets every later chunk, once", async () => {
    const accepted = await accept();
    const epoch = await write(accepted, [...deltas("a", "b", "c"), finish], true);
    for (const seen of [2, 3, 4]) {
      const { frames, isDone } = await readStream(await watch(accepted, `${epoch}.${seen}`));
      const later = [3, 4, 5].filter((position) => position > seen);
      expect(frames.map(({ id }) => id)).toEqual(later.map((position) => `${epoch}.${position}`));
      expect(isDone).toBe(true);
    }
    const replayed = await readStream(await watch(accepted, `${epoch}.1`));
    expect(spokenText(replayed.chunks)).toBe("abc");
    expect(replayed.chunks.at(-1)).toEqual(finish);
  });

  test("seen to the last id is 204", async () => {
    const accepted = await accept();
    const epoch = await write(accepted, [finish], true);
    const response = await watch(accepted, `${epoch}.2`);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe("");
  });

  test("F19 another epoch, a position beyond the end, and position 0 get a full replay from `start`", async () => {
    const accepted = await accept();
    const epoch = await write(accepted, [...deltas("a"), finish], true);
    for (const id of ["AnotherEpo.2", `${epoch}.999`, `${epoch}.0`, "row.2"]) {
      const response = await watch(accepted, id);
      expect(response.status).toBe(200);
      expect((await readStream(response)).chunks).toEqual([startOf(accepted), ...deltas("a"), finish]);
    }
  });

  test.each([
    "x",
    "1",
    "a.b",
    "a.-1",
    "a.1.2",
    ".1",
    "a.",
    "a 1",
    "a.1, a.2",
    "a.9999999999999999",
    `${"a".repeat(33)}.1`,
  ])("F19, S42 the id %j is 400", async (id) => {
    const response = await watch(await accept(), id);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "invalid_request" });
  });

  test("an id for a completion whose log is not there yet gets the full replay", async () => {
    const accepted = await accept();
    const reading = readStream(await watch(accepted, "AnotherEpo.7"));
    await write(accepted, [finish], true);
    expect((await reading).chunks).toEqual([startOf(accepted), finish]);
  });

  test("when the log is gone the rows tell it, under the epoch `row`, and resume works there as well", async () => {
    const rows = createMemoryLog({ retentionSeconds: 0.05 });
    const short = await createWeb({ database, model, log: rows });
    const worker = short.spine.worker();
    await worker.start();
    const live = await readStream(await short.ask("/v1/chat", { token, body: { message: { text: "hello" } } }));
    await worker.drain(1);
    const start = live.chunks[0];
    const { completionId } = (start?.type === "start" ? start.messageMetadata : {}) as Accepted;
    await expect.poll(() => rows.read(completionId, 0, 1)).toBeNull();
    const events = (id?: string) =>
      short.ask(`/v1/completions/${completionId}/events`, {
        token,
        headers: id === undefined ? {} : { "last-event-id": id },
      });
    const told = await readStream(await events());
    expect(told.frames.map(({ id }) => id)).toEqual(told.frames.map((_frame, index) => `row.${index + 1}`));
    expect(told.isDone).toBe(true);
    expect(told.chunks[0]).toEqual(start);
    expect(spokenText(told.chunks)).toBe("one two");
    expect(told.chunks.at(-1)).toEqual(live.chunks.at(-1));
    const rest = await readStream(await events("row.3"));
    expect(rest.frames).toEqual(told.frames.slice(3));
    expect((await events(`row.${told.frames.length}`)).status).toBe(204);
    expect((await readStream(await events("AnotherEpo.3"))).frames).toEqual(told.frames);
    await short.close();
  });

  test("a completion that ends without ever having a log is told from its rows", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const accepted = await accept();
    const reading = readStream(await watch(accepted));
    const cancelled = await web.ask(`/v1/completions/${accepted.completionId}/cancel`, { method: "POST", token });
    expect(await cancelled.json()).toMatchObject({ status: "cancelled" });
    await vi.advanceTimersByTimeAsync(5_000);
    const { chunks, isDone } = await reading;
    expect(chunks).toEqual([startOf(accepted), { type: "abort" }, { type: "finish", finishReason: "interrupted" }]);
    expect(isDone).toBe(true);
  });

  test("when the log begins anew the stream ends without [DONE], with a time to come back, and coming back is a full replay", async () => {
    const accepted = await accept();
    const epoch = await write(accepted, deltas("a"), false);
    const reading = readStream(await watch(accepted));
    const head = await log.open(accepted.completionId, 2, { fresh: true });
    await log.append(accepted.completionId, 2, entryOf(head?.epoch ?? "", 1, [startOf(accepted), ...deltas("a", "b")]));
    const { isDone, retry } = await reading;
    expect(isDone).toBe(false);
    expect(retry).toEqual(expect.any(Number));
    const again = readStream(await watch(accepted, `${epoch}.2`));
    await log.append(accepted.completionId, 2, entryOf(head?.epoch ?? "", 4, [finish], true));
    expect((await again).frames[0]).toEqual({ id: `${head?.epoch}.1`, chunk: startOf(accepted) });
  });

  test("C2 two viewers who join at any time see the same", async () => {
    const accepted = await accept();
    const viewers: Promise<{ chunks: readonly Chunk[] }>[] = [];
    for (const text of ["a", "b", "c", "d"]) {
      viewers.push(watch(accepted).then(readStream));
      await write(accepted, deltas(text), false);
    }
    await write(accepted, [finish], true);
    for (const { chunks } of await Promise.all(viewers)) {
      expect(spokenText(chunks)).toBe("abcd");
      expect(chunks[0]).toEqual(startOf(accepted));
      expect(chunks.at(-1)).toEqual(finish);
    }
  });

  test("S42 line breaks of every kind in a text stay inside one event", async () => {
    const accepted = await accept();
    const text = "a\n\nevent: finish\ndata: {}\n\nid: evil\r\r\n\u2028\u2029\u0085b";
    const reading = readStream(await watch(accepted));
    await write(accepted, [...deltas(text), { type: "error", errorText: text }], true);
    const { chunks, frames } = await reading;
    expect(chunks.slice(1)).toEqual([...deltas(text), { type: "error", errorText: text }]);
    expect(frames.every(({ id }) => id === undefined || /^\w+\.\d+$/.test(id))).toBe(true);
  });

  test("N3 AI SDK's resume finds what the conversation is answering, and 204 when it answers nothing", async () => {
    const accepted = await accept();
    const resume = () => web.ask(`/v1/chat/${accepted.conversationId}/stream`, { token });
    const reading = readStream(await resume());
    await write(accepted, [finish], true);
    expect((await reading).chunks).toEqual([startOf(accepted), finish]);
    await web.ask(`/v1/completions/${accepted.completionId}/cancel`, { method: "POST", token });
    expect((await resume()).status).toBe(204);
  });

  test("silence is broken by a ping every 15 seconds, and closing ends every stream with a time to come back", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const quiet = await createWeb({ database, model, log });
    const { completionId } = await accept();
    const response = await quiet.ask(`/v1/completions/${completionId}/events`, { token });
    await vi.advanceTimersByTimeAsync(31_000);
    quiet.http.closeStreams();
    const text = await response.text();
    expect(text.match(/^: ping$/gm)).toHaveLength(2);
    expect(text).toMatch(/\n\nretry: \d+\n\n$/);
    expect(text).not.toContain("[DONE]");
  });

  test("HEAD answers with the headers and watches nothing", async () => {
    const accepted = await accept();
    const response = await web.ask(`/v1/completions/${accepted.completionId}/events`, { method: "HEAD", token });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.body).toBeNull();
  });

  test("F17 a viewer who takes nothing is cut off when it lags too far behind, and nobody else", async () => {
    const lagging = await createWeb({ database, model, log, dependencies: { limits: { viewerBytes: 50_000 } } });
    const accepted = await accept();
    const path = `/v1/completions/${accepted.completionId}/events`;
    const slow = await lagging.ask(path, { token });
    const fast = readStream(await lagging.ask(path, { token }));
    for (let count = 0; count < 20; count += 1) {
      await write(accepted, deltas("x".repeat(10_000)), false);
      await new Promise(setImmediate);
    }
    await write(accepted, [finish], true);
    expect(spokenText((await fast).chunks)).toHaveLength(200_000);
    await expect(readStream(slow)).rejects.toThrow("too slow");
  });

  test("a viewer who leaves is forgotten", async () => {
    let watching = 0;
    const counted: ChunkLog = {
      open: (...given) => log.open(...given),
      append: (...given) => log.append(...given),
      read: (...given) => log.read(...given),
      close: () => log.close(),
      watch: (...given) => {
        const stop = log.watch(...given);
        watching += 1;
        return () => {
          watching -= 1;
          stop();
        };
      },
    };
    const observed = await createWeb({ database, model, log: counted });
    const accepted = await accept();
    for await (const frame of framesOf(
      await observed.ask(`/v1/completions/${accepted.completionId}/events`, { token }),
    )) {
      expect(frame).toEqual({ chunk: startOf(accepted) });
      expect(watching).toBe(1);
      break;
    }
    await expect.poll(() => watching).toBe(0);
  });

  test("a completion that is not there is 404", async () => {
    const response = await web.ask(`/v1/completions/${createId()}/events`, { token });
    expect(response.status).toBe(404);
  });
});
