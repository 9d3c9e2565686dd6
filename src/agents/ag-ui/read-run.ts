import type { NatterError } from "../../foundation/errors.ts";
import {
  answerBrokeOff,
  errorFromConnection,
  errorFromProvider,
  providerError,
  readRetryAfter,
} from "../../providers/errors.ts";
import { createSseParser } from "../../providers/exchange/sse.ts";
import { readAgentEvent, type AgentEvent, type OtherEvent } from "./agent-event.ts";

export interface AgentEndpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds without a byte until the run counts as failed. */
  readonly stallSeconds: number;
}

const maxEventLength = 8_388_608;

const refused = async (response: Response): Promise<NatterError> => {
  const retryAfter = readRetryAfter(Object.fromEntries(response.headers));
  return errorFromProvider({ status: response.status, said: (await response.text()).slice(0, 2_000), retryAfter });
};

const unreadable = (json: string): NatterError =>
  providerError("provider_failed", new Error(`the agent sent something that is no event: ${json.slice(0, 500)}`), {
    text: "The agent's answer can't be read; try again.",
  });

const isOver = ({ type }: AgentEvent | OtherEvent): boolean => type === "RUN_FINISHED" || type === "RUN_ERROR";

/** Starts a run at an AG-UI endpoint and hands over its events, until the one that ends it; then the socket is closed. */
export const readRun = async (
  { url, headers, stallSeconds }: AgentEndpoint,
  input: object,
  signal: AbortSignal,
  onEvent: (event: AgentEvent | OtherEvent) => void,
): Promise<void> => {
  const ended = new AbortController();
  const stalled = new AbortController();
  const all = AbortSignal.any([signal, ended.signal, stalled.signal]);
  const timer = setTimeout(() => stalled.abort(), stallSeconds * 1_000);
  let isDone = false;
  const parser = createSseParser(
    (json) => {
      if (isDone) return;
      const event = readAgentEvent(json);
      if (event === null) throw unreadable(json);
      isDone = isOver(event);
      onEvent(event);
    },
    { maxLength: maxEventLength },
  );
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify(input),
      redirect: "error",
      signal: all,
    });
    if (!response.ok) throw await refused(response);
    for await (const bytes of response.body ?? []) {
      timer.refresh();
      parser.push(Buffer.from(bytes));
      if (isDone) return;
    }
    throw answerBrokeOff();
  } catch (thrown) {
    signal.throwIfAborted();
    if (stalled.signal.aborted) throw providerError("provider_timeout", new Error(`nothing for ${stallSeconds} s`));
    throw thrown instanceof TypeError ? errorFromConnection(thrown) : thrown;
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
};
