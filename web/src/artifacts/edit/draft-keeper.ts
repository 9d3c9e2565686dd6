import { writeEditDraft, type EditDraft } from "./edit-draft.ts";

const pauseMs = 250;

type ReadDraft = () => Omit<EditDraft, "changedAt">;

/** Keeps what is written on this device: soon after each change, and at once when the page is left. */
export class DraftKeeper {
  readonly #artifactId: string;
  #read: ReadDraft | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(artifactId: string) {
    this.#artifactId = artifactId;
  }

  /** Looks out for the page being left, until the returned function is called. */
  open(): () => void {
    const closing = new AbortController();
    const { signal } = closing;
    addEventListener("pagehide", () => this.#keep(), { signal });
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
    this.#read = null;
    await writeEditDraft(this.#artifactId, null);
  }

  #keep(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const read = this.#read;
    this.#read = null;
    if (read !== null) void writeEditDraft(this.#artifactId, { ...read(), changedAt: new Date().toISOString() });
  }
}
