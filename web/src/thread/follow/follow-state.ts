/** Whether the thread keeps its end in sight. What the person does decides it, never what arrives. */
export interface FollowState {
  readonly isFollowing: boolean;
  /** A finger is on the thread. */
  readonly isHeld: boolean;
  /** Where the thread was scrolled to when it was last known, in pixels. */
  readonly top: number;
}

/** `distance`: pixels between what is shown and the end. */
export type FollowEvent =
  | { readonly type: "scrolled"; readonly top: number; readonly distance: number }
  /** Scrolled by us or by the browser, because content grew or shrank. */
  | { readonly type: "placed"; readonly top: number }
  /** Wheel up, PgUp, Home, ↑, or something was selected. */
  | { readonly type: "turned-away" }
  | { readonly type: "touched" }
  | { readonly type: "released"; readonly distance: number }
  /** Jump to latest, End, or a message was sent. */
  | { readonly type: "called-back" };

const nearEnd = 80;

export const followAtStart: FollowState = { isFollowing: true, isHeld: false, top: 0 };

const scrolled = (state: FollowState, top: number, distance: number): FollowState => {
  const moved = top - state.top;
  if (state.isHeld || moved === 0) return { ...state, top };
  if (moved > 0) return { ...state, top, isFollowing: state.isFollowing || distance <= nearEnd };
  // content that shrinks pushes the thread up to its very end; a person who drags the scroll bar leaves it
  return { ...state, top, isFollowing: state.isFollowing && distance <= 1 };
};

export const nextFollow = (state: FollowState, event: FollowEvent): FollowState => {
  switch (event.type) {
    case "scrolled":
      return scrolled(state, event.top, event.distance);
    case "placed":
      return { ...state, top: event.top };
    case "turned-away":
      return { ...state, isFollowing: false };
    case "touched":
      return { ...state, isFollowing: false, isHeld: true };
    case "released":
      return { ...state, isHeld: false, isFollowing: state.isFollowing || event.distance <= 1 };
    case "called-back":
      return { ...state, isFollowing: true };
  }
};

/** How far under the upper edge a message that was just sent is shown, in pixels. */
export const turnMargin = 24;

/** The room to leave below the answer, so that its question can be at the upper edge while the end is in sight. */
export const spaceBelow = ({
  viewport,
  turnTop,
  contentEnd,
}: {
  readonly viewport: number;
  readonly turnTop: number;
  readonly contentEnd: number;
}): number => Math.max(0, viewport - turnMargin - (contentEnd - turnTop));
