import { ThumbsDown, ThumbsUp } from "lucide-react";
import type { MessageView } from "natter/client";
import { useState } from "react";
import { Popover } from "../../ui/overlay/popover.tsx";
import { ActionButton } from "../../ui/button/action-button.tsx";
import { notifyFailure } from "./use-answer-again.ts";
import { useThread } from "../thread-context.ts";
import { threadTexts } from "../thread-texts.ts";
import { VoteReason } from "./vote-reason.tsx";

const icon = { size: 16, strokeWidth: 1.5 };

/** Good or bad, and for bad why, if the person wants to say it. */
export const VoteButtons = ({ message: { id, vote } }: { readonly message: MessageView }) => {
  const { store } = useThread();
  const [isAsked, setIsAsked] = useState(false);
  const cast = (value: "up" | "down" | null, reason?: string): void =>
    void store.vote(id, value, reason).catch(notifyFailure);
  return (
    <>
      <ActionButton
        label={threadTexts.good}
        icon={<ThumbsUp {...icon} />}
        aria-pressed={vote === "up"}
        onClick={() => cast(vote === "up" ? null : "up")}
      />
      <Popover
        label={threadTexts.why}
        isOpen={isAsked}
        onOpenChange={(isOpen) => {
          if (isOpen && vote === "down") return cast(null);
          if (isOpen) cast("down");
          setIsAsked(isOpen);
        }}
        trigger={
          <ActionButton label={threadTexts.bad} icon={<ThumbsDown {...icon} />} aria-pressed={vote === "down"} />
        }
      >
        <VoteReason
          onSend={(reason) => {
            setIsAsked(false);
            if (reason !== "") cast("down", reason);
          }}
        />
      </Popover>
    </>
  );
};
