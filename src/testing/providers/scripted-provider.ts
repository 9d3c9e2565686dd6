import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { deltaFrame, doneFrame, textFrame, toolCallFrames, usageFrame } from "./scripted-frames.ts";

/** One thing that a scripted provider does; each that writes is one HTTP chunk, so one read of the client. */
export type ProviderStep =
  | { readonly say: string }
  | { readonly reason: string }
  | { readonly call: { readonly id: string; readonly name: string; readonly arguments: string } }
  /** As they are; when they come first, they are the stream from its first byte. */
  | { readonly bytes: string | Uint8Array }
  | { readonly delay: number }
  /** As the first step it holds even the status back. */
  | { readonly wait: Promise<unknown> }
  /** Calls back when all before it is written. */
  | { readonly tell: () => void }
  /** Nothing more is said, the connection stays open. */
  | { readonly hang: true }
  /** The connection is closed in the middle of the answer: with a FIN, or with a RST. */
  | { readonly cut: "fin" | "rst" }
  /** The answer ends well-formed HTTP, with no finish reason. */
  | { readonly end: true }
  | { readonly finish: string; readonly usage?: object | null; readonly done?: boolean }
  /** Another answer than a stream; the first step only. */
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown };

export interface ScriptedRequest {
  /** 1 for the first call that this provider ever got. */
  readonly number: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

export type ProviderScript = (request: ScriptedRequest) => readonly ProviderStep[];

export interface ScriptedProvider extends AsyncDisposable {
  /** What a driver takes as its base URL. */
  readonly baseUrl: string;
  readonly requests: readonly ScriptedRequest[];
  /** Answers whose connection the client closed before they were over. */
  readonly aborts: number;
  /** Resolves when this many calls have arrived. */
  called(count: number): Promise<void>;
  /** Resolves when this many answers were aborted. */
  aborted(count: number): Promise<void>;
  close(): Promise<void>;
}

const frames = (step: ProviderStep): readonly (string | Uint8Array)[] => {
  if ("say" in step) return [textFrame(step.say)];
  if ("reason" in step) return [deltaFrame({ reasoning_content: step.reason })];
  if ("bytes" in step) return [step.bytes];
  return [];
};

const finishFrames = ({ finish, usage, done = true }: { finish: string; usage?: object | null; done?: boolean }) => [
  deltaFrame({}, finish),
  ...(usage === null ? [] : [usageFrame(usage ?? { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 })]),
  ...(done ? [doneFrame] : []),
];

interface Answer {
  readonly response: ServerResponse;
  /** Resolves when the connection is gone, whoever closed it. */
  readonly closed: Promise<unknown>;
  calls: number;
  isCutHere: boolean;
}

/** Performs a step; true when the answer is over with it. */
const perform = async (answer: Answer, step: ProviderStep): Promise<boolean> => {
  const { response, closed } = answer;
  for (const chunk of frames(step)) response.write(chunk);
  if ("call" in step) for (const chunk of toolCallFrames(answer.calls, step.call)) response.write(chunk);
  if ("delay" in step) await Promise.race([sleep(step.delay), closed]);
  if ("wait" in step) await Promise.race([step.wait, closed]);
  if ("tell" in step) step.tell();
  if ("hang" in step) await closed;
  if ("end" in step) response.end();
  if ("finish" in step) {
    for (const chunk of finishFrames(step)) response.write(chunk);
    response.end();
  }
  answer.isCutHere = "cut" in step;
  if ("cut" in step && step.cut === "fin") response.socket?.destroySoon();
  if ("cut" in step && step.cut === "rst") response.socket?.resetAndDestroy();
  return "hang" in step || "end" in step || "finish" in step || "cut" in step;
};

const play = async (answer: Answer, steps: readonly ProviderStep[]): Promise<void> => {
  const { response } = answer;
  const [first] = steps;
  if (first !== undefined && "status" in first) {
    const body = typeof first.body === "string" ? first.body : JSON.stringify(first.body ?? {});
    response.writeHead(first.status, { "content-type": "application/json", ...first.headers }).end(body);
    return;
  }
  if (first !== undefined && "wait" in first) await Promise.race([first.wait, answer.closed]);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.flushHeaders();
  if (first === undefined || !("bytes" in first)) response.write(deltaFrame({ role: "assistant", content: "" }));
  for (const step of steps) {
    if (response.destroyed || (await perform(answer, step))) return;
    if ("call" in step) answer.calls += 1;
  }
  await perform(answer, { finish: answer.calls > 0 ? "tool_calls" : "stop" });
};

const readBody = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString("utf8"));
};

/** A number that grows, and promises that wait for it. */
const createCounter = () => {
  const waiting: { count: number; resolve: () => void }[] = [];
  let value = 0;
  return {
    get value() {
      return value;
    },
    add(): number {
      value += 1;
      for (const waiter of waiting) if (value >= waiter.count) waiter.resolve();
      return value;
    },
    reached: (count: number): Promise<void> =>
      new Promise((resolve) => {
        if (value >= count) resolve();
        else waiting.push({ count, resolve });
      }),
  };
};

/**
 * A provider that speaks Chat Completions over HTTP on loopback and does what a script says, call by call; it counts
 * its calls and sees aborted connections. A script that does not say how it ends finishes well, with usage.
 * @example createScriptedProvider(({ number }) => [{ say: `answer ${number}` }, { delay: 20 }, { cut: "rst" }])
 */
export const createScriptedProvider = async (script: ProviderScript, { port = 0 } = {}): Promise<ScriptedProvider> => {
  const requests: ScriptedRequest[] = [];
  const calls = createCounter();
  const aborts = createCounter();
  const server = createServer(async (request, response) => {
    const closed = new Promise((resolve) => response.once("close", resolve));
    const answer: Answer = { response, closed, calls: 0, isCutHere: false };
    response.on("close", () => {
      if (!response.writableEnded && !answer.isCutHere) aborts.add();
    });
    response.on("error", () => response.destroy());
    const body = await readBody(request).catch(() => null);
    if (body === null) return void response.writeHead(400).end();
    const scripted = { number: requests.length + 1, path: request.url ?? "", headers: request.headers, body };
    requests.push(scripted);
    calls.add();
    await play(answer, script(scripted));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    baseUrl: `http://127.0.0.1:${typeof address === "object" ? address?.port : port}/v1`,
    requests,
    get aborts() {
      return aborts.value;
    },
    called: calls.reached,
    aborted: aborts.reached,
    close,
    [Symbol.asyncDispose]: close,
  };
};
