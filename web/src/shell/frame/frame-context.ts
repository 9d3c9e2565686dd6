import type { ShareTarget } from "../../sharing/share-target.ts";
import { createContext, useContext } from "react";

/** What a page asks of the frame around it. */
export interface Frame {
  readonly isSidebarShown: boolean;
  showSidebar(this: void): void;
  startNew(this: void): void;
  /** Asks who else may read a conversation. */
  share(this: void, target: ShareTarget): void;
}

const FrameContext = createContext<Frame | null>(null);

export const FrameProvider = FrameContext.Provider;

export const useFrame = (): Frame => {
  const frame = useContext(FrameContext);
  if (frame === null) throw new Error("useFrame is only for what stands inside FrameProvider");
  return frame;
};
