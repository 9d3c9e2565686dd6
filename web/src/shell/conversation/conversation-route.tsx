import { Suspense, useMemo } from "react";
import { useArtifactAddress } from "../../artifacts/artifact-address.ts";
import { lazyPart } from "../../ui/lazy-part.ts";
import { useMedia } from "../../ui/use-media.ts";
import { ConversationPage } from "./conversation-page.tsx";
import { useFrame } from "../frame/frame-context.ts";
import { useShortcuts } from "../commands/shortcuts.ts";
import { useConversationStore } from "./use-conversation-store.ts";

const ArtifactSide = lazyPart(async () => (await import("../../artifacts/artifact-side.tsx")).ArtifactSide);

const withoutRoom = { besideSidebar: "(max-width: 1079.98px)", alone: "(max-width: 815.98px)" };

/** The conversation of the address, and beside it the artifact of the address; null: a new one. */
export const ConversationRoute = ({ conversationId }: { readonly conversationId: string | null }) => {
  const store = useConversationStore(conversationId);
  const address = useArtifactAddress();
  const { isSidebarShown } = useFrame();
  const isSheet = useMedia(isSidebarShown ? withoutRoom.besideSidebar : withoutRoom.alone);
  const { shown: asked, open, close } = address;
  const shown = conversationId === null ? null : asked;
  const shortcuts = useMemo(
    () => ({ artifact: () => (shown === null ? conversationId !== null && open("latest") : close()) }),
    [shown, conversationId, open, close],
  );
  useShortcuts(shortcuts);
  if (store === null) return null;
  const isBeside = shown !== null && !isSheet;
  return (
    <div
      className={`grid h-full grid-rows-[minmax(0,1fr)] ${isBeside ? "grid-cols-[minmax(0,1fr)_minmax(360px,468px)]" : "grid-cols-[minmax(0,1fr)]"}`}
    >
      <ConversationPage store={store} isNew={conversationId === null} />
      {shown !== null && (
        <Suspense fallback={isBeside && <div className="border-s border-line bg-sunken" />}>
          <ArtifactSide store={store} shown={shown} address={address} isSheet={isSheet} />
        </Suspense>
      )}
    </div>
  );
};
