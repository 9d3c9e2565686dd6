/** Where a completion stands. The last three are terminal and never change again. */
export const statuses = ["queued", "running", "waiting", "completed", "failed", "cancelled"] as const;
export type CompletionStatus = (typeof statuses)[number];

/**
 * What can happen to a completion:
 * `claim` a worker takes it · `take-over` another worker takes one whose lease ran out or that was handed over ·
 * `wait` it parks for an answer · `resume` the answer is there · `finish` `fail` `stop` its worker ends it ·
 * `cancel` somebody asks for its end.
 */
export const completionEvents = ["claim", "take-over", "wait", "resume", "finish", "fail", "stop", "cancel"] as const;
export type CompletionEvent = (typeof completionEvents)[number];

/** Null: the event does not apply in this status, and changes nothing. See SPEC.md. */
export const transitions: Readonly<
  Record<CompletionStatus, Readonly<Record<CompletionEvent, CompletionStatus | null>>>
> = {
  queued: {
    claim: "running",
    "take-over": null,
    wait: null,
    resume: null,
    finish: null,
    fail: null,
    stop: null,
    cancel: "cancelled",
  },
  // cancelling a running completion is a request to its worker, which answers with `stop`
  running: {
    claim: null,
    "take-over": "running",
    wait: "waiting",
    resume: null,
    finish: "completed",
    fail: "failed",
    stop: "cancelled",
    cancel: "running",
  },
  waiting: {
    claim: null,
    "take-over": null,
    wait: null,
    resume: "running",
    finish: null,
    fail: null,
    stop: null,
    cancel: "cancelled",
  },
  completed: {
    claim: null,
    "take-over": null,
    wait: null,
    resume: null,
    finish: null,
    fail: null,
    stop: null,
    cancel: null,
  },
  failed: {
    claim: null,
    "take-over": null,
    wait: null,
    resume: null,
    finish: null,
    fail: null,
    stop: null,
    cancel: null,
  },
  cancelled: {
    claim: null,
    "take-over": null,
    wait: null,
    resume: null,
    finish: null,
    fail: null,
    stop: null,
    cancel: null,
  },
};

/** The statuses in which an event applies: the `where` of the statement that carries it out. */
export const sources = (event: CompletionEvent): CompletionStatus[] =>
  statuses.filter((status) => transitions[status][event] !== null);

const terminal: ReadonlySet<CompletionStatus> = new Set(["completed", "failed", "cancelled"]);

export const isTerminal = (status: CompletionStatus): boolean => terminal.has(status);

/** Crashes after which a completion is ended as `failed` instead of being tried again. */
export const maxCrashes = 3;
