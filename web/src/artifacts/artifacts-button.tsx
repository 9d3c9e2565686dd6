import { PanelRight } from "lucide-react";
import { IconButton } from "../ui/button/icon-button.tsx";
import { useArtifactAddress } from "./artifact-address.ts";
import { entryTexts } from "./entry-texts.ts";

/** Shows the artifacts beside the conversation, or hides them. */
export const ArtifactsButton = () => {
  const { shown, open, close } = useArtifactAddress();
  const isOpen = shown !== null;
  return (
    <IconButton
      label={isOpen ? entryTexts.hide : entryTexts.show}
      icon={<PanelRight size={16} strokeWidth={1.5} aria-hidden="true" />}
      aria-expanded={isOpen}
      className="aria-expanded:bg-accent-soft! aria-expanded:text-accent-ink!"
      onClick={() => (isOpen ? close() : open("latest"))}
    />
  );
};
