import { ChevronRight } from "lucide-react";
import type { ArtifactReference } from "natter/client";
import { useThread } from "../../thread/thread-context.ts";
import { useArtifactAddress } from "../artifact-address.ts";
import { artifactTexts } from "../artifact-texts.ts";
import { KindIcon } from "../kind-icon.tsx";
import { useArtifactList } from "../data/use-artifacts.ts";

/** Names the version of an artifact that an answer wrote, and opens it beside the conversation. */
export const ArtifactCard = ({ artifact }: { readonly artifact: ArtifactReference }) => {
  const { shown, open, close } = useArtifactAddress();
  const { artifactId, title, kind, version } = artifact;
  const { store } = useThread();
  const isOpen = shown !== null && typeof shown !== "string" && shown.id === artifactId;
  const newest = useArtifactList(store, isOpen).data?.find(({ id }) => id === artifactId)?.version;
  const isShown = isOpen && (shown.version ?? newest) === version;
  return (
    <button
      type="button"
      aria-expanded={isShown}
      onClick={() => (isShown ? close() : open({ id: artifactId, version }))}
      className="flex w-full items-center gap-3 rounded-medium border border-line bg-surface p-2.5 pe-3 text-start transition-colors duration-(--fast) hover:border-edge aria-expanded:border-accent"
    >
      <span className="grid size-[34px] shrink-0 place-items-center rounded-small bg-accent-soft">
        <KindIcon kind={kind} size={18} />
      </span>
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate font-semibold">
          {title}
        </span>
        <span className="block text-12 text-text-3">
          {artifactTexts.kinds[kind]} · {artifactTexts.version(version)}
        </span>
      </span>
      <span className="flex shrink-0 items-center gap-1 text-13 font-[570] text-accent-ink">
        {isShown ? artifactTexts.shut : artifactTexts.open}
        <ChevronRight size={13} strokeWidth={1.75} aria-hidden="true" className="rtl:rotate-180" />
      </span>
    </button>
  );
};
