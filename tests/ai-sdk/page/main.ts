import { useChat, type UIMessage } from "@ai-sdk/react";
import {
  DefaultChatTransport,
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  type FinishReason,
} from "ai";
import { createElement, useEffect } from "react";
import { createRoot } from "react-dom/client";
import "./page-contract.ts";

const parameters = new URLSearchParams(location.search);
const id = parameters.get("id") ?? "";
const finishReasons: (FinishReason | undefined)[] = [];

const told = parameters.get("told");

const transport = new DefaultChatTransport({
  api: "/v1/chat",
  ...(told === null
    ? {}
    : {
        prepareSendMessagesRequest: ({ messages, trigger, messageId }) => ({
          body: { id, trigger, messageId, messages: messages.slice(-Number(told)) },
        }),
      }),
});

/** The stored branch, from its leaf upwards page by page. */
const load = async (): Promise<UIMessage[]> => {
  const messages: UIMessage[] = [];
  for (let place: string | null = "branch=active"; place !== null;) {
    const response: Response = await fetch(`/v1/conversations/${id}/messages?${place}&limit=200`);
    const page: { data: UIMessage[]; nextCursor: string | null } = await response.json();
    messages.unshift(...page.data.map(({ id: messageId, role, parts }) => ({ id: messageId, role, parts })));
    place = page.nextCursor === null ? null : `cursor=${page.nextCursor}`;
  }
  return messages;
};

const textOf = ({ parts }: UIMessage): string =>
  parts.map((part) => (part.type === "text" ? part.text : part.type === "file" ? `[${part.mediaType}]` : "")).join("");

/** What an application says that lets people decide: go on when all that was asked in an answer is answered. */
const goesOn = ({ messages }: { messages: UIMessage[] }): boolean =>
  lastAssistantMessageIsCompleteWithApprovalResponses({ messages }) ||
  lastAssistantMessageIsCompleteWithToolCalls({ messages });

const Chat = ({ messages }: { readonly messages: UIMessage[] }) => {
  const helpers = useChat({
    id,
    messages,
    transport,
    resume: parameters.has("resume"),
    onFinish: ({ finishReason }) => void finishReasons.push(finishReason),
    ...(parameters.has("decides") ? { sendAutomaticallyWhen: goesOn } : {}),
    ...(parameters.has("auto") ? { sendAutomaticallyWhen: () => finishReasons.length < 5 } : {}),
  });
  useEffect(() => {
    globalThis.chatPage = { helpers, finishReasons };
  });
  return createElement(
    "main",
    {},
    createElement("output", { id: "status" }, helpers.status),
    createElement("output", { id: "error" }, helpers.error?.message),
    createElement(
      "ol",
      {},
      ...helpers.messages
        .slice(-20)
        .map((message) => createElement("li", { key: message.id, className: message.role }, textOf(message))),
    ),
  );
};

const initial = parameters.has("load") ? await load() : [];
createRoot(document.body.appendChild(document.createElement("div"))).render(createElement(Chat, { messages: initial }));
