import { writeEditDraft, writeEditDraftNow, type EditDraft } from "./edit-draft.ts";

const pauseMs = 250;

type ReadDraft = () => EditDraft;

/** Keeps what is written on this device: soon after each change, and at once when the page is left. */
export class DraftKeeper {
  readonly #artifactId: string;
  #read: ReadDraft | null = null;
  /** On its way to the database, which may not come to an end when the page is left. */
  #unwritten: EditDraft | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(artifactId: string) {
    this.#artifactId = artifactId;
  }

  /** Looks out for the page being left, until the returned function is called. */
  open(): () => void {
    const closing = new AbortController();
    const { signal } = closing;
    addEventListener("pagehide", () => this.#keepNow(), { signal });
    document.addEventListener("visibilitychange", () => this.#keep(), { signal });
    return () => {
      this.#keep();
      closing.abort();
    };
  }

  note(read: ReadDraft): void {
    this.#read = read;
    this.#timer ??= setTimeout(() => this.#keep(), pauseMs);
  }

  /** It is saved, or not wanted. */
  async forget(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#read = null;
    this.#unwritten = null;
    await writeEditDraft(this.#artifactId, null);
  }

  #take(): EditDraft | null {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const read = this.#read;
    this.#read = null;
    if (read !== null) this.#unwritten = read();
    return this.#unwritten;
  }

  #keep(): void {
    const draft = this.#take();
    if (draft === null) return;
    void writeEditDraft(this.#artifactId, draft).then(() => {
      if (this.#unwritten === draft) this.#unwritten = null;
    });
  }

  #keepNow(): void {
    const draft = this.#take();
    if (draft !== null) writeEditDraftNow(this.#artifactId, draft);
  }
}
