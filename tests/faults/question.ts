import type { Random } from "./random.ts";
import type { AnswerPlan } from "./answer-plan.ts";
import { Viewer, type ViewerOptions } from "./viewer.ts";

/** A message that was sent, and those who watch its answer: the first is the one who sent it. */
export interface Question {
  readonly plan: AnswerPlan;
  readonly conversationId: string;
  readonly viewers: readonly Viewer[];
  /** Settles when all viewers have seen the end. */
  readonly ended: Promise<void>;
}

export interface QuestionOptions extends Pick<ViewerOptions, "token" | "cutAfter" | "pause" | "patience"> {
  readonly plan: AnswerPlan;
  readonly conversationId: string;
  /** The server that a viewer's next connection goes to. */
  readonly url: () => string;
  /** Viewers besides the one who sends. */
  readonly others?: number;
  /** Resolves when it may be sent. */
  readonly after?: Promise<unknown>;
  /** Told when the sender knows that it was accepted. */
  readonly accepted?: () => void;
}

const watchAll = async (sender: Viewer, others: readonly Viewer[], { after, accepted }: QuestionOptions) => {
  await after;
  const sent = sender.run();
  while (sender.start === null) await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, 5))]);
  accepted?.();
  await Promise.all([sent, ...others.map((other) => other.run())]);
};

/** Sends a question and watches its answer, through whatever happens, to the end. */
export const askQuestion = (options: QuestionOptions): Question => {
  const { plan, conversationId, others: count = 0 } = options;
  const { token, url, cutAfter, pause, patience } = options;
  const connection = {
    token,
    url,
    ...(cutAfter === undefined ? {} : { cutAfter }),
    ...(pause === undefined ? {} : { pause }),
    ...(patience === undefined ? {} : { patience }),
  };
  const body = { conversationId, message: { text: JSON.stringify(plan) } };
  const sender = new Viewer({ ...connection, send: { body, key: plan.question } });
  const others = Array.from(
    { length: count },
    () => new Viewer({ ...connection, completionId: () => sender.completionId ?? "" }),
  );
  const ended = watchAll(sender, others, options);
  // whoever waits for it hears of its failure
  ended.catch(() => {});
  return { plan, conversationId, viewers: [sender, ...others], ended };
};

/** A conversation id that no other question of this process has. */
export const createConversationId = (random: Random): string =>
  `conversation-${random.integer(0, 0xffffffff).toString(16)}-${random.integer(0, 0xffffffff).toString(16)}`;
