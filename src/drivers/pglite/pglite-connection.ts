import { NatterError } from "../../foundation/errors.ts";
import type { Statement } from "../../ports/database.ts";
import { type Answer, readAnswer, type ResultColumn } from "./pglite-answer.ts";
import { durableBytes } from "./pglite-outbox.ts";
import { RequestWriter } from "./pglite-request.ts";
import { StatementCache } from "./pglite-statements.ts";
import type { PgliteThread } from "./pglite-thread.ts";
import { begin, forgetPlans, PlanAge } from "../sql/plans.ts";
import type { SqlConnection } from "../sql/sql-connection.ts";
import { encodeParameters } from "../sql/sql-parameter.ts";

interface Request extends PromiseWithResolvers<Answer> {
  readonly columns: readonly ResultColumn[] | null;
}

interface HeldAnswer {
  readonly position: number;
  readonly request: Request;
  readonly answer: Answer;
}

const session = 1;

const stoppedError = (cause: unknown): NatterError =>
  new NatterError("unavailable", "The embedded database has stopped; start Natter again", { cause });

// The caller of `query` names the type of its rows; only the statement's columns can make it true.
function trustRows<Row>(rows: readonly unknown[]): Row[];
function trustRows(rows: readonly unknown[]): unknown[] {
  return [...rows];
}

const rowsOf = ({ rows, error }: Answer, statement: string): readonly unknown[] => {
  if (error) throw Object.assign(error, { statement });
  return rows;
};

/** The one session of an embedded PostgreSQL. What is asked in one turn of the event loop travels together. */
export class PgliteConnection implements SqlConnection {
  readonly #thread: PgliteThread;
  readonly #writer = new RequestWriter();
  readonly #statements = new StatementCache(this.#writer);
  readonly #plans = new PlanAge();
  readonly #requests: Request[] = [];
  // Answers that end a transaction whose log is not on the disk yet.
  readonly #held: HeldAnswer[] = [];
  #answered = 0;
  #isSending = false;
  #ended: { readonly cause: unknown } | null = null;

  constructor(thread: PgliteThread) {
    this.#thread = thread;
    thread.onAnswers((message) => this.#receive(message));
    thread.onEnd((cause) => this.#end(cause));
  }

  async query<Row>({ text, values }: Statement): Promise<Row[]> {
    const forgetting = this.#plans.isOver() ? this.#order(forgetPlans) : null;
    const written = this.#statements.write(text, encodeParameters(values));
    const [answer] = await Promise.all([this.#askThisTurn(written.columns), forgetting]);
    written.learn(answer);
    return trustRows(rowsOf(answer, text));
  }

  async script(text: string): Promise<void> {
    this.#statements.forget();
    await this.#order(text);
  }

  async begin(): Promise<void> {
    this.#writer.query(begin);
    // It leaves with the next request, which needs it; alone it would cost a message each way.
    rowsOf(await this.#ask(null), begin);
  }

  async end(outcome: "commit" | "rollback"): Promise<void> {
    await this.#order(outcome);
  }

  session(): number | null {
    return this.#ended ? null : session;
  }

  async close(): Promise<void> {
    this.#send();
    await this.#thread.close();
  }

  async #order(text: string): Promise<void> {
    this.#writer.query(text);
    rowsOf(await this.#askThisTurn(null), text);
  }

  #askThisTurn(columns: Request["columns"]): Promise<Answer> {
    if (!this.#isSending) queueMicrotask(() => this.#send());
    this.#isSending = true;
    return this.#ask(columns);
  }

  #ask(columns: Request["columns"]): Promise<Answer> {
    if (this.#ended) return Promise.reject(stoppedError(this.#ended.cause));
    const request = { ...Promise.withResolvers<Answer>(), columns };
    this.#requests.push(request);
    return request.promise;
  }

  #send(): void {
    this.#isSending = false;
    const bytes = this.#writer.take();
    if (!this.#ended && bytes.length > 0) this.#thread.send(bytes);
  }

  #receive(message: Buffer): void {
    const end = message.length - durableBytes;
    const durable = message.readDoubleBE(end);
    this.#settle(durable);
    for (let at = 0; at < end;) {
      const request = this.#requests.shift();
      if (!request) throw new NatterError("internal", "The embedded database answered what was not asked");
      const { answer, next } = readAnswer(message, at, request.columns);
      at = next;
      this.#answered += 1;
      if (answer.isInTransaction || this.#answered <= durable) request.resolve(answer);
      else this.#held.push({ position: this.#answered, request, answer });
    }
  }

  #settle(durable: number): void {
    while (this.#held[0] && this.#held[0].position <= durable) {
      const { request, answer } = this.#held[0];
      this.#held.shift();
      request.resolve(answer);
    }
  }

  #end(cause: unknown): void {
    this.#ended = { cause };
    const unanswered = [...this.#held.splice(0).map(({ request }) => request), ...this.#requests.splice(0)];
    for (const request of unanswered) request.reject(stoppedError(cause));
  }
}
