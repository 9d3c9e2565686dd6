import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../ui/icon-button.tsx";
import { Popover } from "../ui/popover.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { settingsTexts } from "./settings-texts.ts";
import type { Choices } from "./use-choices.ts";

/** The settings of a conversation, behind a button. */
export const ConversationSettings = ({ choices }: { readonly choices: Choices }) => {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      label={settingsTexts.conversation}
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      align="end"
      className="w-[400px]"
      trigger={
        <IconButton
          label={settingsTexts.conversation}
          icon={<SlidersHorizontal size={16} strokeWidth={1.5} aria-hidden="true" />}
        />
      }
    >
      <SettingsForm choices={choices} onClose={() => setIsOpen(false)} />
    </Popover>
  );
};
