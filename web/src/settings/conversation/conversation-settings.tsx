import { SlidersHorizontal } from "lucide-react";
import { Suspense, useState } from "react";
import { IconButton } from "../../ui/button/icon-button.tsx";
import { lazyPart } from "../../ui/lazy-part.ts";
import { Popover } from "../../ui/overlay/popover.tsx";
import { settingsTexts } from "./settings-texts.ts";
import type { SettingsFormProps } from "./settings-form.tsx";

const SettingsForm = lazyPart(async () => (await import("./settings-form.tsx")).SettingsForm);

/** The settings of a conversation, behind a button. */
export const ConversationSettings = ({
  conversationId,
  choices,
}: Pick<SettingsFormProps, "conversationId" | "choices">) => {
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
      <Suspense>
        {choices.isKnown && (
          <SettingsForm conversationId={conversationId} choices={choices} onClose={() => setIsOpen(false)} />
        )}
      </Suspense>
    </Popover>
  );
};
