import { AIMessage, ToolMessage } from "@langchain/core/messages";
import { END, interrupt, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import type { GraphKit, InterruptAnswer } from "natter";

type State = typeof MessagesAnnotation.State;

const lastCall = ({ messages }: State) => {
  const last = messages.at(-1);
  return last instanceof AIMessage ? last.tool_calls?.at(0) : undefined;
};

/** A node of its own for the question: a node that is asked begins again when it is answered. */
const review = (state: State) => {
  const call = lastCall(state);
  if (call?.name !== "book") return {};
  const { approved, reason } = interrupt<unknown, InterruptAnswer>({ book: call.args });
  if (approved) return {};
  const content = `Not approved. ${reason ?? ""}`;
  return { messages: [new ToolMessage({ status: "error", content, tool_call_id: call.id ?? "" })] };
};

/** A model with tools; before it books, a person is asked. */
export const bookingGraph = ({ chatModel, tools }: GraphKit) =>
  new StateGraph(MessagesAnnotation)
    .addNode("agent", async ({ messages }) => ({ messages: [await chatModel().bindTools(tools).invoke(messages)] }))
    .addNode("review", review)
    .addNode("tools", new ToolNode(tools))
    .addEdge(START, "agent")
    .addConditionalEdges("agent", (state) => (lastCall(state) === undefined ? END : "review"), ["review", END])
    .addConditionalEdges("review", (state) => (lastCall(state) === undefined ? "agent" : "tools"), ["agent", "tools"])
    .addEdge("tools", "agent")
    .compile();
