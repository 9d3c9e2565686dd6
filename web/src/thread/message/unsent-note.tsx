import type { MessageView } from "natter/client";
import { Button } from "../../ui/button/button.tsx";
import { deskOf } from "../conversation-desk.ts";
import { textOf } from "./part-groups.ts";
import { useThread } from "../thread-context.ts";
import { threadTexts } from "../thread-texts.ts";

/** That a message was refused, why, and how it gets there after all. */
export const UnsentNote = ({ message }: { readonly message: MessageView }) => {
  const { store } = useThread();
  return (
    <div className="flex max-w-[86%] flex-wrap items-center justify-end gap-2 text-13">
      <p className="text-danger">
        {threadTexts.notSent} {message.error?.message}
      </p>
      <Button className="h-[28px] px-2.5 text-13" onClick={() => store.retry(message.id)}>
        {threadTexts.retry}
      </Button>
      <Button
        className="h-[28px] px-2.5 text-13"
        onClick={() => deskOf(store).handBack(textOf(store.discard(message.id)))}
      >
        {threadTexts.edit}
      </Button>
    </div>
  );
};
