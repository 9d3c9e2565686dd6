import { NatterError } from "../foundation/errors.ts";
import { type Answer, readAnswer, type ResultColumn } from "./pglite-answer.ts";
import { createRequestWriter } from "./pglite-request.ts";
import { createStatementCache } from "./pglite-statements.ts";
import type { PgliteThread } from "./pglite-thread.ts";
import type { SqlConnection } from "./sql-connection.ts";
import { encodeParameter } from "./sql-parameter.ts";

interface Request extends PromiseWithResolvers<Answer> {
  readonly columns: readonly ResultColumn[] | null;
}

const session = 1;

const stoppedError = (cause: unknown): NatterError =>
  new NatterError("unavailable", "The embedded database has stopped; start Natter again", { cause });

// The caller of `query` names the type of its rows; only the statement's columns can make it true.
function trustRows<Row>(rows: readonly unknown[]): Row[];
function trustRows(rows: readonly unknown[]): unknown[] {
  return [...rows];
}

const succeed = ({ rows, error }: Answer, statement: string): readonly unknown[] => {
  if (error) throw Object.assign(error, { statement });
  return rows;
};

/** The one session of an embedded PostgreSQL. What is asked in one turn of the event loop travels together. */
export const createPgliteConnection = (thread: PgliteThread): SqlConnection => {
  const writer = createRequestWriter();
  const statements = createStatementCache(writer);
  const requests: Request[] = [];
  let ended: { readonly cause: unknown } | null = null;
  let isSending = false;

  const send = (): void => {
    isSending = false;
    const bytes = writer.take();
    if (!ended && bytes.length > 0) thread.send(bytes);
  };
  const request = (columns: readonly ResultColumn[] | null = null): Promise<Answer> => {
    if (ended) return Promise.reject(stoppedError(ended.cause));
    const pending = { ...Promise.withResolvers<Answer>(), columns };
    requests.push(pending);
    return pending.promise;
  };
  const requestThisTurn = (columns?: readonly ResultColumn[] | null): Promise<Answer> => {
    if (!isSending) queueMicrotask(send);
    isSending = true;
    return request(columns);
  };

  thread.onAnswers((bytes) => {
    for (let at = 0; at < bytes.length;) {
      const pending = requests.shift();
      const { answer, next } = readAnswer(bytes, at, pending?.columns ?? null);
      pending?.resolve(answer);
      at = next;
    }
  });
  thread.onEnd((cause) => {
    ended = { cause };
    for (const pending of requests.splice(0)) pending.reject(stoppedError(cause));
  });

  return {
    query: async ({ text, values }) => {
      const written = statements.write(text, values.map(encodeParameter));
      const answer = await requestThisTurn(written.columns);
      written.learn(answer);
      return trustRows(succeed(answer, text));
    },
    script: async (text) => {
      statements.forget();
      writer.query(text);
      succeed(await requestThisTurn(), text);
    },
    begin: async () => {
      writer.query("begin");
      // It leaves with the next request, which needs it; alone it would cost a message each way.
      succeed(await request(), "begin");
    },
    end: async (outcome) => {
      writer.query(outcome);
      succeed(await requestThisTurn(), outcome);
    },
    session: () => (ended ? null : session),
    close: () => {
      send();
      return thread.close();
    },
  };
};
