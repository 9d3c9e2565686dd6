import { setTimeout as sleep } from "node:timers/promises";
import { expireQuestions } from "../completions/approvals/expire.ts";
import { publishHint } from "../completions/hints.ts";
import { claimNext, takeOver, type Claim, type ClaimOptions } from "../completions/claim.ts";
import { listCancelled, prolongLeases } from "../completions/progress.ts";
import { outsideRequests } from "../foundation/request-scope.ts";
import type { CompletionKey } from "../ports/queue.ts";
import { createClaimOptions } from "./claim/claim-options.ts";
import { LogCloser } from "./log/close-logs.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { readKey } from "./claim/key.ts";
import { addLag, noLag, type LogLag } from "./log/log-lag.ts";
import { repeat, type Repetition } from "./claim/repeat.ts";
import { Run } from "./run.ts";

export interface WorkerOptions {
  /** Completions at once, at most. */
  readonly concurrency: number;
  /** Seconds between two looks at the database for what a lost signal would have said. */
  readonly pollSeconds: number;
}

/** What a hand-over may take: one flush, one snapshot, one statement. */
const handOverSeconds = 5;

/** Waits until all have settled, or the time is over. */
const within = async (seconds: number, work: readonly Promise<unknown>[]): Promise<void> => {
  const time = new AbortController();
  const ended = Promise.allSettled(work).then(() => time.abort());
  const over = sleep(seconds * 1000, undefined, { signal: time.signal }).catch(() => {});
  await Promise.race([ended, over]);
};

/** Claims completions and works on them, until it is drained. */
export class Worker {
  readonly #dependencies: EngineDependencies;
  readonly #options: WorkerOptions;
  readonly #claimOptions: ClaimOptions;
  readonly #closer: LogCloser;
  readonly #runs = new Map<string, Run>();
  readonly #claims = new Set<Promise<Claim | null>>();
  /** There may be work that no slot was free for: what comes now has to wait for its turn. */
  #isBehind = false;
  #hasNews = false;
  #isDraining = false;
  #subscriptions: (() => void)[] = [];
  #repetitions: Repetition[] = [];

  constructor(dependencies: EngineDependencies, options: WorkerOptions) {
    this.#dependencies = dependencies;
    this.#options = options;
    this.#claimOptions = createClaimOptions(dependencies);
    this.#closer = new LogCloser(dependencies);
  }

  /** Completions that it works on now. */
  get running(): number {
    return this.#runs.size;
  }

  /** What all of them have said and their logs have not acknowledged yet. */
  get lag(): LogLag {
    return [...this.#runs.values()].reduce((sum, run) => addLag(sum, run.lag), noLag);
  }

  async start(): Promise<void> {
    const { queue, signals, leaseSeconds } = this.#dependencies;
    this.#subscriptions = [
      await signals.subscribe("cancel", (payload) => void this.#hearCancel(readKey(payload))),
      await signals.subscribe("resume", () => void this.#claimExpired()),
      await queue.consume((key) => (key === undefined ? void this.#catchUp() : this.#claimKey(key))),
    ];
    this.#repetitions = [
      repeat(this.#options.pollSeconds * 1000, () => this.#poll(), this.#warn("polling")),
      repeat((leaseSeconds * 1000) / 3, () => this.#renew(), this.#warn("renewing the leases")),
    ];
  }

  /** Claims nothing more, gives what runs `seconds` to end, and hands the rest over. */
  async drain(seconds: number): Promise<void> {
    this.#isDraining = true;
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    // what is being claimed just now becomes a run of this worker, which has to be handed over as well
    await within(handOverSeconds, [...this.#claims]);
    await within(seconds, this.#ends());
    for (const run of this.#runs.values()) run.stop("handed-over");
    await within(handOverSeconds, this.#ends());
    for (const run of this.#runs.values()) run.stop("lost");
    await Promise.all(this.#repetitions.map((repetition) => repetition.stop()));
    await this.#closer.flush();
  }

  #ends(): Promise<void>[] {
    return [...this.#runs.values()].map(({ done }) => done);
  }

  #begin(claim: Claim): void {
    if (claim.revision !== null)
      publishHint(this.#dependencies.signals, claim.revision, { kind: "completion", id: claim.completionId });
    // an earlier claim of the same completion may still be winding up here
    this.#runs.get(claim.completionId)?.stop("lost");
    const run = outsideRequests(() => new Run(this.#dependencies, this.#closer, claim));
    this.#runs.set(claim.completionId, run);
    void run.done.then(() => {
      if (this.#runs.get(claim.completionId) === run) this.#runs.delete(claim.completionId);
      if (this.#isBehind) void this.#catchUp();
    });
  }

  /** True when something was claimed. */
  async #claim(label: string, claim: () => Promise<Claim | null>): Promise<boolean> {
    if (this.#isDraining) return false;
    if (this.#isFull()) {
      this.#isBehind = true;
      return false;
    }
    const claiming = this.#dependencies.io(label, claim);
    this.#claims.add(claiming);
    try {
      const claimed = await claiming;
      if (claimed !== null) this.#begin(claimed);
      return claimed !== null;
    } catch (thrown) {
      this.#warn("claiming")(thrown);
      return false;
    } finally {
      this.#claims.delete(claiming);
    }
  }

  #isFull(): boolean {
    return this.#runs.size + this.#claims.size >= this.#options.concurrency;
  }

  async #claimKey(key: CompletionKey): Promise<boolean> {
    this.#hasNews = true;
    if (this.#isBehind) return false;
    return this.#claim("claim.key", () => claimNext(this.#dependencies.database, key, this.#claimOptions));
  }

  /** Claims all that is due and fits. */
  async #catchUp(): Promise<void> {
    const claimOldest = (): Promise<Claim | null> =>
      claimNext(this.#dependencies.database, undefined, this.#claimOptions);
    do {
      this.#hasNews = false;
      while (await this.#claim("claim.next", claimOldest));
    } while (this.#isBehind && this.#hasNews && !this.#isFull());
    this.#isBehind = this.#isFull();
  }

  /** A signal only says where to look: the row decides who is cancelled. */
  async #hearCancel(key: CompletionKey | undefined): Promise<void> {
    if (key === undefined || !this.#runs.has(key.completionId)) return;
    try {
      await this.#stopCancelled();
    } catch (thrown) {
      this.#warn("looking for cancelled completions")(thrown);
    }
  }

  async #stopCancelled(): Promise<void> {
    const { database, io, workerId } = this.#dependencies;
    if (this.#runs.size === 0) return;
    for (const key of await io("cancel.list", () => listCancelled(database, workerId))) {
      this.#runs.get(key.completionId)?.stop("cancelled");
    }
  }

  /** What a dead worker left, what was handed over, and what waited and was answered. */
  #claimExpired(): Promise<boolean> {
    const { database } = this.#dependencies;
    return this.#claim("claim.expired", () => takeOver(database, this.#claimOptions));
  }

  async #poll(): Promise<void> {
    const { database, io, signals } = this.#dependencies;
    while (await this.#claimExpired());
    await this.#stopCancelled();
    await this.#closer.sweep();
    await io("questions.expire", () => expireQuestions(database, signals));
  }

  async #renew(): Promise<void> {
    if (this.#runs.size === 0) return;
    const { database, io } = this.#dependencies;
    const ids = [...this.#runs.keys()];
    for (const held of await io("lease.renew", () => prolongLeases(database, this.#claimOptions.lease, ids))) {
      const run = this.#runs.get(held.completionId);
      if (run !== undefined && run.claim.fence < held.fence) run.stop("lost");
    }
  }

  #warn(what: string): (thrown: unknown) => void {
    return (err) => this.#dependencies.logger.warn({ err }, `${what} failed; it is tried again`);
  }
}
