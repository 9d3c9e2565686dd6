import { RequestError, type Artifact, type Client } from "natter/client";
import { onForget } from "../../kept/forget.ts";
import { messageOf } from "../../ui/message-of.ts";
import { DraftKeeper } from "./draft-keeper.ts";
import { writeEditDraft, type EditDraft } from "./edit-draft.ts";
import { mergeTexts } from "./merge-texts.ts";

/** Where an edit stands. */
export interface EditState {
  /** The version that a save follows. */
  readonly base: Artifact;
  /** What the editor begins with. */
  readonly text: string;
  /** Counts the texts that it began with. */
  readonly round: number;
  /** What another version says that was merged; null: nothing is compared. */
  readonly theirs: string | null;
  /** Whether both changed the same place. */
  readonly hasClash: boolean;
  readonly title: string;
  readonly isChanged: boolean;
  readonly characters: number;
  readonly phase: "editing" | "saving" | "gone";
  /** The version that was written while one went on; null: none. */
  readonly saved: number | null;
  /** Why the last save failed. */
  readonly error: string | null;
}

export interface EditOptions {
  readonly client: Client;
  /** The version that the text follows. */
  readonly base: Artifact;
  /** What was written before and not saved. */
  readonly draft: EditDraft | null;
  /** Told of each version that is written, also when nobody listens any more. */
  readonly onSaved: (saved: Artifact) => void;
  /** Nothing is left to do here. Absent: nothing was written. */
  readonly onDone: (saved?: Artifact) => void;
}

const alone = { isCompared: false, hasClash: false };

type Written = Pick<Artifact, "title" | "content">;

const isSame = (left: Written, right: Written): boolean => left.title === right.title && left.content === right.content;

const hasStatus = (error: unknown, status: number): boolean => error instanceof RequestError && error.status === status;

/** With the ends of lines that it had: the editor knows one kind only. */
const asWritten = (text: string, { content }: Artifact): string =>
  content.includes("\r\n") ? text.replaceAll(/\r?\n/g, "\r\n") : text;

/** What a person does to a text until it is a version: kept on this device meanwhile, and never written over another's. */
export class EditSession {
  readonly #options: EditOptions;
  readonly #keeper: DraftKeeper;
  readonly #listeners = new Set<() => void>();
  #state: EditState;
  #read: () => string;

  constructor(options: EditOptions) {
    const { base, draft } = options;
    this.#options = options;
    this.#keeper = new DraftKeeper(base.id);
    const text = draft?.text ?? base.content;
    this.#read = () => text;
    this.#state = {
      base,
      text,
      round: 0,
      theirs: draft?.isCompared === true ? base.content : null,
      hasClash: draft?.hasClash ?? false,
      title: draft?.title ?? base.title,
      isChanged: draft !== null,
      characters: text.length,
      phase: "editing",
      saved: null,
      error: null,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): EditState => this.#state;

  readonly setTitle = (title: string): void => {
    this.#update({ title, isChanged: true });
    this.#keep();
  };

  /** Told of each change of the text; `read` answers all of it. */
  readonly change = (read: () => string): void => {
    this.#read = read;
    this.#update({ isChanged: true, characters: read().length });
    this.#keep();
  };

  /** Writes a new version; where there is one already, shows both. */
  readonly save = (): void => void this.#attempt(() => this.#save());

  /** Puts the newest version and what was written together. */
  readonly merge = (): void => void this.#attempt(() => this.#merge());

  readonly saveAsNew = (conversationId: string): void =>
    void this.#attempt(async () => {
      const { kind, language } = this.#state.base;
      const named = language === null ? {} : { language };
      const written = this.#written();
      const made = await this.#options.client.artifacts.create(conversationId, { kind, ...written, ...named });
      this.#options.onSaved(made);
      if (!isSame(this.#written(), written)) await writeEditDraft(made.id, { ...this.#draft(made.version), ...alone });
      await this.#end(made);
    });

  /** Ends it, and forgets what was written. */
  readonly discard = (): void => void this.#end();

  /** Until the returned function is called. */
  open(): () => void {
    const close = this.#keeper.open();
    const stop = onForget(async () => {
      if (this.#state.isChanged) await this.#end();
    });
    return () => {
      stop();
      close();
    };
  }

  #written(): Written {
    return { title: this.#state.title.trim(), content: asWritten(this.#read(), this.#state.base) };
  }

  #draft(base: number): EditDraft {
    const { title, theirs, hasClash } = this.#state;
    const { kind, language } = this.#state.base;
    const changedAt = new Date().toISOString();
    return { base, kind, language, title, text: this.#read(), isCompared: theirs !== null, hasClash, changedAt };
  }

  #update(change: Partial<EditState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  #keep(): void {
    this.#keeper.note(() => this.#draft(this.#state.base.version));
  }

  async #end(saved?: Artifact): Promise<void> {
    if (this.#state.isChanged) await this.#keeper.forget();
    if (this.#listeners.size > 0) this.#options.onDone(saved);
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    if (this.#state.phase === "saving") return;
    this.#update({ phase: "saving", error: null });
    try {
      await work();
      this.#update({ phase: "editing" });
    } catch (thrown) {
      const isGone = hasStatus(thrown, 404);
      this.#update({ phase: isGone ? "gone" : "editing", error: isGone ? null : messageOf(thrown) });
    }
  }

  async #save(): Promise<void> {
    const { base } = this.#state;
    const written = this.#written();
    if (isSame(written, base)) return this.#end();
    try {
      const seen = { version: base.version };
      await this.#follow(await this.#options.client.artifacts.change(base.id, written, seen), written);
    } catch (thrown) {
      if (!hasStatus(thrown, 412)) throw thrown;
      await this.#merge();
    }
  }

  /** A version is written; whoever wrote on meanwhile goes on from it. */
  async #follow(saved: Artifact, written: Written): Promise<void> {
    const isAll = isSame(this.#written(), written);
    const { theirs, round } = this.#state;
    const next = theirs === null ? {} : { text: this.#read(), round: round + 1, theirs: null, hasClash: false };
    this.#options.onSaved(saved);
    this.#update({ base: saved, saved: saved.version, ...(isAll ? {} : next) });
    if (isAll) return this.#end(saved);
    this.#keep();
  }

  async #merge(): Promise<void> {
    const theirs = await this.#options.client.artifacts.get(this.#state.base.id);
    const { base, title, round } = this.#state;
    const { text, hasClash } = mergeTexts(base.content, this.#written().content, theirs.content);
    this.#read = () => text;
    this.#update({
      base: theirs,
      text,
      round: round + 1,
      theirs: theirs.content,
      hasClash,
      title: title === base.title ? theirs.title : title,
      characters: text.length,
      isChanged: true,
      saved: null,
    });
    this.#keep();
  }
}
