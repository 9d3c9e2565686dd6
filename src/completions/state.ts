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

type Moves = Readonly<Record<CompletionEvent, CompletionStatus | null>>;

const none: Moves = {
  claim: null,
  "take-over": null,
  wait: null,
  resume: null,
  finish: null,
  fail: null,
  stop: null,
  cancel: null,
};

/** Where each event leads. Null: it does not apply in this status, and changes nothing. See SPEC.md. */
export const transitions: Readonly<Record<CompletionStatus, Moves>> = {
  queued: { ...none, claim: "running", cancel: "cancelled" },
  // cancelling a completion that has begun is a request to a worker, which answers with `stop`
  running: {
    ...none,
    "take-over": "running",
    wait: "waiting",
    finish: "completed",
    fail: "failed",
    stop: "cancelled",
    cancel: "running",
  },
  waiting: { ...none, resume: "running", cancel: "running" },
  completed: none,
  failed: none,
  cancelled: none,
};

/** The statuses in which an event applies: the `where` of the statement that carries it out. */
export const sources = (event: CompletionEvent): CompletionStatus[] =>
  statuses.filter((status) => transitions[status][event] !== null);

/** Crashes after which a completion is ended as `failed` instead of being tried again. */
export const maxCrashes = 3;
