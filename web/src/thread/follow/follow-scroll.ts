import { findPlace, movedBy, topOf, type Place } from "./reading-place.ts";
import { followAtStart, nextFollow, spaceBelow, turnMargin, type FollowEvent } from "./follow-state.ts";

export interface ThreadElements {
  /** What scrolls. */
  readonly region: HTMLElement;
  /** What grows: the messages. */
  readonly content: HTMLElement;
  /** The room below them. */
  readonly spacer: HTMLElement;
}

const awayKeys: ReadonlySet<string> = new Set(["PageUp", "Home", "ArrowUp"]);
/** Whether the browser can hold a place by itself; it does so without breaking off a scroll that is under way. */
const holdsPlace = CSS.supports("overflow-anchor", "auto");
/** Milliseconds after its last event in which a scroll may be under way. */
const underWay = 150;
/** Milliseconds in which a scroll that was under way before may still go on, after the person was called back to the end. */
const fadingOut = 300;
/** Below this there is nothing to jump to. */
const nearlyThere = 8;

const isEditable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("textarea, input, select, [contenteditable]");

const selectsIn = (region: HTMLElement): boolean => {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && region.contains(selection.anchorNode);
};

/** Keeps the end of a thread in sight, or the place where a person reads, whatever the content does. */
export class FollowScroll {
  readonly #elements: ThreadElements;
  readonly #onChange: (isAway: boolean) => void;
  readonly #observer: ResizeObserver;
  readonly #closed = new AbortController();
  #state = followAtStart;
  #place: Place | null = null;
  #turn: HTMLElement | null = null;
  #isAway = false;
  #scrolledAt = 0;
  #calledAt = 0;

  /** `onChange` is told whether there is a way back to the end to offer. */
  constructor(elements: ThreadElements, onChange: (isAway: boolean) => void) {
    this.#elements = elements;
    this.#onChange = onChange;
    // runs after layout and before paint, so that nobody sees a frame in between
    this.#observer = new ResizeObserver(() => this.#settle());
    this.#observer.observe(elements.region);
    this.#observer.observe(elements.content);
    elements.region.toggleAttribute("data-following", true);
    this.#listen();
  }

  /** Goes to the end and stays there. */
  jump(): void {
    this.#calledAt = performance.now();
    this.#take({ type: "called-back" });
    this.#settle();
  }

  /** Gives a message room to stand at the upper edge with its answer; `isOwn`: and goes there, wherever the person reads. */
  turnTo(message: HTMLElement, isOwn: boolean): void {
    this.#turn = message;
    if (isOwn) this.jump();
    else this.#settle();
  }

  /** Leaves the end, to read from a message on. */
  readFrom(message: HTMLElement): void {
    const { region } = this.#elements;
    this.#take({ type: "turned-away" });
    region.scrollTop = message.offsetTop - turnMargin;
    // held while what stands above it gets its real height
    this.#place = { element: message, offset: topOf(message) - topOf(region) };
    this.#scrolledAt = 0;
    this.#settle();
  }

  close(): void {
    this.#closed.abort();
    this.#observer.disconnect();
  }

  get #distance(): number {
    const { scrollHeight, clientHeight, scrollTop } = this.#elements.region;
    return scrollHeight - clientHeight - scrollTop;
  }

  /** At the very top no browser does. */
  get #isHeldByBrowser(): boolean {
    const isUnderWay = performance.now() - this.#scrolledAt < underWay;
    return holdsPlace && isUnderWay && this.#elements.region.scrollTop > 0;
  }

  #take(event: FollowEvent): void {
    const { region, content } = this.#elements;
    const { isFollowing, top } = this.#state;
    this.#state = nextFollow(this.#state, event);
    if (isFollowing !== this.#state.isFollowing) region.toggleAttribute("data-following", this.#state.isFollowing);
    // where the content put the thread nobody has begun to read
    const isOwn = event.type === "placed" || (event.type === "scrolled" && event.top === top);
    if (!this.#state.isFollowing && !isOwn) this.#place = findPlace(region, content);
    const isAway = !this.#state.isFollowing && this.#distance > nearlyThere;
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    this.#onChange(isAway);
  }

  /** Puts the thread where it belongs after something in it changed its size. */
  #settle(): void {
    const { region, spacer } = this.#elements;
    if (this.#turn?.isConnected === true) {
      const sizes = { viewport: region.clientHeight, turnTop: this.#turn.offsetTop, contentEnd: spacer.offsetTop };
      spacer.style.height = `${spaceBelow(sizes)}px`;
    }
    if (this.#state.isFollowing) region.scrollTop = region.scrollHeight;
    else if (this.#place !== null && !this.#isHeldByBrowser) {
      const moved = movedBy(region, this.#place);
      if (Math.abs(moved) >= 0.5) region.scrollTop += moved;
    }
    this.#take({ type: "placed", top: region.scrollTop });
  }

  #listen(): void {
    const { region } = this.#elements;
    const { signal } = this.#closed;
    const passive = { passive: true, signal };
    const turnAway = (): void => this.#take({ type: "turned-away" });
    const release = (): void => this.#take({ type: "released", distance: this.#distance });
    region.addEventListener("scroll", () => this.#scrolled(region.scrollTop), passive);
    region.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && turnAway(), passive);
    region.addEventListener("touchmove", () => this.#take({ type: "touched" }), passive);
    region.addEventListener("touchend", release, passive);
    region.addEventListener("touchcancel", release, passive);
    region.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    document.addEventListener("selectionchange", () => selectsIn(region) && turnAway(), { signal });
  }

  #scrolled(top: number): void {
    if (this.#state.isFollowing && performance.now() - this.#calledAt < fadingOut) return this.#settle();
    if (top !== this.#state.top) this.#scrolledAt = performance.now();
    this.#take({ type: "scrolled", top, distance: this.#distance });
  }

  #pressed(event: KeyboardEvent): void {
    if (isEditable(event.target)) return;
    if (awayKeys.has(event.key)) this.#take({ type: "turned-away" });
    if (event.key !== "End") return;
    // the browser's own way there would be one more scroll, in the middle of what comes next
    event.preventDefault();
    this.jump();
  }
}
