import type { UseChatHelpers, UIMessage } from "@ai-sdk/react";

/** What the page lets a test do: all that useChat gives, of its newest render. */
export interface ChatPage {
  readonly helpers: UseChatHelpers<UIMessage>;
  /** Reasons of `onFinish`, oldest first. */
  readonly finishReasons: readonly (string | undefined)[];
}

declare global {
  var chatPage: ChatPage | undefined;
  /** What useChat was asked last; settles when it is done. */
  var chatAction: Promise<void> | undefined;
}
