/**
 * Lossy wake-ups between nodes: work, cancel, resume, hints. Whoever listens also looks at the database from time to time;
 * a signal only makes it sooner.
 */
export interface Signals {
  /** Tells every listener of the channel on every node, this one included. Returns at once; a failure is only logged. Payload: at most 4,000 bytes of text. */
  publish(channel: SignalChannel, payload: string): void;
  /** Calls `listener` for each signal from now on, in the order of each publisher. Listeners on the publishing node are called without a network round trip, once per signal. */
  subscribe(channel: SignalChannel, listener: (payload: string) => void): Promise<Unsubscribe>;
  close(): Promise<void>;
}

export type Unsubscribe = () => void;

/** `work`: a completion may be due (payload: its key). `cancel`: one should stop (its key). `resume`: one that waited can go on (its key). `hint`: something that a person sees has changed (JSON). `background`: an execution of a background tool was stored, or ended from outside (its key). `presence`: who looks at a conversation on a node (JSON). `standing`: what a user may do has changed (the user's id). */
export type SignalChannel = "work" | "cancel" | "resume" | "hint" | "presence" | "standing" | "background";
