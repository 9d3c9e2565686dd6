import { Paperclip } from "lucide-react";
import { useRef } from "react";
import { IconButton } from "../../ui/button/icon-button.tsx";
import { composerTexts } from "../composer-texts.ts";

/** Chooses files to take along. */
export const AttachButton = ({ onFiles }: { readonly onFiles: (files: Iterable<File>) => void }) => {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // the same file may be chosen again
          currentTarget.value = "";
        }}
      />
      <IconButton
        label={composerTexts.attach}
        icon={<Paperclip size={16} strokeWidth={1.5} />}
        onClick={() => input.current?.click()}
      />
    </>
  );
};
