import { randomUUID } from "node:crypto";
import { Agent } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { parseShape } from "./answer-plan.ts";
import { type Spread, spreadOf } from "./samples.ts";
import { requestStream, type StreamedAnswer } from "./streamed-request.ts";

export interface LoadOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `{{model}}`, `{{id}}` and `{{conversation}}` are filled in for each request. */
  readonly body: string;
  readonly model: string;
  /** How many streams are open at once; each starts again when it ends, until `total` are done. */
  readonly streams: number;
  readonly total: number;
  /** The first streams start evenly over this time. */
  readonly rampMilliseconds?: number;
  /** Conversations that `{{conversation}}` takes in turn, none twice at once. */
  readonly conversations?: readonly string[];
}

export interface LoadResult {
  readonly seconds: number;
  readonly completions: number;
  readonly tokens: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly bytes: number;
  readonly errors: number;
  readonly firstError: string | undefined;
  readonly firstToken: Spread;
  readonly duration: Spread;
  readonly conversations: readonly string[];
  readonly cpuMilliseconds: number;
}

const sum = (answers: readonly StreamedAnswer[], of: "tokens" | "lost" | "duplicated" | "bytes"): number =>
  answers.reduce((total, answer) => total + answer[of], 0);

const summarise = (answers: readonly StreamedAnswer[], milliseconds: number): LoadResult => {
  const failed = answers.filter((answer) => answer.error !== undefined);
  const { user, system } = process.cpuUsage();
  return {
    seconds: milliseconds / 1_000,
    completions: answers.length,
    tokens: sum(answers, "tokens"),
    lost: sum(answers, "lost"),
    duplicated: sum(answers, "duplicated"),
    bytes: sum(answers, "bytes"),
    errors: failed.length,
    firstError: failed[0]?.error,
    firstToken: spreadOf(answers.flatMap(({ firstToken }) => (firstToken === undefined ? [] : [firstToken]))),
    duration: spreadOf(answers.map(({ duration }) => duration)),
    conversations: answers.flatMap(({ conversationId }) => (conversationId === undefined ? [] : [conversationId])),
    cpuMilliseconds: (user + system) / 1_000,
  };
};

const runLoad = async (options: LoadOptions): Promise<LoadResult> => {
  const { url, headers, body, model, streams, total, rampMilliseconds = 0 } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 20_000 });
  const free = [...(options.conversations ?? [])];
  const answers: StreamedAnswer[] = [];
  const { tokens } = parseShape(model);
  let started = 0;

  const send = async (): Promise<void> => {
    const conversation = free.shift() ?? "";
    const filled = body.replaceAll("{{model}}", model).replaceAll("{{id}}", randomUUID());
    const request = {
      url: new URL(url),
      headers,
      agent,
      tokens,
      body: filled.replaceAll("{{conversation}}", conversation),
    };
    answers.push(await requestStream(request));
    free.push(conversation);
  };
  const repeat = async (index: number): Promise<void> => {
    await wait((rampMilliseconds * index) / streams);
    for (; started < total;) {
      started += 1;
      await send();
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: streams }, (_, index) => repeat(index)));
  agent.destroy();
  return summarise(answers, performance.now() - start);
};

const options: LoadOptions = JSON.parse(process.argv[2] ?? "{}");
console.log(JSON.stringify(await runLoad(options)));
process.exit(0);
