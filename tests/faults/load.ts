import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/testing/spine.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import { askQuestion, createConversationId, type Question } from "./question.ts";
import type { Random } from "./random.ts";
import type { Misread } from "./seen-check.ts";

export interface LoadOptions {
  readonly token: string;
  readonly random: Random;
  /** The server that a viewer's next connection goes to. */
  readonly url: () => string;
  /** What questions are called: `question`. No two of one fleet have the same name. */
  readonly name?: string;
  /** Questions that run at a time. */
  readonly atOnce: number;
  /** How slow answers are: the most milliseconds between two tokens. */
  readonly delay: number;
  /** Milliseconds without a byte after which a viewer takes a connection for dead. */
  readonly patience?: number;
  /** What was misread of an answer that has just ended. */
  readonly misread?: (question: Question) => Promise<Misreading>;
}

/** What was misread of an answer, and all that was said and seen of it. */
export interface Misreading extends Misread {
  readonly story: string;
}

const stuckSeconds = 60;

/** Questions that are asked one after the other in as many conversations as run at a time, each with two viewers. */
export class Load {
  readonly questions: Question[] = [];
  /** Why some never ended. */
  readonly problems: string[] = [];
  gaps = 0;
  duplicates = 0;
  readonly #options: LoadOptions;
  readonly #running = new Set<Question>();
  #isOver = false;
  readonly #lanes: Promise<void>[];

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#lanes = Array.from({ length: options.atOnce }, () => this.#askOn());
  }

  get running(): readonly Question[] {
    return [...this.#running];
  }

  /** Asks nothing more; resolves when all is answered. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#lanes);
  }

  async #askOn(): Promise<void> {
    while (!this.#isOver) {
      const conversationId = createConversationId(this.#options.random);
      const first = this.#ask(conversationId);
      // a waiting send, now and then
      const second = this.#options.random.chance(0.15) ? this.#ask(conversationId, first) : null;
      await this.#watch(first);
      if (second !== null) await this.#watch(second);
    }
  }

  #ask(conversationId: string, first?: Question): Question {
    const { random, token, url, delay, patience, name = "question" } = this.#options;
    const plan: AnswerPlan = {
      question: `${name}-${this.questions.length + 1}`,
      tokens: random.integer(5, 40),
      delay: random.integer(0, delay),
      ...(random.chance(0.4) ? { tools: random.integer(1, 2), toolMilliseconds: random.integer(10, 10 * delay) } : {}),
    };
    const question = askQuestion({
      plan,
      conversationId,
      token,
      url,
      others: 1,
      ...(patience === undefined ? {} : { patience }),
      ...(first === undefined ? {} : { after: until(async () => first.viewers[0]?.start, stuckSeconds) }),
    });
    this.questions.push(question);
    return question;
  }

  async #watch(question: Question): Promise<void> {
    this.#running.add(question);
    const stopwatch = new AbortController();
    const late = sleep(stuckSeconds * 1000, `did not end within ${stuckSeconds} s`, { signal: stopwatch.signal });
    late.catch(() => {});
    const problem = await Promise.race([question.ended.then(() => null, String), late]);
    stopwatch.abort();
    if (problem === null) await this.#compare(question);
    else this.problems.push(`${question.plan.question}: ${problem}`);
    for (const viewer of question.viewers) viewer.leave();
    this.#running.delete(question);
  }

  async #compare(question: Question): Promise<void> {
    const { gaps = 0, duplicates = 0, story = "" } = (await this.#options.misread?.(question)) ?? {};
    this.gaps += gaps;
    this.duplicates += duplicates;
    if (gaps + duplicates > 0)
      this.problems.push(`${question.plan.question}: ${gaps} gaps, ${duplicates} duplicates against its log: ${story}`);
  }
}
