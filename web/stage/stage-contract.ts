/** What a test or a measurement does with the page. */
export type Stage = Readonly<{
  /** Shows finished messages, then one that is empty. */
  mount: (finished: readonly string[]) => void;
  /** Shows `text` as the last message, now. */
  show: (text: string, isStreaming: boolean) => void;
  /** Lets the tokens come in at a rate per second, painted once a frame; the times of the frames, in ms. */
  stream: (tokens: readonly string[], perSecond: number) => Promise<readonly number[]>;
}>;
