import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/testing/spine.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import { askQuestion, createConversationId, type Question } from "./question.ts";
import { createRandom, type Random } from "./random.ts";

/** A question whose server may be killed while it answers. */
export interface KilledQuestion {
  readonly question: Question;
  kills: number;
  isOver: boolean;
  /** Why it never ended. */
  problem: string | null;
}

/** When a server is killed: what its target, one of the completions that run, must have come to. */
const moments = ["token", "token", "token", "token", "told", "told", "tool", "tool", "start"] as const;
export type Moment = (typeof moments)[number];

export interface KillLaneOptions {
  /** Null: PGlite. */
  readonly postgresUrl: string | null;
  readonly kills: number;
  readonly seed: number;
}

const maxKills = 2;
const atOnce = 6;
const momentSeconds = 5;
const stuckSeconds = 60;

/** A server that is killed again and again, its provider, and the questions that live through it. */
export class KillLane {
  readonly questions: KilledQuestion[] = [];
  readonly moments: Moment[] = [];
  /** Milliseconds from readiness after a kill until a viewer heard from the log again. */
  readonly recoveries: number[] = [];
  kills = 0;
  readonly cluster: Cluster;
  readonly #random: Random;
  #readyAt = 0;

  private constructor(cluster: Cluster, random: Random) {
    this.cluster = cluster;
    this.#random = random;
  }

  static async open({ postgresUrl, seed }: KillLaneOptions): Promise<KillLane> {
    return new KillLane(await openCluster({ postgresUrl }), createRandom(seed));
  }

  /** Kills the server so many times, each time in the middle of answers, then lets everything end. */
  async run(kills: number): Promise<void> {
    await this.#live();
    while (this.kills < kills && this.#running.every(({ problem }) => problem === null)) {
      await this.#endExhausted();
      this.#fill();
      const moment = this.#random.pick(moments);
      const isThere = await this.#reach(moment);
      if (!isThere) continue;
      await this.#kill(moment);
      await this.#live();
    }
    await Promise.all(this.questions.map((killed) => this.#end(killed)));
    // what was killed between its row's ending and its log's is closed by the second poll at the latest
    await sleep(2_500);
    this.#noteRecoveries();
  }

  async close(): Promise<void> {
    for (const { question } of this.questions) for (const viewer of question.viewers) viewer.leave();
    await this.cluster.close();
  }

  get #running(): KilledQuestion[] {
    return this.questions.filter(({ isOver }) => !isOver);
  }

  async #live(): Promise<void> {
    await this.cluster.node.start();
    this.#readyAt = performance.now();
  }

  /** Nothing is killed a third time. */
  async #endExhausted(): Promise<void> {
    await Promise.all(this.#running.filter(({ kills }) => kills >= maxKills).map((killed) => this.#end(killed)));
  }

  async #end(killed: KilledQuestion): Promise<void> {
    try {
      await until(async () => killed.isOver || killed.problem, stuckSeconds);
    } catch {
      killed.problem = `did not end within ${stuckSeconds} s`;
    }
  }

  #fill(): void {
    while (this.#running.length < atOnce) {
      const conversationId = createConversationId(this.#random);
      const first = this.#ask(conversationId);
      // a waiting send, now and then
      if (this.#random.chance(0.2)) this.#ask(conversationId, first);
    }
  }

  #ask(conversationId: string, first?: KilledQuestion): KilledQuestion {
    const random = this.#random;
    const plan: AnswerPlan = {
      question: `question-${this.questions.length + 1}`,
      tokens: random.integer(5, 60),
      delay: random.integer(0, 25),
      ...(random.chance(0.5) ? { tools: random.integer(1, 2), toolMilliseconds: random.integer(20, 400) } : {}),
    };
    const question = askQuestion({
      plan,
      conversationId,
      token: this.cluster.token,
      url: () => this.cluster.node.url,
      ...(first === undefined ? {} : { after: until(async () => first.question.viewers[0]?.start, stuckSeconds) }),
    });
    const killed: KilledQuestion = { question, kills: 0, isOver: false, problem: null };
    question.ended.then(
      () => (killed.isOver = true),
      (thrown: unknown) => (killed.problem = String(thrown)),
    );
    this.questions.push(killed);
    return killed;
  }

  /** Waits until a completion that may still be killed has come to the moment; false when it ended before. */
  async #reach(moment: Moment): Promise<boolean> {
    const able = this.#running.filter(
      ({ question: { plan }, kills }) => kills < maxKills && (moment !== "tool" || plan.tools !== undefined),
    );
    if (able.length === 0) return false;
    const target = this.#random.pick(able);
    const isThere = this.#conditionOf(moment, target);
    const delay = this.#random.integer(0, moment === "tool" ? 200 : 15);
    await until(async () => target.isOver || isThere(), momentSeconds).catch(() => {});
    if (target.isOver || !isThere()) return false;
    if (delay > 3) await sleep(delay);
    return this.#running.length > 0 && this.#running.every(({ kills }) => kills < maxKills);
  }

  #conditionOf(moment: Moment, { question: { plan, viewers } }: KilledQuestion): () => boolean {
    const calls = () => this.cluster.provider.callsOf(plan.question);
    switch (moment) {
      case "start":
        return () => viewers[0]?.start !== null;
      case "token": {
        const count = this.#random.integer(1, plan.tokens);
        return () => (viewers[0]?.tokens ?? 0) >= count;
      }
      case "told": {
        const before = calls().length;
        return () =>
          calls()
            .slice(before)
            .some(({ isTold }) => isTold);
      }
      case "tool":
        return () => {
          const starts = this.cluster.tools.starts();
          return calls().some(({ callIds }) => callIds.some((id) => starts.includes(id)));
        };
    }
  }

  async #kill(moment: Moment): Promise<void> {
    this.#noteRecoveries();
    await this.cluster.node.end("SIGKILL");
    this.kills += 1;
    this.moments.push(moment);
    for (const killed of this.#running) {
      killed.kills += 1;
      for (const viewer of killed.question.viewers) viewer.heardAt = null;
    }
  }

  #noteRecoveries(): void {
    for (const { question, kills } of this.questions) {
      const heardAt = question.viewers[0]?.heardAt ?? null;
      if (kills === 0 || heardAt === null || heardAt < this.#readyAt) continue;
      this.recoveries.push(heardAt - this.#readyAt);
    }
  }
}
